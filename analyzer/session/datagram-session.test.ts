import { expect, test } from 'vitest';
import { compileSpec } from '../../spec/index.ts';
import { toJsonFields } from '../decode/index.ts';
import { Bindings } from './bindings.ts';
import { decoderOptions } from './decoder-options.ts';
import { Session } from './session.ts';

const { protocol, diagnostics } = compileSpec({
  main: {
    name: 'v.ksy',
    text: `
meta: {id: v, endian: be}
-wireshark:
  bind: [{udp: [7073]}]
  session: {version: {type: u1}}
  set: {version: 'kind == 1 ? body[0] : version'}
params:
  - {id: version, type: u1, -wireshark: {source: session}}
  - {id: port, type: u2, -wireshark: {source: server-port}}
seq:
  - {id: kind, type: u1}
  - {id: body, size: 1}
instances:
  seen: {value: version}
  at: {value: port}
`,
  },
});
if (protocol === undefined) throw new Error(JSON.stringify(diagnostics));
const PROTOCOL = protocol;
const SERVER = { address: '10.0.0.2', port: 7073 };

test('datagrams of a flow share its state, and no other flow does', () => {
  const seen: unknown[] = [];
  const session = new Session(new Bindings([PROTOCOL], decoderOptions()), {
    opened: () => undefined,
    pdu: (connection, pdu) => {
      const { seen: version, at } = toJsonFields(pdu.decoded);
      seen.push([connection.client.port, version, at]);
    },
  });
  const send = (frame: number, port: number, octets: readonly number[]): void => {
    const source = { address: '10.0.0.1', port };
    const payload = Uint8Array.from(octets);
    session.push({ kind: 'udp', frame, time: 0n, source, destination: SERVER, payload, missing: 0 });
  };
  send(1, 5000, [1, 9]);
  send(2, 5000, [2, 0]);
  send(3, 5001, [2, 0]);
  session.finish();
  expect(seen).toEqual([
    [5000, 0, 7073],
    [5000, 9, 7073],
    [5001, 0, 7073],
  ]);
});
