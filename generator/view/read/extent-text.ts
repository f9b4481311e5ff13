import type { Expr, Extent, Process } from '../../../spec/index.ts';
import type { Scope } from '../../expression/context.ts';
import { compileExpr, isWide } from '../../expression/compile.ts';
import { PRECEDENCE, within } from '../../lua/lua-expr.ts';
import { luaBytes, luaString } from '../../lua/lua-text.ts';
import { constantInt } from '../../plan/extents.ts';
import { Unsupported } from '../../unsupported.ts';
import type { ViewContext } from '../view-context.ts';

/** How far a field goes. */
export interface Bounds {
  /** Lua that gives the position behind it; with `twoEnds` first the end of its value. */
  readonly text: string;
  readonly twoEnds: boolean;
}

export function boundsOf(
  context: ViewContext,
  scope: Scope,
  extent: Extent,
  behind: number | null = null,
): Bounds {
  const { helpers } = context;
  const trims = extent.terminator !== null || extent.padRight !== null;
  switch (extent.length.kind) {
    case 'size': {
      const next = `${helpers.use('skip')}(io, at, ${octetCount(context, scope, extent.length.octets)}${behind === null ? '' : `, ${String(behind)}`})`;
      return trims ? { text: trimmed(context, extent, next), twoEnds: true } : { text: next, twoEnds: false };
    }
    case 'rest':
      return trims
        ? { text: trimmed(context, extent, '#io.bytes + 1'), twoEnds: true }
        : { text: '#io.bytes + 1', twoEnds: false };
    case 'terminated': {
      const options = `${luaBytes(extent.terminator ?? Uint8Array.of(0))}, ${String(extent.include)}, ${String(extent.consume)}, ${String(extent.eosError)}`;
      return { text: `${helpers.use('find_terminator')}(io, at, ${options})`, twoEnds: true };
    }
  }
}

/** Inside a known length a missing terminator is no error; padding is stripped only when there was none. */
function trimmed(context: ViewContext, extent: Extent, next: string): string {
  const terminator = extent.terminator === null ? 'nil' : luaBytes(extent.terminator);
  const padding = extent.padRight === null ? 'nil' : String(extent.padRight);
  return `${context.helpers.use('trim')}(io, at, ${next}, ${terminator}, ${String(extent.include)}, ${padding})`;
}

/** A number of octets: never negative, never more than a Lua number holds exactly. */
export function octetCount(context: ViewContext, scope: Scope, expr: Expr): string {
  const constant = constantInt(expr);
  if (constant !== null && constant >= 0) return String(constant);
  const text = compileExpr(context, scope, expr);
  const certain = expr.type.kind === 'int' && !isWide(expr.type) && expr.type.min >= 0n;
  return certain ? within(text, PRECEDENCE.or) : `${context.helpers.use('octet_count')}(${text.text})`;
}

/** Whether a process is one that the spec declares; its data may turn out not to be had. */
export function inflates(context: ViewContext, process: Process | null): boolean {
  const { processes } = context.plan.protocol;
  return process?.kind === 'custom' && processes.some(({ name }) => name === process.name);
}

/** Data derived from octets. @throws Unsupported */
export function processed(context: ViewContext, scope: Scope, process: Process | null, data: string): string {
  if (process === null) return data;
  switch (process.kind) {
    case 'xor': {
      const key = compileExpr(context, scope, process.key);
      const text = process.key.type.kind === 'bytes' ? key.text : `char(${key.text})`;
      return `${context.helpers.use('xor')}(${data}, ${text})`;
    }
    case 'rotate': {
      const bits = compileExpr(context, scope, process.bits);
      const left = process.direction === 'left' ? bits.text : `8 - ${within(bits, PRECEDENCE.add + 1)}`;
      return `${context.helpers.use('rotate')}(${data}, ${left})`;
    }
    case 'zlib':
      throw new Unsupported('process: zlib');
    case 'custom':
      if (!inflates(context, process)) throw new Unsupported(`process: ${process.name}`);
      return `state.inflate(o, ${luaString(process.name)}, ${data})`;
  }
}
