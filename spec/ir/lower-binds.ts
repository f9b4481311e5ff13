import type { Place } from '../diagnostics/diagnostic.ts';
import type { WireBind } from '../syntax/wireshark-ast.ts';
import type { Lowering } from './lowering.ts';
import type { Binding, Framing } from './protocol.ts';

/** Ports from the command line: a plain `.ksy` has no key to say them. */
export interface CommandLineBinds {
  readonly tcp?: readonly number[];
  readonly udp?: readonly number[];
}

export function lowerBinds(
  written: readonly WireBind[],
  given: { readonly ports: CommandLineBinds; readonly place: Place },
  framing: Framing,
  lowering: Lowering,
): readonly Binding[] {
  const { tcp = [], udp = [] } = given.ports;
  const all: WireBind[] = [...written];
  if (tcp.length > 0) all.push({ kind: 'tcp', place: given.place, ports: tcp });
  if (udp.length > 0) all.push({ kind: 'udp', place: given.place, ports: udp });
  return all.map((bind) => {
    if (framing.kind === 'whole-payload') refuseStream(bind, framing.reason, lowering);
    return lowerBind(bind);
  });
}

function lowerBind(bind: WireBind): Binding {
  switch (bind.kind) {
    case 'tcp':
    case 'udp':
      return { kind: bind.kind, ports: bind.ports };
    case 'http-upgrade':
      return { kind: 'http-upgrade', token: bind.token };
    case 'table':
      return { kind: 'table', table: bind.table, keys: bind.keys };
  }
}

function refuseStream(bind: WireBind, reason: string, lowering: Lowering): void {
  const isStream = bind.kind === 'tcp' || bind.kind === 'http-upgrade' || STREAM_TABLES.has(tableOf(bind));
  if (!isStream) return;
  const carrier =
    bind.kind === 'tcp' ? 'TCP' : bind.kind === 'table' ? bind.table : 'an upgraded HTTP connection';
  const help =
    'Give the PDU a length field and read what follows with "size", or bind to datagrams or messages.';
  lowering.sink.report('spec/not-self-delimiting', bind.place, { carrier, reason }, { help });
}

/** Dissector tables of Wireshark whose dissectors get a part of a byte stream. */
const STREAM_TABLES: ReadonlySet<string> = new Set(['tcp.port', 'tls.port', 'tls.alpn', 'http.upgrade']);

function tableOf(bind: WireBind): string {
  return bind.kind === 'table' ? bind.table : '';
}
