import type { Scope } from '../expression/check-context.ts';
import type { TypeSymbol } from '../passes/symbols.ts';
import { plainScope } from '../passes/typed-model.ts';
import type { WireCheck } from '../syntax/wireshark-ast.ts';
import type { Lowering } from './lowering.ts';
import { checkVariable, claimRule, lowerExpr } from './lowering.ts';
import type { Check, CheckScope } from './protocol.ts';
import type { StateChange } from './state.ts';

/** `reads` is filled in when all types are known. */
export function lowerChecks(symbol: TypeSymbol, lowering: Lowering): readonly Check[] {
  const scope = { ...plainScope(symbol), wire: true };
  return (symbol.decl.wire?.checks ?? []).map((check) => ({
    id: check.id.value,
    expect: lowerExpr(check.expect, { what: '"expect"', kind: 'bool' }, scope, lowering),
    severity: check.severity,
    scope: scopeOf(check, symbol, lowering),
    message: check.message,
    reference: check.reference,
    filter: claimRule(check.id, lowering),
    doc: check.doc,
    reads: [],
    span: check.place.span,
  }));
}

/** An expression sees one object: of a PDU, or of a message. The other scopes are those of `rules`. */
function scopeOf(check: WireCheck, symbol: TypeSymbol, lowering: Lowering): CheckScope {
  const own = lowering.messageTypes.has(symbol) ? 'message' : 'frame';
  if (check.scope === undefined || check.scope === own) return own;
  const detail =
    check.scope === 'handshake' || check.scope === 'connection'
      ? `A check sees one object: what is about the ${check.scope} is declared under "rules".`
      : `This check has the scope "${own}": its type is part of ${own === 'frame' ? 'PDUs' : 'messages only'}.`;
  lowering.sink.report('spec/key-conflict', check.place, { detail });
  return own;
}

export function lowerSets(symbol: TypeSymbol, lowering: Lowering): readonly StateChange[] {
  const scope: Scope = { ...plainScope(symbol), wire: true };
  return (symbol.decl.wire?.sets ?? []).map(({ variable, value }) => {
    checkVariable(variable, lowering);
    return { variable: variable.value, value: lowering.typed.check(value, scope) };
  });
}
