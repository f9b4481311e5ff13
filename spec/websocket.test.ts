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

test('every rule of RFC 6455 and RFC 7692 is there, each with its section', () => {
  const checks = protocol?.types.flatMap((type) => type.checks) ?? [];
  const inFrames = checks.filter(({ scope }) => scope === 'frame').map(({ id }) => id);
  const others = checks.filter(({ scope }) => scope !== 'frame').map(({ id }) => id);
  expect([inFrames.join(' '), others.join(' ')]).toEqual([
    'MASK-C2S MASK-S2C RSV OPCODE LEN-MIN LEN-MSB CTL-LEN CTL-FRAG PMD-RSV1 PMD-CTL FRAG-ORPHAN FRAG-NEST AFTER-CLOSE ' +
      'MASK-ZERO MASK-REUSE CLOSE-LEN CLOSE-CODE UTF8-CLOSE',
    'UTF8',
  ]);
  const rules = protocol?.rules ?? [];
  expect(rules.map(({ id }) => id).join(' ')).toBe(
    'HS-METHOD HS-KEY HS-ACCEPT HS-VERSION HS-UPGRADE HS-CONN HS-EXT HS-SUBPROTO HS-DUP PMD-INFLATE PMD-CTX PMD-WBITS ' +
      'PMD-LIMIT PONG-MISSING PONG-DATA PONG-UNSOL CLOSE-ECHO TCP-FIRST FRAG-OPEN REACTION UNANSWERED',
  );
  const unsourced = [...checks, ...rules].filter(({ reference }) => !/^RFC (?:6455|7692) /.test(reference));
  expect(unsourced.map(({ id }) => id)).toEqual(['UNANSWERED']);
});

test('rules that read what the conversation negotiated or sent say so', () => {
  const checks = protocol?.types.flatMap((type) => type.checks) ?? [];
  const reads = Object.fromEntries(checks.map((check) => [check.id, check.reads.join(' ')]));
  expect(reads).toMatchObject({
    'MASK-C2S': 'from_client',
    RSV: 'deflate other_extension',
    'FRAG-ORPHAN': 'in_message',
    'AFTER-CLOSE': 'closed',
    'LEN-MIN': '',
  });
});
