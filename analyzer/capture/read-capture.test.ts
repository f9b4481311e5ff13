import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CapturedPacket, CaptureSummary } from './captured-packet.ts';
import { readCapture } from './read-capture.ts';
import { NO_TSHARK, TSHARK, tsharkFields } from './test-support/tshark.ts';
import { ConversationBuilder } from './write/conversation-builder.ts';
import { integer, join, zeros } from './write/octet-writer.ts';
import { type CaptureToWrite, pcapngBlock, writeCapture } from './write/write-capture.ts';

const PACKETS = new ConversationBuilder()
  .open()
  .send('c2s', new TextEncoder().encode('humidity=64'))
  .close()
  .packets();

function capture(format: Partial<CaptureToWrite> = {}): Uint8Array {
  const usual = {
    format: 'pcapng',
    linkType: 1,
    nanoseconds: true,
    bigEndian: false,
    packets: PACKETS,
  } as const;
  return writeCapture({ ...usual, ...format });
}

async function read(
  source: string | Uint8Array | readonly Uint8Array[],
): Promise<{ packets: CapturedPacket[]; summary: CaptureSummary }> {
  const packets: CapturedPacket[] = [];
  const input = source instanceof Uint8Array ? [source] : source;
  const summary = await readCapture(input, (packet) => packets.push(packet));
  return { packets, summary };
}

const block = (type: number, ...body: Uint8Array[]): Uint8Array => pcapngBlock(type, join(...body), false);
const le = (value: number | bigint, length: number): Uint8Array => integer(value, length, false);
const option = (code: number, value: Uint8Array): Uint8Array =>
  join(le(code, 2), le(value.length, 2), value, zeros((4 - (value.length % 4)) % 4));

const SECTION = block(0x0a0d0d0a, le(0x1a2b3c4d, 4), le(1, 2), le(0, 2), le(-1n, 8));
const PACKET = PACKETS[3]?.bytes ?? zeros(0);

function description(linkType: number, snaplen: number, ...options: Uint8Array[]): Uint8Array {
  return block(1, le(linkType, 2), zeros(2), le(snaplen, 4), ...options, zeros(options.length === 0 ? 0 : 4));
}

function enhanced(source: number, ticks: bigint, bytes: Uint8Array = PACKET): Uint8Array {
  const padded = join(bytes, zeros((4 - (bytes.length % 4)) % 4));
  return block(
    6,
    le(source, 4),
    le(ticks >> 32n, 4),
    le(ticks, 4),
    le(bytes.length, 4),
    le(bytes.length, 4),
    padded,
  );
}

const FORMATS = (['pcap', 'pcapng'] as const).flatMap((format) =>
  [false, true].flatMap((bigEndian) =>
    [false, true].map((nanoseconds) => ({ format, bigEndian, nanoseconds })),
  ),
);

