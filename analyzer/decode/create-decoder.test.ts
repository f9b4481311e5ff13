import { expect, test } from 'vitest';
import { createDecoder, leaves, toHex, toJsonFields, wirePosition } from './index.ts';
import type { DecodeOutcome, DecodedPdu } from './decoded.ts';
import { decodeAll, hex, pduOf } from './testing/frames.ts';
import { handWebsocket } from './testing/hand-websocket.ts';

const decoder = createDecoder(handWebsocket());

/** RFC 6455 5.7, and what its text says they are. */
const UNMASKED_HELLO = hex('81 05 48 65 6c 6c 6f');
const MASKED_HELLO = hex('81 85 37 fa 21 3d 7f 9f 4d 51 58');
const FIRST_FRAGMENT = hex('01 03 48 65 6c');
const LAST_FRAGMENT = hex('80 02 6c 6f');
const UNMASKED_PING = hex('89 05 48 65 6c 6c 6f');
const MASKED_PONG = hex('8a 85 37 fa 21 3d 7f 9f 4d 51 58');
const BINARY_256 = Uint8Array.of(...hex('82 7e 01 00'), ...new Uint8Array(256).fill(0xa5));
const BINARY_64K = Uint8Array.of(
  ...hex('82 7f 00 00 00 00 00 01 00 00'),
  ...new Uint8Array(65536).fill(0x5a),
);

function rangesOf(pdu: DecodedPdu): Record<string, readonly number[] | null> {
  const entries = Array.from(
    leaves(pdu),
    ({ path, range }) => [path, range && [range.start, range.length]] as const,
  );
  return Object.fromEntries(entries);
}

test('decodes the unmasked text of RFC 6455 5.7 with the bits each value came from', () => {
  const pdu = pduOf(decoder, UNMASKED_HELLO);
  expect(toJsonFields(pdu)).toEqual({
    fin: true,
    rsv: 0,
    opcode: 1,
    is_masked: false,
    len_payload_7: 5,
    payload: { data: '48656c6c6f' },
    len_payload: 5,
  });
  expect(rangesOf(pdu)).toEqual({
    fin: [0, 1],
    rsv: [1, 3],
    opcode: [4, 4],
    is_masked: [8, 1],
    len_payload_7: [9, 7],
    payload: [16, 40],
    'payload.data': [0, 40],
    len_payload: null,
  });
  expect(pdu.length).toBe(7);
  expect(pdu.complete).toBe(true);
});

test('unmasks, and links the unmasked octets to the masked ones', () => {
  const pdu = pduOf(decoder, MASKED_HELLO);
  expect(toJsonFields(pdu)).toMatchObject({ masking_key: '37fa213d', payload: { data: '48656c6c6f' } });
  const data = Array.from(leaves(pdu)).find((leaf) => leaf.path === 'payload.data');
  expect(data?.range?.source.derived?.by).toBe('xor');
  expect(toHex(data?.range?.source.bytes ?? new Uint8Array())).toBe('48656c6c6f');
  expect(data?.range && wirePosition(data.range)).toEqual({ start: 48, length: 40, exact: true });
});

test('gives a computed length as the 64-bit integer its type says, whatever its value', () => {
  const item = pduOf(decoder, UNMASKED_HELLO).root.items.find(({ member }) => member.id === 'len_payload');
  expect(item?.value).toBe(5n);
});

test.each([
  ['first fragment', FIRST_FRAGMENT, { fin: false, opcode: 1, payload: { data: '48656c' } }],
  ['last fragment', LAST_FRAGMENT, { fin: true, opcode: 0, payload: { data: '6c6f' } }],
  ['ping', UNMASKED_PING, { opcode: 9, payload: { data: '48656c6c6f' } }],
  ['masked pong', MASKED_PONG, { opcode: 10, payload: { data: '48656c6c6f' } }],
  [
    '256 octets',
    BINARY_256,
    { len_payload_7: 126, len_payload_16: 256, payload: { data: 'a5'.repeat(256) } },
  ],
  ['64 KiB', BINARY_64K, { len_payload_64: 65536, payload: { data: '5a'.repeat(65536) } }],
])('decodes the %s example', (_, bytes, fields) => {
  const pdu = pduOf(decoder, bytes);
  expect(toJsonFields(pdu)).toMatchObject(fields);
  expect(pdu.length).toBe(bytes.length);
});

