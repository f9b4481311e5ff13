import { expect, test } from 'vitest';
import { compileSpec } from '../../../spec/index.ts';
import { ASSUMED } from '../../decode/index.ts';
import type { RequestHead, ResponseHead } from '../../http/head.ts';
import { type Beginning, ConversationState } from './conversation-state.ts';

const { protocol, diagnostics } = compileSpec({
  main: {
    name: 'v.ksy',
    text: `
meta: {id: v, endian: be}
-wireshark:
  bind: [{http-upgrade: v}]
  session:
    zipped: {type: bool, unseen: true, from: {header: X-Zip, in: response, has: zip}}
    room: {type: str, init: '"hall"', from: {header: X-Room, in: request}}
    count: {type: u4, init: 7}
    open: {type: bool, per: direction}
params:
  - {id: from_client, type: bool, -wireshark: {source: direction}}
  - {id: port, type: u2, -wireshark: {source: server-port}}
  - {id: zipped, type: bool, -wireshark: {source: session}}
  - {id: room, type: str, -wireshark: {source: session}}
  - {id: total, type: u4, -wireshark: {source: session, variable: count}}
  - {id: open, type: bool, -wireshark: {source: session}}
seq:
  - {id: octet, type: u1}
`,
  },
});
if (protocol === undefined) throw new Error(JSON.stringify(diagnostics));
const PROTOCOL = protocol;

const PLACE = { position: 0, length: 0, frame: 1, time: 0n };
const field = (name: string, value: string): { name: string; value: string }[] => [{ name, value }];
const REQUEST: RequestHead = {
  kind: 'request',
  place: PLACE,
  version: '1.1',
  fields: field('X-Room', 'cellar'),
  oddities: [],
  method: 'GET',
  target: '/',
};
const RESPONSE: ResponseHead = {
  kind: 'response',
  place: PLACE,
  version: '1.1',
  fields: field('x-zip', 'ZIP; level=3'),
  oddities: [],
  status: 101,
  reason: '',
};

function begun(rest: Partial<Beginning> = {}): ConversationState {
  return new ConversationState(PROTOCOL, {
    heads: { request: REQUEST, response: RESPONSE },
    seen: { c2s: true, s2c: true },
    sidesKnown: true,
    server: { address: 'server', port: 8080 },
    ...rest,
  });
}

test('begins with what the heads say, else with what the spec says', () => {
  const { [ASSUMED]: assumed, ...values } = begun().params('c2s');
  expect(values).toEqual({
    from_client: true,
    port: 8080,
    zipped: true,
    room: 'cellar',
    total: 7,
    open: false,
  });
  expect([...(assumed ?? [])]).toEqual([]);
  const bare = begun({
    heads: { request: { ...REQUEST, fields: [] }, response: { ...RESPONSE, fields: [] } },
  });
  expect(bare.params('s2c')).toMatchObject({ from_client: false, zipped: false, room: 'hall' });
});

test('a head that was not captured leaves what it says unknown', () => {
  const params = begun({ heads: { request: null, response: null } }).params('c2s');
  expect(params['room']).toBeUndefined();
  expect(params['zipped']).toBe(true);
  expect([...(params[ASSUMED] ?? [])]).toEqual(['zipped']);
});

test('a conversation that began before the capture knows nothing that PDUs change', () => {
  const state = begun({ seen: { c2s: true, s2c: false }, sidesKnown: false });
  expect(state.params('c2s')).toMatchObject({ open: false, total: undefined });
  expect(state.params('s2c')).toMatchObject({ open: undefined });
  expect(state.params('s2c')['port']).toBeUndefined();
  expect([...(state.params('s2c')[ASSUMED] ?? [])]).toContain('from_client');
});

test('what a PDU changes holds for its direction, or for both', () => {
  const state = begun();
  state.change('c2s', [
    { variable: 'open', value: true },
    { variable: 'count', value: 8 },
  ]);
  expect(state.params('c2s')).toMatchObject({ open: true, total: 8 });
  expect(state.params('s2c')).toMatchObject({ open: false, total: 8 });
});

test('octets that are missing take with them what may have changed in them, and no header', () => {
  const state = begun();
  state.lose('c2s');
  expect(state.params('c2s')).toMatchObject({
    open: undefined,
    total: undefined,
    room: 'cellar',
    zipped: true,
  });
  expect(state.params('s2c')).toMatchObject({ open: false, total: undefined });
  state.change('c2s', [{ variable: 'open', value: false }]);
  expect(state.params('c2s')['open']).toBe(false);
});
