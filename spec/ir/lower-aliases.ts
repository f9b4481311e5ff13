import type { TypeSymbol } from '../passes/symbols.ts';
import { plainScope } from '../passes/typed-model.ts';
import type { WireAlias } from '../syntax/wireshark-ast.ts';
import { badFilterName } from './describe-field.ts';
import type { Lowering } from './lowering.ts';
import { lowerExpr } from './lowering.ts';
import type { FilterAlias } from './protocol.ts';

export function lowerAliases(
  aliases: readonly WireAlias[],
  owner: TypeSymbol,
  lowering: Lowering,
): readonly FilterAlias[] {
  const scope = { ...plainScope(owner), wire: true };
  return aliases.map((alias) => {
    const name = alias.filter.value;
    const reason = badFilterName(name);
    if (reason !== undefined) lowering.sink.report('spec/filter-name', alias.filter.place, { name, reason });
    const what = { what: '"when" of an alias', kind: 'bool' } as const;
    return {
      filter: name,
      label: alias.label ?? name,
      types: alias.types,
      mask: alias.mask,
      when: alias.when === undefined ? null : lowerExpr(alias.when, what, scope, lowering),
    };
  });
}