test.each(FORMATS)('gives the same packets however the octets are cut: %j', async (format) => {
  const whole = capture(format);
  const expected = await read(whole);
  expect(expected.summary).toMatchObject({
    format: format.format,
    packets: PACKETS.length,
    end: { kind: 'complete' },
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(whole.length), { maxLength: 20 }), async (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), whole.length];
      const chunks = places.slice(1).map((end, index) => whole.slice(places[index], end));
      expect(await read(chunks)).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test.each(FORMATS)('hands out all packets before a cut, wherever it is: %j', async (format) => {
  const whole = capture(format);
  const { packets } = await read(whole);
  let complete = 0;
  for (let length = 0; length < whole.length; length += 1) {
    const { packets: before, summary } = await read(whole.subarray(0, length));
    expect(before).toEqual(packets.slice(0, before.length));
    expect(before.length).toBeGreaterThanOrEqual(complete);
    complete = before.length;
    const { end } = summary;
    if (end.kind === 'cut') expect(end.offset).toBeLessThan(length);
    else expect([0, 1, 2, 3].includes(length) || end.kind === 'complete', `${length} ${end.kind}`).toBe(true);
  }
  expect(complete).toBe(PACKETS.length - 1);
});

test('never throws on octets changed at random', async () => {
  const whole = FORMATS.map(capture);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(whole.length - 1),
      fc.array(fc.tuple(fc.nat(4000), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      async (which, changes) => {
        const damaged = whole[which]?.slice() ?? zeros(0);
        for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
        const { packets, summary } = await read(damaged);
        expect(packets.length).toBe(summary.packets);
      },
    ),
    { numRuns: 500 },
  );
});

test('reads sections of either byte order, each with interfaces of its own', async () => {
  const [first, second] = [capture({ bigEndian: true }), capture({ linkType: 101, bigEndian: false })];
  const { packets, summary } = await read(join(first, second));
  expect(packets.map(({ frame }) => frame)).toEqual(
    Array.from({ length: PACKETS.length * 2 }, (_, i) => i + 1),
  );
  expect(summary).toMatchObject({
    packets: PACKETS.length * 2,
    linkTypes: [1, 101],
    end: { kind: 'complete' },
  });
});

test.each([
  ['no option: microseconds', [], 1_700_000_000_123_456n, 1_700_000_000_123_456_000n],
  ['10^-3', [option(9, le(3, 1))], 1_700_000_000_123n, 1_700_000_000_123_000_000n],
  ['10^-9', [option(9, le(9, 1))], 1_700_000_000_123_456_789n, 1_700_000_000_123_456_789n],
  ['10^-12', [option(9, le(12, 1))], 1_700_000_123_456_789_999n, 1_700_000_123_456_789n],
  ['2^-10', [option(9, le(0x8a, 1))], 1_700_000_000n * 1024n + 512n, 1_700_000_000_500_000_000n],
  ['offset', [option(9, le(9, 1)), option(14, le(1_700_000_000n, 8))], 5n, 1_700_000_000_000_000_005n],
  ['offset back', [option(14, le(-3600n, 8))], 3_600_000_000n, 0n],
])('counts time by the interface: %s', async (_, options, ticks, expected) => {
  const { packets } = await read(join(SECTION, description(1, 0, ...options), enhanced(0, ticks)));
  expect(packets.map(({ time }) => time)).toEqual([expected]);
});

test('reads simple and obsolete packet blocks', async () => {
  const simple = block(3, le(PACKET.length, 4), PACKET);
  const cut = block(3, le(400, 4), PACKET.subarray(0, 40), zeros(0));
  const old = block(
    2,
    le(0, 2),
    le(7, 2),
    le(0, 4),
    le(9_000_000, 4),
    le(PACKET.length, 4),
    le(1500, 4),
    PACKET,
  );
  const { packets, summary } = await read(join(SECTION, description(1, 40), simple, cut, old));
  expect(packets.map(({ time, bytes, originalLength }) => [time, bytes.length, originalLength])).toEqual([
    [0n, 40, PACKET.length],
    [0n, 40, 400],
    [9_000_000_000n, PACKET.length, 1500],
  ]);
  expect(summary.end).toEqual({ kind: 'complete' });
});

test('numbers records as frame.number does, other blocks passed over', async (context) => {
  const text = new TextEncoder().encode('abcdefgh');
  const others = [
    block(4, le(1, 2), le(6, 2), Uint8Array.of(1, 2, 3, 4, 97, 0), zeros(2), zeros(4)),
    block(5, le(0, 4), zeros(8)),
    block(10, le(0x544c534b, 4), le(8, 4), text),
    block(0x12345, text),
    block(0x80000001, text),
    block(0x0bad, le(99_999, 4), text),
    block(0x40000bad, le(99_999, 4), text),
    block(0x204, zeros(18), le(26, 4), le(1, 2), zeros(8)),
    block(9, new TextEncoder().encode('__REALTIME_TIMESTAMP=1700000000000000\nMESSAGE=x\n\n')),
  ];
  const interleaved = others.flatMap((other, index) => [other, enhanced(0, BigInt(index))]);
  const whole = join(SECTION, description(1, 0), ...interleaved);
  const { packets, summary } = await read(whole);
  expect(summary.end).toEqual({ kind: 'complete' });
  expect(packets.map(({ frame }) => frame)).toEqual([1, 2, 3, 4, 5, 7, 9, 11, 13]);
  if (TSHARK === undefined) context.skip(NO_TSHARK);
  const theirs = tsharkFields(whole, ['frame.number', 'tcp.stream']).filter(([, stream]) => stream === '0');
  expect(theirs.map(([frame]) => Number(frame))).toEqual(packets.map(({ frame }) => frame));
});

test.each([
  ['a packet of no interface', join(SECTION, enhanced(0, 0n)), 28, 'names interface 0; 0 are described'],
  [
    'lengths that differ',
    join(SECTION, description(1, 0), enhanced(0, 0n).fill(9, -4, -3)),
    48,
    `begins with length ${enhanced(0, 0n).length} and ends with length`,
  ],
  ['a block shorter than its frame', join(SECTION, le(6, 4), le(8, 4), zeros(40)), 28, 'claims 8 octets'],
  ['an odd length', join(SECTION, le(6, 4), le(61, 4), zeros(60)), 28, 'claims 61 octets'],
  [
    'an absurd length',
    join(SECTION, description(1, 0), le(6, 4), le(0xfffffffc, 4), zeros(60)),
    48,
    'claims 4294967292',
  ],
  [
    'a time resolution beyond 64 bits',
    join(SECTION, description(1, 0, option(9, le(200, 1)))),
    28,
    'if_tsresol 200',
  ],
  [
    'more captured octets than the block has',
    join(SECTION, description(1, 0), block(6, zeros(12), le(99, 4), le(99, 4), zeros(20))),
    48,
    'claims 99 captured octets',
  ],
])('stops at %s and says where', async (_, octets, offset, words) => {
  const { summary } = await read(octets);
  expect(summary.end).toMatchObject({ kind: 'damaged', offset });
  expect('message' in summary.end && summary.end.message).toContain(words);
});

test('stops at a pcap record that cannot be', async () => {
  const whole = join(capture({ format: 'pcap' }), zeros(8), le(0x7fffffff, 4), le(60, 4), zeros(60));
  const { packets, summary } = await read(whole);
  expect(packets.length).toBe(PACKETS.length);
  expect(summary.end).toMatchObject({ kind: 'damaged', offset: capture({ format: 'pcap' }).length });
});

test('reads the modified pcap, whose record headers have 24 octets', async () => {
  const plain = capture({ format: 'pcap', packets: [], nanoseconds: false });
  const header = join(le(0xa1b2cd34, 4), plain.subarray(4));
  const record = join(le(5, 4), le(6, 4), le(PACKET.length, 4), le(1500, 4), zeros(8), PACKET);
  const { packets } = await read(join(header, record, record));
  expect(packets.map(({ time, bytes, originalLength }) => [time, bytes, originalLength])).toEqual([
    [5_000_006_000n, PACKET, 1500],
    [5_000_006_000n, PACKET, 1500],
  ]);
});

test('reads gzip, in one member or in several, and says where one is cut', async () => {
  const whole = capture();
  const expected = await read(whole);
  const half = whole.length >> 1;
  const members = join(gzipSync(whole.subarray(0, half)), gzipSync(whole.subarray(half)));
  for (const packed of [gzipSync(whole), members]) {
    const { packets, summary } = await read(packed);
    expect(packets).toEqual(expected.packets);
    expect(summary).toEqual({ ...expected.summary, compression: 'gzip' });
  }
  const stored = gzipSync(whole, { level: 0 });
  const { packets, summary } = await read(stored.subarray(0, stored.length - 30));
  expect(packets).toEqual(expected.packets.slice(0, -1));
  expect(summary.end).toMatchObject({ kind: 'cut', message: expect.stringContaining('gzip') as string });
});

test('never throws on gzip that is cut or changed', async () => {
  const packed = gzipSync(capture());
  for (let length = 0; length < packed.length; length += 1) {
    const { summary } = await read(packed.subarray(0, length));
    expect(summary.end.kind).not.toBe('complete');
    const changed = packed.map((octet, index) => (index === length ? octet ^ 0x55 : octet));
    await read(changed);
  }
});

/** A Zstandard frame of raw blocks (RFC 8878 3.1.1): magic, single segment with 4 octets of size, blocks. */
function zstdFrame(octets: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < octets.length; at += 1000) {
    const part = octets.subarray(at, at + 1000);
    const last = at + 1000 >= octets.length ? 1 : 0;
    blocks.push(le((part.length << 3) | last, 3), part);
  }
  return join(le(0xfd2fb528, 4), le(0xa0, 1), le(octets.length, 4), ...blocks);
}

test('reads zstd, in one frame or in several, behind a skippable one, and cut', async () => {
  const whole = capture({ packets: [...PACKETS, ...PACKETS, ...PACKETS] });
  const expected = await read(whole);
  const skippable = join(le(0x184d2a50, 4), le(4, 4), zeros(4));
  const frames = join(zstdFrame(whole.subarray(0, 700)), zstdFrame(whole.subarray(700)));
  for (const packed of [zstdFrame(whole), frames, join(skippable, zstdFrame(whole))]) {
    const { packets, summary } = await read(packed);
    expect(packets).toEqual(expected.packets);
    expect(summary).toEqual({ ...expected.summary, compression: 'zstd' });
  }
  const packed = zstdFrame(whole);
  for (let length = 5; length < packed.length; length += 7) {
    expect((await read(packed.subarray(0, length))).summary.end.kind).toBe('cut');
  }
});

test('reads what the zstd program packs', async (context) => {
  const whole = capture();
  const { stdout, status } = spawnSync('zstd', ['-c', '-19'], { input: whole, maxBuffer: 1 << 20 });
  if (status !== 0) context.skip('no zstd program on this machine');
  expect((await read(new Uint8Array(stdout))).packets).toEqual((await read(whole)).packets);
});

test.each([
  ['', 'empty', ''],
  ['[\n  {\n    "_index": "packets"', 'not-a-capture', 'JSON'],
  ['No. Time Source', 'not-a-capture', 'text'],
  ['\x7fELF\x02\x01\x01', 'not-a-capture', 'an ELF program'],
  ['\x04\x22\x4d\x18\x64\x40\xa7', 'not-a-capture', 'lz4'],
  ['PK\x03\x04', 'not-a-capture', 'a zip archive'],
  ['\x00\x01\x02\x03\x04', 'not-a-capture', 'unknown data (first octets 00 01 02 03)'],
])('says what %j is, if no capture', async (text, kind, looksLike) => {
  const { packets, summary } = await read(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  expect(packets).toEqual([]);
  expect(summary).toMatchObject({ format: null, end: { kind } });
  if (summary.end.kind === 'not-a-capture') expect(summary.end.looksLike).toBe(looksLike);
});

test('looks through gzip for what is no capture', async () => {
  const { summary } = await read(gzipSync('{"a":1}'));
  expect(summary).toMatchObject({ compression: 'gzip', end: { kind: 'not-a-capture', looksLike: 'JSON' } });
});

test('cannot read what is not there, or a folder', async () => {
  const missing = read('does/not/exist.pcapng');
  await expect(missing).rejects.toMatchObject({
    code: 'capture-unreadable',
    message: 'Cannot read "does/not/exist.pcapng": there is no such file.',
  });
  await expect(read('.')).rejects.toMatchObject({ code: 'capture-unreadable' });
});

test('tells how far it is', async () => {
  const told: number[] = [];
  const whole = capture();
  await readCapture([whole.subarray(0, 100), whole.subarray(100)], () => undefined, {
    onProgress: (octets) => told.push(octets),
  });
  expect(told).toEqual([100, whole.length]);
});

test.each([
  ['a capture read to its end', capture(), undefined],
  ['what is no capture', new TextEncoder().encode('{'.repeat(100)), undefined],
  ['a damaged capture', join(capture({ format: 'pcap' }), zeros(8), le(0x7fffffff, 4), zeros(4)), undefined],
  ['packed octets that are no capture', new Uint8Array(gzipSync('{}')), undefined],
  ['a reader that fails', capture(), 'enough'],
])('lets go of the source after %s', async (_, octets, failure) => {
  let closed = 0;
  async function* source(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield octets.subarray(0, 20);
      yield octets.subarray(20);
      yield* endlessly();
    } finally {
      closed += 1;
    }
  }
  async function* endlessly(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let turn = 0; turn < 3; turn += 1) yield await Promise.resolve(zeros(0));
  }
  const reading = readCapture(source(), () => {
    if (failure !== undefined) throw new Error(failure);
  });
  if (failure === undefined) await reading;
  else await expect(reading).rejects.toThrow(failure);
  expect(closed).toBe(1);
});
