import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { toJsonFields, type DecodedPdu } from './index.ts';
import { decodeAll, hex, pduOf } from './testing/frames.ts';
import { decoderOf } from './testing/spec.ts';

/** A telemetry record: a body of known size with a reading inside, and a checksum behind. */
const RECORD = `
meta: {id: record, endian: be}
seq:
  - {id: len, type: u1}
  - {id: body, size: len, type: body}
  - {id: sum, type: u2}
types:
  body:
    seq:
      - {id: station, type: u1}
      - {id: reading, type: reading}
  reading:
    seq:
      - {id: unit, type: u1}
      - {id: value, type: u4}
`;

test('locates a substream that ends early, keeps what was read and goes on behind it', () => {
  const pdu = pduOf(decoderOf(RECORD), hex('04 07 01 aa bb 12 34'));
  expect(pdu.problem).toEqual({
    kind: 'malformed',
    reason: 'end-of-data',
    path: 'body.reading.value',
    offset: 3,
    message: '4 octets needed, 2 left',
  });
  expect(toJsonFields(pdu)).toEqual({ len: 4, body: { station: 7, reading: { unit: 1 } }, sum: 0x1234 });
  expect(pdu).toMatchObject({ length: 7, complete: true });
});

test('asks for more where the carrier ends, and not where a substream does', () => {
  const decoder = decoderOf(RECORD);
  const bytes = hex('06 07 01 00 00 00 2a 12 34');
  for (let end = 0; end < bytes.length; end++) {
    const outcome = decoder.decode(bytes, 0, end, {});
    const needed = end === 0 ? 3n : 9n;
    expect([end, outcome.kind === 'need-more' && outcome.needed]).toEqual([end, needed]);
  }
  expect(pduOf(decoder, bytes).problem).toBeNull();
});

test('reports the first problem only, and every fault', () => {
  const decoder = decoderOf(`
meta: {id: pair}
seq:
  - {id: magic, contents: [0x50]}
  - {id: first, size: 1, type: two}
  - {id: second, size: 1, type: two}
  - {id: kind, type: u1, valid: {max: 3}}
types:
  two: {seq: [{id: x, size: 2}]}
`);
  const pdu = pduOf(decoder, hex('51 01 02 09'));
  expect(pdu.problem).toMatchObject({ path: 'first.x' });
  expect(pdu.faults).toMatchObject([
    { kind: 'contents', path: 'magic', message: 'must be 50, found 51', range: { start: 0, length: 8 } },
    {
      kind: 'greater-than',
      path: 'kind',
      message: 'must be at most 3, found 9',
      range: { start: 24, length: 8 },
    },
  ]);
});

test.each([
  ['equal', '{eq: 5}', 'not-equal'],
  ['minimum', '{min: 20}', 'less-than'],
  ['range', '{min: 1, max: 2}', 'greater-than'],
  ['list', '{any-of: [1, 2]}', 'not-any-of'],
  ['expression', '{expr: _ % 2 == 0}', 'expression'],
])('reports a breach of %s and reads on', (_, rule, kind) => {
  const decoder = decoderOf(`
meta: {id: valid}
seq:
  - {id: values, type: u1, repeat: expr, repeat-expr: 2, valid: ${rule}}
  - {id: last, type: u1}
`);
  const { faults, root } = pduOf(decoder, hex('09 0b ff'));
  expect(faults.map((fault) => [fault.kind, fault.path])).toEqual([
    [kind, 'values[0]'],
    [kind, 'values[1]'],
  ]);
  expect(root.items.at(-1)?.value).toBe(255);
});

test('reports a value that its enum does not know', () => {
  const decoder = decoderOf(`
meta: {id: valid}
seq: [{id: pet, type: u1, enum: animal, valid: {in-enum: true}}]
enums: {animal: {1: cat}}
`);
  expect(pduOf(decoder, hex('01')).faults).toEqual([]);
  expect(pduOf(decoder, hex('02')).faults).toMatchObject([{ kind: 'not-in-enum', path: 'pet' }]);
});

function limited(seq: string, limits: string, types = ''): ReturnType<typeof decoderOf> {
  return decoderOf(`
meta: {id: limited, endian: be}
-wireshark: {limits: ${limits}}
seq:
${seq}
${types}`);
}