function neededOf(outcome: DecodeOutcome): bigint | null {
  return outcome.kind === 'need-more' ? outcome.needed : null;
}

test('asks for exactly the octets that are missing, as soon as the header tells', () => {
  for (const frame of [UNMASKED_HELLO, MASKED_HELLO, BINARY_256]) {
    const tellsAt = frame === BINARY_256 ? 4 : 2;
    for (let end = 0; end < frame.length; end++) {
      const outcome = decoder.decode(frame, 0, end, {});
      const known = end >= tellsAt ? frame.length : end < 2 ? 2 : tellsAt;
      expect([end, neededOf(outcome)]).toEqual([end, BigInt(known)]);
      expect(outcome).toMatchObject({ available: end, partial: { complete: false } });
    }
  }
});

test('keeps the fields before the cut, computed ones too', () => {
  const outcome = decodeAll(decoder, MASKED_HELLO.subarray(0, 8));
  expect(outcome.kind === 'need-more' && toJsonFields(outcome.partial)).toEqual({
    fin: true,
    rsv: 0,
    opcode: 1,
    is_masked: true,
    len_payload_7: 5,
    masking_key: '37fa213d',
    len_payload: 5,
  });
  expect(outcome).toMatchObject({ cut: { path: 'payload', offset: 6, wanted: 5n } });
});

test('decodes where it is told to and does not look beyond the end', () => {
  const bytes = Uint8Array.of(0xff, ...MASKED_HELLO, 0x81, 0x05);
  const outcome = decoder.decode(bytes, 1, bytes.length, {});
  expect(outcome).toMatchObject({ kind: 'pdu', pdu: { length: 11 } });
  expect(neededOf(decoder.decode(bytes, 12, 13, {}))).toBe(2n);
});

test('says the exact size of a PDU over the limit, however much of it is there', () => {
  const small = createDecoder(handWebsocket(1000));
  const header = hex('82 7f 00 00 00 01 00 00 00 05');
  for (const frame of [header, Uint8Array.of(...header, ...new Uint8Array(5000))]) {
    const pdu = pduOf(small, frame);
    expect(pdu.problem).toMatchObject({ kind: 'limit', path: 'payload', needed: 4294967311n });
    expect(pdu.problem?.message).toContain('4294967311 octets');
    expect(pdu.complete).toBe(false);
    expect(toJsonFields(pdu)).toMatchObject({ len_payload_7: 127, len_payload: 4294967301 });
  }
});

test('finds a PDU over the limit only when the field that is over it is reached', () => {
  const small = createDecoder(handWebsocket(1000));
  const header = hex('82 ff 00 00 00 01 00 00 00 05 01 02');
  expect(neededOf(decodeAll(small, header))).toBe(14n);
  expect(pduOf(small, Uint8Array.of(...header, 3, 4)).problem).toMatchObject({ needed: 4294967315n });
});

test('waits for a huge PDU that is within the limit, with the exact size', () => {
  const patient = createDecoder(handWebsocket(Number.MAX_SAFE_INTEGER));
  expect(neededOf(decodeAll(patient, hex('82 7f 00 00 00 01 00 00 00 05 ff')))).toBe(4294967311n);
});

function broken(
  bytes: Uint8Array,
  fromClient: boolean | undefined,
): readonly (readonly [string, number, number])[] {
  const { breaches } = pduOf(decoder, bytes, { from_client: fromClient });
  return breaches.map(({ check, range }) => [check.id, range.start, range.length]);
}

test('reports rules that do not hold, at the smallest field they name', () => {
  expect(broken(UNMASKED_HELLO, true)).toEqual([['MASK', 8, 1]]);
  expect(broken(MASKED_HELLO, true)).toEqual([]);
  expect(broken(FIRST_FRAGMENT, false)).toEqual([['FIN', 0, 1]]);
  expect(broken(hex('81 80 00 00 00 00'), true)).toEqual([['KEY', 16, 32]]);
});

test('skips a rule whose direction is unknown, and one that names a field that is not there', () => {
  expect(broken(UNMASKED_HELLO, undefined)).toEqual([]);
});
