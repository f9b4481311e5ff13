import type { Protocol, ProtocolField } from '../../spec/index.ts';

/** What the comparison needs of a protocol's fields, by id and by display filter name. */
export interface FieldPlan {
  readonly protocol: string;
  readonly fields: readonly ProtocolField[];
  readonly byFilter: ReadonlyMap<string, ProtocolField>;
  readonly names: ReadonlySet<string>;
}

export function planFields(protocol: Protocol): FieldPlan {
  const shown = protocol.protocolFields.filter((field) => field.type.kind !== 'group');
  const byFilter = new Map(shown.map((field) => [field.filter, field]));
  return {
    protocol: protocol.filter,
    fields: protocol.protocolFields,
    byFilter,
    names: new Set(byFilter.keys()),
  };
}