test('stops a repeat at the cap and still finds what stands behind, when the elements have one size', () => {
  const decoder = limited(
    '  - {id: n, type: u4}\n  - {id: list, type: u2, repeat: expr, repeat-expr: n}\n  - {id: last, type: u1}',
    '{elements: 3}',
  );
  const pdu = pduOf(decoder, hex('00000005 0001 0002 0003 0004 0005 2a'));
  expect(pdu.problem).toMatchObject({ kind: 'limit', path: 'list[3]', message: 'more than 3 elements' });
  expect(toJsonFields(pdu)).toEqual({ n: 5, list: [1, 2, 3], last: 42 });
  expect(pdu.complete).toBe(true);
});

test('counts the octets of four billion elements without reading them', () => {
  const decoder = limited(
    '  - {id: n, type: u4}\n  - {id: list, type: u2, repeat: expr, repeat-expr: n}',
    '{elements: 9}',
  );
  expect(decodeAll(decoder, hex('00000009 0001'))).toMatchObject({ kind: 'need-more', needed: 22n });
  const outcome = decodeAll(decoder, hex('ffffffff 0001'));
  expect(outcome).toMatchObject({ kind: 'need-more', needed: 8n });
});

test('does not hang on four billion elements of no size', () => {
  const decoder = limited(
    '  - {id: n, type: u4}\n  - {id: list, type: empty, repeat: expr, repeat-expr: n}',
    '{elements: 1000}',
    'types: {empty: {}}',
  );
  expect(pduOf(decoder, hex('ffffffff')).problem).toMatchObject({ kind: 'limit', path: 'list[1000]' });
});

test('does not hang on a repeat-until that never ends, nor on nested ones', () => {
  const until = limited('  - {id: list, size: 0, repeat: until, repeat-until: "false"}', '{elements: 1000}');
  expect(pduOf(until, hex('')).problem).toMatchObject({ kind: 'limit', path: 'list[1000]' });
  const nested = limited(
    '  - {id: a, type: b, repeat: expr, repeat-expr: 10000}',
    '{elements: 10000}',
    `types:
  b: {seq: [{id: c, type: d, repeat: expr, repeat-expr: 10000}]}
  d: {seq: [{id: e, type: f, repeat: expr, repeat-expr: 10000}]}
  f: {}
`,
  );
  const pdu = pduOf(nested, hex(''));
  expect(pdu.problem).toMatchObject({
    kind: 'limit',
    message: 'the PDU has more parts than one PDU may have',
  });
});

test('says that a repeat-eos of elements without octets makes no progress', () => {
  const decoder = decoderOf(`
meta: {id: idle}
seq:
  - {id: body, size: 2, type: body}
  - {id: last, type: u1}
types:
  body: {seq: [{id: list, type: empty, repeat: eos}]}
  empty: {}
`);
  const pdu = pduOf(decoder, hex('01 02 03'));
  expect(pdu.problem).toMatchObject({ reason: 'no-progress', path: 'body.list[1]' });
  expect(toJsonFields(pdu)).toMatchObject({ last: 3 });
});

test('stops at the depth limit, in the part that is too deep', () => {
  const decoder = decoderOf(`
meta: {id: deep}
-wireshark: {limits: {depth: 5}}
seq:
  - {id: box, size: 4, type: box}
  - {id: last, type: u1}
types:
  box: {seq: [{id: inner, type: box}]}
`);
  const pdu = pduOf(decoder, hex('00 00 00 00 2a'));
  expect(pdu.problem).toMatchObject({ kind: 'limit', message: 'types are nested more than 5 deep' });
  expect(toJsonFields(pdu)).toMatchObject({ last: 42 });
});

test('sees instances that need one another, and one that cannot be computed', () => {
  const decoder = decoderOf(`
meta: {id: odd}
seq: [{id: n, type: u1}]
instances:
  ring: {pos: other, type: u1}
  other: {pos: ring, type: u1}
  share: {value: 100 / n}
`);
  const { faults, problem } = pduOf(decoder, hex('00'));
  expect(problem).toMatchObject({ reason: 'cycle', path: 'other', message: '"ring" depends on itself' });
  expect(faults).toMatchObject([{ kind: 'not-computable', path: 'share', message: 'division by zero' }]);
  expect(toJsonFields(pduOf(decoder, hex('32')))).toEqual({ n: 50, share: 2 });
});

