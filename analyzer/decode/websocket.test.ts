import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileSpec } from '../../spec/index.ts';
import { ASSUMED, createDecoder, leaves, toJsonFields, wirePosition, type DecodedPdu } from './index.ts';
import { decodeAll, hex, pduOf } from './testing/frames.ts';

/** The sample's own spec, through the real front end. */
const SPEC = new URL('../../samples/websocket/websocket.ksy', import.meta.url);
const { protocol } = compileSpec({ main: { name: 'websocket.ksy', text: readFileSync(SPEC, 'utf8') } });
if (protocol === undefined) throw new Error('the spec of the sample does not compile');
const decoder = createDecoder(protocol);

const HELLO = '48656c6c6f';

/** RFC 6455 section 5.7, word for word. */
const EXAMPLES = [
  {
    name: 'a single-frame unmasked text message',
    octets: hex('81 05 48 65 6c 6c 6f'),
    fields: { fin: true, opcode: 1, is_masked: false, len_payload_7: 5, payload: { data: HELLO } },
  },
  {
    name: 'a single-frame masked text message',
    octets: hex('81 85 37 fa 21 3d 7f 9f 4d 51 58'),
    fields: { fin: true, opcode: 1, is_masked: true, masking_key: '37fa213d', payload: { data: HELLO } },
  },
  {
    name: 'the first fragment of an unmasked text message',
    octets: hex('01 03 48 65 6c'),
    fields: { fin: false, opcode: 1, len_payload: 3, payload: { data: '48656c' } },
  },
  {
    name: 'the last fragment of an unmasked text message',
    octets: hex('80 02 6c 6f'),
    fields: { fin: true, opcode: 0, len_payload: 2, payload: { data: '6c6f' } },
  },
  {
    name: 'an unmasked ping request',
    octets: hex('89 05 48 65 6c 6c 6f'),
    fields: { opcode: 9, payload: { data: HELLO } },
  },
  {
    name: 'a masked ping response',
    octets: hex('8a 85 37 fa 21 3d 7f 9f 4d 51 58'),
    fields: { opcode: 10, payload: { data: HELLO } },
  },
  {
    name: '256 bytes of binary in a single unmasked frame',
    octets: Uint8Array.of(...hex('82 7e 01 00'), ...new Uint8Array(256).fill(0xa5)),
    fields: { opcode: 2, len_payload_7: 126, len_payload_16: 256, payload: { data: 'a5'.repeat(256) } },
  },
  {
    name: '64 KiB of binary in a single unmasked frame',
    octets: Uint8Array.of(...hex('82 7f 00 00 00 00 00 01 00 00'), ...new Uint8Array(65536).fill(0x5a)),
    fields: { len_payload_7: 127, len_payload_64: 65536, payload: { data: '5a'.repeat(65536) } },
  },
];

test.each(EXAMPLES)('decodes $name', ({ octets, fields }) => {
  const pdu = pduOf(decoder, octets);
  expect(toJsonFields(pdu)).toMatchObject({ rsv1: false, rsv2: false, rsv3: false, ...fields });
  expect(pdu).toMatchObject({ length: octets.length, complete: true, problem: null, faults: [] });
});

test('gives the bits of every field of a masked frame', () => {
  const pdu = pduOf(decoder, hex('81 85 37 fa 21 3d 7f 9f 4d 51 58'));
  const wire = Array.from(leaves(pdu), ({ path, range }) => {
    const at = range && wirePosition(range);
    return [path, at === null ? null : `${at.start}+${at.length}`];
  });
  expect(Object.fromEntries(wire)).toMatchObject({
    fin: '0+1',
    rsv1: '1+1',
    rsv2: '2+1',
    rsv3: '3+1',
    opcode: '4+4',
    is_masked: '8+1',
    len_payload_7: '9+7',
    masking_key: '16+32',
    payload: '48+40',
    'payload.data': '48+40',
    len_payload: null,
  });
});

