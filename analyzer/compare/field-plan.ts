import type { Protocol, ProtocolField } from '../../spec/index.ts';

/** Rules that stand at a PDU; the others stand at the handshake, or are no dissector's to judge. */
const AT_PDU: readonly string[] = ['frame', 'message'];

/** What the comparison needs of a protocol's fields, by id and by display filter name. */
export interface FieldPlan {
  readonly protocol: string;
  readonly fields: readonly ProtocolField[];
  readonly byFilter: ReadonlyMap<string, ProtocolField>;
  readonly names: ReadonlySet<string>;
  /** Expert infos of rules that stand at a PDU, by the rule's id. */
  readonly experts: ReadonlyMap<string, ProtocolField>;
  /** Display filter names of what depends on earlier PDUs: messages, and rules that read the conversation's state. */
  readonly ofState: ReadonlySet<string>;
}

export function planFields(protocol: Protocol): FieldPlan {
  const shown = protocol.protocolFields.filter((field) => field.type.kind !== 'group');
  const byFilter = new Map(shown.map((field) => [field.filter, field]));
  const experts = expertFields(protocol);
  return {
    protocol: protocol.filter,
    fields: protocol.protocolFields,
    byFilter,
    names: new Set([...byFilter.keys(), ...[...experts.values()].map(({ filter }) => filter)]),
    experts,
    ofState: filtersOfState(protocol),
  };
}

/** An expert info is an item without a value: that it is there is all there is to compare. */
function expertFields(protocol: Protocol): ReadonlyMap<string, ProtocolField> {
  const rules = [...protocol.types.flatMap(({ checks }) => checks), ...protocol.rules];
  return new Map(
    rules
      .filter(({ scope }) => AT_PDU.includes(scope))
      .map(({ id, filter, message }) => [id, expertField(filter, message)]),
  );
}

function filtersOfState(protocol: Protocol): ReadonlySet<string> {
  const { types, rules, reassembly, protocolFields } = protocol;
  const reading = types.flatMap(({ checks }) =>
    checks.filter(({ scope, reads }) => scope === 'message' || reads.some((id) => isState(protocol, id))),
  );
  const message = reassembly === null ? undefined : protocolFields[reassembly.field]?.filter;
  const inMessages = protocolFields.filter(
    ({ filter }) => message !== undefined && (filter === message || filter.startsWith(`${message}.`)),
  );
  return new Set([...reading, ...rules, ...inMessages].map(({ filter }) => filter));
}

/** A param that PDUs change, directions aside. */
function isState(protocol: Protocol, id: string): boolean {
  const param = protocol.types[protocol.root]?.params.find((one) => one.id === id);
  return param?.source.kind === 'session';
}

function expertField(filter: string, label: string): ProtocolField {
  return {
    id: -1,
    filter,
    label,
    doc: '',
    type: { kind: 'string' },
    display: 'default',
    unit: '',
    enum: null,
  };
}