test('calls a size malformed that is negative, or that nothing tells', () => {
  const decoder = decoderOf(`
meta: {id: sizes}
seq:
  - {id: n, type: s1}
  - {id: hint, type: u1, if: n == 0}
  - {id: body, size: 'n == 1 ? hint : n'}
`);
  expect(pduOf(decoder, hex('ff')).problem).toMatchObject({
    reason: 'negative-size',
    path: 'body',
    offset: 1,
  });
  const pdu = pduOf(decoder, hex('01'));
  expect(pdu.problem).toMatchObject({ reason: 'absent-input', path: 'body', message: '"hint" is not there' });
  expect(pdu.complete).toBe(false);
});

const COMPRESSED = `
meta: {id: compressed}
-wireshark: {limits: {pdu-octets: 1000}}
seq:
  - {id: len, type: u1}
  - {id: body, size: len, process: zlib, type: body}
  - {id: last, type: u1}
types:
  body: {seq: [{id: text, type: str, size-eos: true, encoding: UTF-8}]}
`;

function compressed(data: Uint8Array): DecodedPdu {
  return pduOf(decoderOf(COMPRESSED), Uint8Array.of(data.length, ...data, 42));
}

test('inflates, and links the inflated octets to the compressed ones', () => {
  const zlib = deflateSync('the greenhouse is warm');
  const pdu = compressed(zlib);
  expect(toJsonFields(pdu)).toMatchObject({ body: { text: 'the greenhouse is warm' }, last: 42 });
  const body = pdu.root.items.find(({ member }) => member.id === 'body');
  expect(body?.range).toMatchObject({ start: 8, length: zlib.length * 8 });
});

test('reads on behind data that does not inflate, or inflates to too much', () => {
  const corrupt = compressed(hex('01 02 03'));
  expect(corrupt.problem).toMatchObject({ reason: 'process', path: 'body', message: 'zlib: no zlib header' });
  expect(toJsonFields(corrupt)).toEqual({ len: 3, last: 42 });
  expect(compressed(deflateSync(Buffer.alloc(2000))).problem).toMatchObject({ kind: 'limit', path: 'body' });
});

test('runs a custom process, and survives one that throws', () => {
  const ksy = `
meta: {id: custom}
seq: [{id: body, size: 2, process: swap(3)}]
`;
  const swap = decoderOf(ksy, {
    processes: { swap: (bytes, [times]) => Uint8Array.of(Number(times), ...bytes) },
  });
  expect(toJsonFields(pduOf(swap, hex('0102')))).toEqual({ body: '030102' });
  const failing = decoderOf(ksy, {
    processes: {
      swap: () => {
        throw new Error('no key');
      },
    },
  });
  expect(pduOf(failing, hex('0102')).problem).toMatchObject({ reason: 'process', message: 'swap: no key' });
  expect(pduOf(decoderOf(ksy), hex('0102')).problem).toMatchObject({ reason: 'unsupported' });
});

test('reads instances at a position; one beyond a substream is malformed, one beyond the carrier needs more', () => {
  const ksy = (where: string): string => `
meta: {id: pointed}
seq:
  - {id: at, type: u1}
  - {id: body, size: 3, type: body}
types:
  body:
    seq: [{id: x, type: u1}]
    instances:
      there: {pos: _root.at, type: u1${where}}
`;
  const inside = decoderOf(ksy(''));
  expect(toJsonFields(pduOf(inside, hex('02 0a 0b 0c')))).toEqual({ at: 2, body: { x: 10, there: 12 } });
  expect(pduOf(inside, hex('03 0a 0b 0c')).problem).toMatchObject({
    reason: 'end-of-data',
    path: 'body.there',
  });
});

test('follows a recursive type read at a position once, not for ever', () => {
  const decoder = decoderOf(`
meta: {id: ring}
seq: [{id: next, type: u1}, {id: pad, type: u1}]
instances:
  target: {pos: next, type: ring, size: 2}
`);
  const fields = toJsonFields(pduOf(decoder, hex('00 ff')));
  expect(fields).toEqual({ next: 0, pad: 255 });
});

test('keeps every range inside its octets, also of what is read beyond the sequence or beyond the end', () => {
  const decoder = decoderOf(`
meta: {id: beyond}
seq: [{id: at, type: u1}]
instances:
  far: {pos: at, size: 1}
  nothing: {pos: 200, size-eos: true}
`);
  const pdu = pduOf(decoder, hex('03 00 00 2a 00'));
  expect(pdu.length).toBe(5);
  const ranges = pdu.root.items.map(({ member, range }) => [member.id, range?.start, range?.length]);
  expect(ranges).toEqual([
    ['at', 0, 8],
    ['far', 24, 8],
    ['nothing', 40, 0],
  ]);
});
