import type { Scope } from '../expression/check-context.ts';
import { isPoison } from '../expression/value-types.ts';
import type { AttributeDecl, ProcessDecl } from '../syntax/spec-ast.ts';
import type { Lowering } from './lowering.ts';
import { lowerExpr, reportMismatch } from './lowering.ts';
import type { Extent, Process } from './protocol.ts';

/** `size`, `size-eos`, `terminator` and what goes with them; undefined: none of them is written. */
export function lowerExtent(
  decl: AttributeDecl,
  impliedTerminator: Uint8Array | undefined,
  scope: Scope,
  lowering: Lowering,
): Extent | undefined {
  const terminator = decl.terminator === undefined ? impliedTerminator : Uint8Array.of(decl.terminator.value);
  const length = lowerLength(decl, terminator !== undefined, scope, lowering);
  if (length === undefined) return undefined;
  return {
    length,
    terminator: terminator ?? null,
    include: decl.include,
    consume: decl.consume,
    eosError: decl.eosError,
    padRight: decl.padRight?.value ?? null,
    process: decl.process === undefined ? null : lowerProcess(decl.process, scope, lowering),
  };
}

function lowerLength(
  decl: AttributeDecl,
  terminated: boolean,
  scope: Scope,
  lowering: Lowering,
): Extent['length'] | undefined {
  if (decl.size !== undefined) {
    const octets = lowerExpr(decl.size, { what: 'The size', kind: 'int' }, scope, lowering);
    return { kind: 'size', octets };
  }
  if (decl.sizeEos) return { kind: 'rest' };
  return terminated ? { kind: 'terminated' } : undefined;
}

function lowerProcess(decl: ProcessDecl, scope: Scope, lowering: Lowering): Process {
  switch (decl.kind) {
    case 'xor': {
      const key = lowering.typed.check(decl.key, scope);
      if (key.type.kind !== 'int' && key.type.kind !== 'bytes' && !isPoison(key.type)) {
        const wrong = { what: 'The key of "xor"', expected: 'an integer or octets', found: key.type };
        reportMismatch(decl.place, wrong, lowering);
      }
      return { kind: 'xor', key };
    }
    case 'rotate': {
      const bits = lowerExpr(decl.bits, { what: 'The number of bits', kind: 'int' }, scope, lowering);
      return { kind: 'rotate', direction: decl.direction, bits };
    }
    case 'zlib':
      return { kind: 'zlib' };
    case 'custom':
      return {
        kind: 'custom',
        name: decl.name,
        args: decl.args.map((argument) => lowering.typed.check(argument, scope)),
      };
  }
}