/** What RFC 6455 5.2 lets a reader know of the frame's length from its first octets. */
function knownLength(frame: Uint8Array, available: number): number {
  const [, second = 0] = frame;
  if (available < 2) return 2;
  const form = second & 0x7f;
  const header = 2 + (form === 126 ? 2 : form === 127 ? 8 : 0) + (second >= 0x80 ? 4 : 0);
  const lengthKnown = form < 126 || available >= (form === 126 ? 4 : 10);
  return lengthKnown ? frame.length : header;
}

test.each(EXAMPLES)('asks for the octets that are missing of $name, wherever it is cut', ({ octets }) => {
  const cuts = Array.from({ length: octets.length }, (_, end) => end);
  // Of the big one, the header and some places in the payload.
  for (const end of cuts.filter((cut) => cut < 300 || cut % 9973 === 0 || cut === octets.length - 1)) {
    const outcome = decoder.decode(octets, 0, end, {});
    expect([end, outcome.kind === 'need-more' && outcome.needed]).toEqual([
      end,
      BigInt(knownLength(octets, end)),
    ]);
  }
});

test('splits a close frame into code and reason, and reads an empty one', () => {
  expect(toJsonFields(pduOf(decoder, hex('88 06 03 e8 62 79 65 21')))).toMatchObject({
    payload: { code: 1000, reason: 'bye!' },
  });
  const empty = pduOf(decoder, hex('88 00'));
  expect(empty.problem).toBeNull();
  expect(toJsonFields(empty)['payload']).not.toHaveProperty('code');
});

test('keeps a length of 64 bits exact and does not wait for one over the limit', () => {
  const pdu = pduOf(decoder, hex('82 7f 80 00 00 00 00 00 00 05 01 02 03'));
  expect(toJsonFields(pdu)).toMatchObject({
    len_payload_64: '9223372036854775813',
    len_payload: '9223372036854775813',
  });
  expect(pdu.problem).toMatchObject({ kind: 'limit', needed: 9223372036854775823n });
});

/** A conversation that has just begun, without extensions. */
const FRESH = {
  deflate: false,
  other_extension: false,
  in_message: false,
  closed: false,
  last_key: new Uint8Array(0),
};

function brokenRules(pdu: DecodedPdu): readonly string[] {
  return pdu.breaches.map(({ check }) => check.id);
}

test.each([
  ['an unmasked frame from the client', '81 00', true, ['MASK-C2S']],
  ['a masked frame from the server', '81 80 01 02 03 04', false, ['MASK-S2C']],
  ['a masked frame from who knows', '81 80 01 02 03 04', undefined, []],
  ['a reserved bit', 'a1 00', false, ['RSV']],
  ['a reserved opcode', '83 00', false, ['OPCODE']],
  ['a length that is not minimal', '82 7e 00 01 00', false, ['LEN-MIN']],
  ['a length that no frame has', '82 7f 80 00 00 00 00 00 00 00', false, ['LEN-MSB']],
  ['a fragmented ping', '09 00', false, ['CTL-FRAG']],
  ['a long ping', `89 7e 00 7e ${'00'.repeat(126)}`, false, ['CTL-LEN']],
  ['a close frame of one octet', '88 01 03', false, ['CLOSE-LEN']],
  ['a close code that must not be sent', '88 02 03 ed', false, ['CLOSE-CODE']],
  ['a reason that is not UTF-8', '88 03 03 e8 ff', false, ['UTF8-CLOSE']],
  ['a good close frame', '88 04 03 e8 c3 a9', false, []],
])('judges %s', (_, octets, fromClient, rules) => {
  const params = { ...FRESH, from_client: fromClient };
  expect(brokenRules(pduOf(decoder, hex(octets), params))).toEqual(rules);
});

