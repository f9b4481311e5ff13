import type { ExprText, TypeUse } from '../syntax/spec-ast.ts';
import type { WireState } from '../syntax/wireshark-state-ast.ts';
import { typeUsesOf } from './resolve-types.ts';
import type { MemberSymbol, TypeSymbol } from './symbols.ts';

/** Expressions of a type that belong to none of its members. */
export function typeExpressions(symbol: TypeSymbol): readonly ExprText[] {
  const { meta, toStringExpr, wire } = symbol.decl;
  const endian =
    meta.endian?.kind === 'switch' ? [meta.endian.on, ...meta.endian.cases.map((one) => one.value)] : [];
  const checks = wire?.checks.map((check) => check.expect) ?? [];
  const sets = wire?.sets.map((change) => change.value) ?? [];
  const state = symbol.up === undefined ? stateExpressions(symbol.file.wire?.state) : [];
  return [...endian, toStringExpr, wire?.info, ...checks, ...sets, ...state].filter(
    (text) => text !== undefined,
  );
}

type Optional = ExprText | undefined;

/** Those of the keys about more than one PDU, but for the arguments of the message's type. */
function stateExpressions(state: WireState | undefined): readonly Optional[] {
  if (state === undefined) return [];
  const { processes, reassembly, recovery, pairing } = state;
  return [
    ...processes.flatMap((process) => [process.reset, process.windowBits]),
    ...(reassembly === undefined
      ? []
      : [reassembly.part, reassembly.first, reassembly.last, reassembly.data]),
    ...(reassembly === undefined ? [] : argumentsOf(reassembly.type)),
    ...(recovery === undefined ? [] : [recovery.accept, recovery.fromClient]),
    ...(pairing === undefined ? [] : [pairing.key, pairing.request, pairing.response]),
  ];
}

/** Every expression of an attribute or instance. */
export function memberExpressions(member: Exclude<MemberSymbol, { kind: 'param' }>): readonly ExprText[] {
  const { decl } = member;
  const { repeat, process, parent, type, valid } = decl;
  const instance = 'value' in decl ? [decl.value, decl.pos, decl.io] : [];
  const uses = typeUsesOf(member);
  const cases = type !== undefined && 'on' in type ? [type.on, ...type.cases.map((one) => one.value)] : [];
  const all: readonly Optional[] = [
    ...instance,
    ...cases,
    ...uses.flatMap(argumentsOf),
    decl.size,
    decl.when,
    repeat.kind === 'count' ? repeat.count : repeat.kind === 'until' ? repeat.until : undefined,
    ...(process === undefined ? [] : processExpressions(process)),
    parent?.kind === 'other' ? parent.object : undefined,
    ...(valid === undefined ? [] : validExpressions(valid.rule)),
    ...decl.wire.aliases.map((alias) => alias.when),
    ...(decl.wire.handover?.tables.map(({ key }) => key) ?? []),
  ];
  return all.filter((text) => text !== undefined);
}

function argumentsOf(use: TypeUse): readonly ExprText[] {
  return use.name.kind === 'user' ? use.name.args : [];
}

function processExpressions(process: NonNullable<MemberSymbolDecl['process']>): readonly Optional[] {
  switch (process.kind) {
    case 'xor':
      return [process.key];
    case 'rotate':
      return [process.bits];
    case 'zlib':
      return [];
    case 'custom':
      return process.args;
  }
}

type MemberSymbolDecl = Exclude<MemberSymbol, { kind: 'param' }>['decl'];

function validExpressions(rule: NonNullable<MemberSymbolDecl['valid']>['rule']): readonly Optional[] {
  switch (rule.kind) {
    case 'equal':
      return [rule.value];
    case 'range':
      return [rule.min, rule.max];
    case 'any-of':
      return rule.values;
    case 'in-enum':
      return [];
    case 'expression':
      return [rule.expr];
  }
}
