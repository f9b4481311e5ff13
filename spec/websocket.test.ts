import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileSpec } from './index.ts';

const name = 'samples/websocket/websocket.ksy';
const text = readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const { protocol, diagnostics } = compileSpec({ main: { name, text } });

test('the WebSocket sample compiles without a word', () => {
  expect(diagnostics).toEqual([]);
  expect(protocol?.id).toBe('websocket');
  expect(protocol?.filter).toBe('ws');
  expect(protocol?.name).not.toBe('WebSocket');
  expect(protocol?.framing).toEqual({ kind: 'self-delimiting' });
  expect(protocol?.binds).toEqual([{ kind: 'http-upgrade', token: 'websocket' }]);
});

test('the ids that scripts rely on are members of the frame', () => {
  const root = protocol?.types[0];
  const ids = [...(root?.fields ?? []), ...(root?.instances ?? [])].map((member) => member.id);
  expect(ids).toEqual(
    expect.arrayContaining(
      (
        'fin rsv1 rsv2 rsv3 opcode is_masked len_payload_7 len_payload_16 len_payload_64 ' +
        'len_payload masking_key payload'
      ).split(' '),
    ),
  );
});

test('display filter names are those that the documentation promises', () => {
  const filters = protocol?.protocolFields.map((field) => field.filter) ?? [];
  expect(filters).toEqual(
    expect.arrayContaining(['ws.fin', 'ws.payload.data', 'ws.close.code', 'ws.close.reason']),
  );
  expect(new Set(filters).size).toBe(filters.length);
});

test('bits have their place in the octet and the 64-bit length keeps all its bits', () => {
  const root = protocol?.types[0];
  const opcode = root?.fields.find((field) => field.id === 'opcode');
  expect(opcode?.content).toMatchObject({ kind: 'bits', width: 4, shift: 4, order: 'be' });
  expect(opcode?.staticOffsetBits).toBe(4);
  const length = root?.instances.find((instance) => instance.id === 'len_payload');
  expect(length?.type).toEqual({ kind: 'int', min: 0n, max: (1n << 64n) - 1n });
});

test('every rule about one frame is there', () => {
  const checks = protocol?.types.flatMap((type) => type.checks) ?? [];
  expect(checks.map((check) => check.id)).toEqual(
    'MASK-C2S MASK-S2C RSV OPCODE LEN-MIN LEN-MSB CTL-LEN CTL-FRAG CLOSE-LEN CLOSE-CODE UTF8-CLOSE'.split(
      ' ',
    ),
  );
  expect(checks.every((check) => check.scope === 'frame' && check.reference.startsWith('RFC 6455 '))).toBe(
    true,
  );
});