test.each([
  ['a reserved bit without its extension', 'c1 00', { deflate: false }, ['RSV']],
  ['a compressed message', 'c1 00', { deflate: true }, []],
  ['a compressed continuation', 'c0 00', { deflate: true, in_message: true }, ['PMD-RSV1']],
  ['a compressed ping', 'c9 00', { deflate: true }, ['PMD-CTL']],
  ['a reserved bit of an extension', 'a1 00', { other_extension: true }, []],
  ['a continuation of nothing', '80 00', { in_message: false }, ['FRAG-ORPHAN']],
  ['a continuation', '80 00', { in_message: true }, []],
  ['a message inside another', '81 00', { in_message: true }, ['FRAG-NEST']],
  ['a ping inside a message', '89 00', { in_message: true }, []],
  ['text behind Close', '81 00', { closed: true }, ['AFTER-CLOSE']],
  ['a pong behind Close', '8a 00', { closed: true }, []],
  ['a continuation of who knows', '80 00', { in_message: undefined }, []],
  ['a zero key twice', '81 80 00 00 00 00', { last_key: new Uint8Array(4) }, ['MASK-ZERO', 'MASK-REUSE']],
])('judges %s by the state of the conversation', (_, octets, state, rules) => {
  const params = { ...FRESH, ...state, from_client: octets.split(' ').length === 6 };
  expect(brokenRules(pduOf(decoder, hex(octets), params))).toEqual(rules);
});

test('leaves out rules that read a value which only stands in for one', () => {
  const params = { ...FRESH, deflate: true, [ASSUMED]: new Set(['deflate']), from_client: false };
  expect(brokenRules(pduOf(decoder, hex('c9 00'), params))).toEqual([]);
  expect(brokenRules(pduOf(decoder, hex('c9 00'), { ...params, [ASSUMED]: new Set<string>() }))).toEqual([
    'PMD-CTL',
  ]);
});

test('describes a frame as the Info column does', () => {
  expect(decoder.describe(pduOf(decoder, hex('81 05 48 65 6c 6c 6f')))).toBe('Text 5');
  expect(decoder.describe(pduOf(decoder, hex('01 00')))).toBe('Text [first] 0');
  expect(decoder.describe(pduOf(decoder, hex('80 00')))).toBe('Continuation [last] 0');
  expect(decoder.describe(pduOf(decoder, hex('88 02 03 e8')))).toBe('Close 1000');
  expect(decoder.describe(pduOf(decoder, hex('8b 00')))).toBe('Opcode 11 0');
});

test('survives any octets: a frame, or a number of octets it needs, and never an exception', () => {
  const frame = fc.constantFrom(...EXAMPLES.slice(0, 7)).map(({ octets }) => octets);
  const change = fc.tuple(fc.nat(20), fc.nat(255));
  fc.assert(
    fc.property(frame, fc.array(change, { maxLength: 4 }), fc.nat(300), (octets, changes, cut) => {
      const mutant = Uint8Array.from(octets);
      for (const [at, value] of changes) if (at < mutant.length) mutant[at] = value;
      const bytes = mutant.subarray(0, cut);
      const outcome = decodeAll(decoder, bytes, { from_client: true });
      if (outcome.kind === 'need-more') {
        expect(outcome.needed > bytes.length).toBe(true);
        toJsonFields(outcome.partial);
      } else {
        expect(outcome.pdu.length <= bytes.length).toBe(true);
        expect(Array.from(leaves(outcome.pdu)).length).toBeGreaterThan(7);
        decoder.describe(outcome.pdu);
      }
    }),
    { numRuns: 2000 },
  );
});

test('gives the same PDU whatever stands behind it', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 2, maxLength: 40 }),
      fc.uint8Array({ maxLength: 10 }),
      (bytes, more) => {
        const alone = decodeAll(decoder, bytes);
        fc.pre(alone.kind === 'pdu');
        const followed = decodeAll(decoder, Uint8Array.of(...bytes, ...more));
        expect(followed.kind === 'pdu' && toJsonFields(followed.pdu)).toEqual(toJsonFields(alone.pdu));
        expect(followed.kind === 'pdu' && followed.pdu.length).toBe(alone.pdu.length);
      },
    ),
  );
});
