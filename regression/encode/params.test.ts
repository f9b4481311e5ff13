import { expect, test } from 'vitest';
import { toHex } from '../../analyzer/index.ts';
import { encodePdu } from './encode-pdu.ts';
import { protocolOf } from './testing/there-and-back.ts';

const SPEC = `
meta: {id: made, endian: be}
-wireshark:
  filter: wtmade
  bind: [{tcp: 7003}]
  session: {wide: {type: bool, init: "true"}}
params:
  - {id: from_client, type: bool, -wireshark: {source: direction}}
  - {id: wide, type: bool, -wireshark: {source: session}}
  - {id: metric, type: u1, -wireshark: {source: pref, name: metric, init: 3, label: Metric}}
  - {id: key, type: bytes}
  - {id: more, type: u8}
  - {id: tail, type: str}
seq:
  - {id: a, type: u1, if: from_client}
  - {id: b, size: "wide ? 2 : 1"}
  - {id: c, type: u1, repeat: expr, repeat-expr: metric}
  - {id: d, size: key.length, process: xor(key)}
  - {id: e, type: u1, if: more > 0}
  - {id: f, type: u1, if: tail == "x"}
`;
const protocol = protocolOf(
  SPEC.replace('- {id: d, size: key.length, process: xor(key)}', '- {id: d, size: key.length}'),
);

function written(
  side: 'c2s' | 's2c',
  params: Readonly<Record<string, boolean | bigint | string | Uint8Array>>,
): string {
  const given = new Map(Object.entries(params).map(([id, value]) => [id, { value }]));
  return toHex(encodePdu(protocol, {}, side, given));
}

test('params that nobody gave are what a conversation begins with', () => {
  expect(written('s2c', {})).toBe('0000000000');
  expect(written('c2s', {})).toBe('000000000000');
});

test('params given by hand take their place', () => {
  expect(written('s2c', { wide: false, metric: 0n })).toBe('00');
  expect(written('s2c', { wide: false, metric: 1n, more: 2n ** 63n, tail: 'x' })).toBe('00000000');
  expect(written('s2c', { wide: false, metric: 0n, key: Uint8Array.of(1, 2, 3) })).toBe('00000000');
  expect(written('c2s', { wide: false, metric: 0n, from_client: false })).toBe('00');
});

test('a key of a process that is given', () => {
  const made = protocolOf(
    'meta: {id: made}\nparams: [{id: key, type: bytes}]\nseq: [{id: a, size: 3, process: xor(key)}]\n',
  );
  const params = new Map([['key', { value: Uint8Array.of(1, 2) }]]);
  expect(toHex(encodePdu(made, { a: new Uint8Array(3) }, 'c2s', params))).toBe('010201');
});
