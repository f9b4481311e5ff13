import { readFileSync } from 'node:fs';
import { constants, inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { toHex } from '../../analyzer/index.ts';
import { compileSpec } from '../../spec/index.ts';
import { deflateRaw } from './deflate-raw.ts';
import { encodePdu } from './encode-pdu.ts';
import type { Given } from './given.ts';

const TAIL = Uint8Array.of(0, 0, 0xff, 0xff);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

test('messages of RFC 7692 section 7.2.3', () => {
  const hello = { window: 15, append: TAIL };
  expect(toHex(deflateRaw(text('Hello'), hello))).toBe('f248cdc9c90700');
  expect(toHex(deflateRaw(text('Hello'), { ...hello, after: [text('Hello')] }))).toBe('f200110000');
  expect(toHex(deflateRaw(text(''), hello))).toBe('00');
  expect(toHex(deflateRaw(text('Hello'), { window: 15 }))).toBe('f248cdc9c907000000ffff');
});

test('a window of as few bits as it may have', () => {
  const long = text('abcdefghijklmnopqrstuvwxyz0123456789'.repeat(100));
  // zlib looks back 512 octets at least, so a text that is longer than 256 is not compressed.
  const octets = deflateRaw(long, { window: 8 });
  expect(octets.length).toBeGreaterThan(long.length);
  expect(toHex(inflateRawSync(octets, { finishFlush: constants.Z_SYNC_FLUSH }))).toBe(toHex(long));
  expect(deflateRaw(text('Hello'), { window: 8, append: TAIL })).toHaveLength(7);
});

const { protocol } = compileSpec({
  main: { name: 'websocket.ksy', text: readFileSync('samples/websocket/websocket.ksy', 'utf8') },
});

function frame(payload: Given, more: Readonly<Record<string, Given>> = {}): string {
  if (protocol === undefined) throw new Error('websocket.ksy does not compile');
  return toHex(encodePdu(protocol, { fin: true, rsv1: true, opcode: 'text', payload, ...more }, 's2c'));
}

test('a compressed frame is said by its text', () => {
  expect(frame({ deflate: 'Hello' })).toBe('c107f248cdc9c90700');
  expect(frame({ deflate: 'Hello', after: 'Hello' })).toBe('c105f200110000');
  expect(frame({ deflate: 'Hello' }, { is_masked: true, masking_key: Uint8Array.of(0, 0, 0, 1) })).toBe(
    'c18700000001f248cdc8c90700',
  );
});

test('in two fragments', () => {
  expect(frame({ deflate: 'Hello', part: [0, 3] }, { fin: false })).toBe('4103f248cd');
  expect(frame({ deflate: 'Hello', part: [3] }, { rsv1: false, opcode: 'continuation' })).toBe(
    '8004c9c90700',
  );
});

test.each([
  [{ deflate: 'Hello', window: 7 }, 'must have a "window" of 8 to 15 bits'],
  [{ deflate: 'Hello', part: [9] }, 'must have a "part" of one or two positions in 7 octets, as [0, 3]'],
  [
    { deflate: 'Hello', level: 9 },
    'has "level", which does not go with "deflate"; what does is deflate, after, window, part',
  ],
])('%j is refused', (payload, message) => {
  expect(() => frame(payload)).toThrow(message);
});
