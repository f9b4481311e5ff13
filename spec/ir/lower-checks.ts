import type { TypeSymbol } from '../passes/symbols.ts';
import { plainScope } from '../passes/typed-model.ts';
import type { Lowering } from './lowering.ts';
import { lowerExpr } from './lowering.ts';
import type { Check } from './protocol.ts';

/** Scopes other than the frame need state that specs cannot declare yet. */
export function lowerChecks(symbol: TypeSymbol, lowering: Lowering): readonly Check[] {
  const checks: Check[] = [];
  const scope = { ...plainScope(symbol), wire: true };
  for (const check of symbol.decl.wire?.checks ?? []) {
    const what = { what: '"expect"', kind: 'bool' } as const;
    const expect = lowerExpr(check.expect, what, scope, lowering);
    if (check.scope !== 'frame') {
      const feature = `A check of the scope "${check.scope}"`;
      lowering.sink.report('spec/not-supported', check.place, { feature });
    }
    const filter = `${lowering.filter}.rule.${check.id.value.toLowerCase().replaceAll('-', '_')}`;
    const first = lowering.checkIds.get(check.id.value);
    if (first === undefined) {
      lowering.checkIds.set(check.id.value, check.id.place);
      lowering.table.claim(filter, check.id.place);
    } else {
      const notes = [{ message: 'It first stands here.', place: first }];
      const params = { what: 'a check', id: check.id.value };
      lowering.sink.report('spec/duplicate-id', check.id.place, params, { notes });
    }
    checks.push({
      id: check.id.value,
      expect,
      severity: check.severity,
      scope: check.scope,
      message: check.message,
      reference: check.reference,
      filter,
      doc: '',
      reads: [],
      span: check.place.span,
    });
  }
  return checks;
}
