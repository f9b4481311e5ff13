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
    lowering.table.claim(filter, check.id.place);
    checks.push({
      id: check.id.value,
      expect,
      severity: check.severity,
      scope: check.scope,
      message: check.message,
      reference: check.reference,
      filter,
      span: check.place.span,
    });
  }
  return checks;
}
