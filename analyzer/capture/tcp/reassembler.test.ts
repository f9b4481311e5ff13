import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  HARD_MAXIMUM_HOLE_FRAMES,
  HOLE_PROOF_SEGMENTS,
  LINGER_NANOSECONDS,
  MAXIMUM_CONVERSATIONS,
  MAXIMUM_HOLE_FRAMES,
  MAXIMUM_HOLE_NANOSECONDS,
  MAXIMUM_TOTAL_PENDING_OCTETS,
} from '../limits.ts';
import type { Endpoint, TcpSegment } from '../segment.ts';
import type { Side, StreamEvent } from '../stream.ts';
import {
  NO_TSHARK,
  NUMBERS_AS_CONTRACT,
  OTHER_NUMBERS,
  TSHARK,
  tsharkFields,
} from '../test-support/tshark.ts';
import type { SegmentToBuild } from '../write/build-packet.ts';
import { ConversationBuilder, type ConversationToBuild } from '../write/conversation-builder.ts';
import { writeCapture } from '../write/write-capture.ts';
import { TcpReassembler } from './reassembler.ts';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);
const MILLISECOND = 1_000_000n;

class Bench {
  readonly events: StreamEvent[] = [];
  readonly reassembler = new TcpReassembler((event) => this.events.push(event));
  frame = 0;
  time = 0n;

  push(...segments: readonly SegmentToBuild[]): number[] {
    return segments.map((segment) => {
      this.frame += 1;
      this.time += MILLISECOND;
      const captured: TcpSegment = {
        kind: 'tcp',
        missing: 0,
        ...segment,
        frame: this.frame,
        time: this.time,
      };
      return this.reassembler.push(captured);
    });
  }

  /** What happened, in short. */
  story(): string[] {
    return this.events.map((event) => {
      const { stream, client, server } = event.conversation;
      switch (event.kind) {
        case 'open':
          return `${stream} open ${client.port}>${server.port} #${event.frame}`;
        case 'data':
          return `${stream} ${event.side} ${event.position} "${text(event.bytes)}" #${event.frame}`;
        case 'gap':
          return `${stream} ${event.side} ${event.position} ${event.reason} ${event.length} #${event.frame}`;
        case 'end':
          return `${stream} ${event.side} ${event.position} ${event.reason} #${event.frame}`;
      }
    });
  }

  finish(): string[] {
    this.reassembler.finish();
    return this.story();
  }

  octets(side: Side): string {
    return this.events
      .map((event) => (event.kind === 'data' && event.side === side ? text(event.bytes) : ''))
      .join('');
  }
}

function conversation(shape: Partial<ConversationToBuild> = {}): ConversationBuilder {
  return new ConversationBuilder(shape);
}

function story(...builders: readonly ConversationBuilder[]): string[] {
  const bench = new Bench();
  for (const { segments } of builders) bench.push(...segments);
  return bench.finish();
}

test('tells a conversation from its SYN to both FINs', () => {
  expect(
    story(conversation().open().send('c2s', octets('water?')).send('s2c', octets('42 %')).close()),
  ).toEqual([
    '0 open 50000>8080 #1',
    '0 c2s 0 "water?" #4',
    '0 s2c 0 "42 %" #5',
    '0 c2s 6 fin #6',
    '0 s2c 4 fin #7',
  ]);
});

test('makes the receiver of a SYN-ACK the client, and guesses by the port without one', () => {
  const server = { address: '192.0.2.1', port: 60000 };
  const client = { address: '192.0.2.2', port: 50000 };
  const { segments } = conversation({ server, client }).open().send('s2c', octets('hello'));
  const firsts = [0, 1, 3].map((from) => {
    const bench = new Bench();
    bench.push(...segments.slice(from));
    const [open] = bench.finish();
    return { open, synSeen: bench.events[0]?.conversation.synSeen };
  });
  expect(firsts).toEqual([
    { open: '0 open 50000>60000 #1', synSeen: true },
    { open: '0 open 50000>60000 #1', synSeen: true },
    { open: '0 open 60000>50000 #1', synSeen: false },
  ]);
});

test('learns the client from a SYN that comes after other packets, if nothing was told yet', () => {
  const server = { address: '192.0.2.1', port: 60000 };
  const client = { address: '192.0.2.2', port: 50000 };
  const { segments } = conversation({ server, client }).open().send('c2s', octets('hello'));
  const [syn, synAck, ack, data] = segments;
  const bench = new Bench();
  for (const segment of [ack, data, syn, synAck]) if (segment !== undefined) bench.push(segment);
  expect(bench.finish().slice(0, 2)).toEqual(['0 open 50000>60000 #1', '0 c2s 0 "hello" #2']);
});

const exchanges = fc.record({
  c2s: fc.string({ minLength: 1, maxLength: 200 }),
  s2c: fc.string({ maxLength: 200 }),
  segmentOctets: fc.integer({ min: 1, max: 60 }),
  clientSequence: fc.oneof(fc.nat(2 ** 31), fc.integer({ min: 2 ** 32 - 300, max: 2 ** 32 - 1 })),
  /** How many places each segment, and a copy of it (-1: none), is late. */
  delays: fc.array(fc.tuple(fc.nat(6), fc.integer({ min: -1, max: 6 })), { minLength: 1, maxLength: 50 }),
  stretch: fc.constantFrom(1, 50),
});

test('gives the same octets whatever is reordered or doubled on the way', () => {
  fc.assert(
    fc.property(exchanges, ({ c2s, s2c, segmentOctets, clientSequence, delays, stretch }) => {
      const [asked, answered] = [octets(c2s), octets(s2c)];
      const { segments } = conversation({ clientSequence })
        .open()
        .send('c2s', asked, segmentOctets)
        .send('s2c', answered, segmentOctets)
        .close();
      // Far out of order, acknowledgements would prove that the capture lost what is still to come.
      const [, , established] = segments;
      const acknowledgement = { c2s: established?.acknowledgement ?? 0, s2c: established?.sequence ?? 0 };
      const arrived = segments.slice(3).flatMap((segment, index) => {
        const [delay = 0, copy = -1] = delays[index % delays.length] ?? [];
        const side = segment.source.port === 8080 ? 's2c' : 'c2s';
        const sent = stretch === 1 ? segment : { ...segment, acknowledgement: acknowledgement[side] };
        const first = { sent, place: index + delay * stretch };
        return copy < 0 ? [first] : [first, { sent, place: index + copy * stretch }];
      });
      arrived.sort((a, b) => a.place - b.place);
      const bench = new Bench();
      bench.push(...segments.slice(0, 3), ...arrived.map(({ sent }) => sent));
      bench.reassembler.finish();
      expect(bench.octets('c2s')).toBe(text(asked));
      expect(bench.octets('s2c')).toBe(text(answered));
      expect(bench.events.filter(({ kind }) => kind === 'gap')).toEqual([]);
      const ended = bench.events.filter((event) => event.kind === 'end');
      expect(ended.map(({ side, reason }) => `${side} ${reason}`).sort()).toEqual(['c2s fin', 's2c fin']);
      expect(bench.reassembler.pendingFrom()).toBeUndefined();
    }),
    { numRuns: 1000 },
  );
});

test('never hands out data of an earlier packet than it says is pending', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(80), { minLength: 1, maxLength: 60 }), (starts) => {
      const [syn] = conversation().open().segments;
      const bench = new Bench();
      if (syn !== undefined) bench.push(syn);
      for (const start of starts) {
        const settled = bench.reassembler.pendingFrom() ?? bench.frame + 1;
        const before = bench.events.length;
        const base = conversation().open().add('c2s', {}, octets('abc')).segments.at(-1);
        if (base !== undefined) bench.push({ ...base, sequence: base.sequence + start });
        for (const event of bench.events.slice(before)) {
          if (event.kind === 'data') expect(event.frame).toBeGreaterThanOrEqual(settled);
        }
      }
    }),
    { numRuns: 300 },
  );
});

const HELLO = octets('hello');
const LATER: Partial<ConversationToBuild> = { clientSequence: 700_000, serverSequence: 900_000 };
const TURNED: Partial<ConversationToBuild> = {
  client: { address: '192.0.2.2', port: 8080 },
  server: { address: '192.0.2.1', port: 50000 },
};

const NUMBERINGS: readonly (readonly [string, readonly ConversationBuilder[]])[] = [
  ['a SYN sent again', [conversation().open(), conversation().open().send('c2s', HELLO)]],
  ['a new connection of the same ends', [conversation().open().close(), conversation(LATER).open()]],
  ['a new connection while the old one is open', [conversation().open(), conversation(LATER).open()]],
  [
    'a connection refused and tried again',
    [conversation().add('c2s', { syn: true, ack: false }).reset('s2c'), conversation(LATER).open()],
  ],
  [
    'data before its own SYN',
    [
      conversation({ clientSequence: 1001 }).send('c2s', HELLO),
      conversation({ clientSequence: 1000 }).open(),
    ],
  ],
  [
    'data, then the SYN of another connection',
    [conversation().send('c2s', HELLO), conversation(LATER).open()],
  ],
  [
    'a SYN from the other end with another number',
    [conversation().open(), conversation({ ...TURNED, ...LATER }).open()],
  ],
  [
    'both ends opening at once',
    [
      conversation()
        .add('c2s', { syn: true, ack: false })
        .add('s2c', { syn: true, ack: false })
        .send('c2s', HELLO),
    ],
  ],
  ['a RST, then a SYN', [conversation().reset('s2c'), conversation().open()]],
  [
    'IPv4 and IPv6 in one count',
    [
      conversation().open(),
      conversation({
        client: { address: '2001:db8::1', port: 50000 },
        server: { address: '2001:db8::2', port: 8080 },
      }).open(),
      conversation({ client: { address: '192.0.2.9', port: 50000 } }).send('s2c', HELLO),
    ],
  ],
];

test('numbers streams as tcp.stream', (context) => {
  const numbers = NUMBERINGS.map(([name, builders]) => {
    const bench = new Bench();
    return { name, streams: builders.flatMap(({ segments }) => bench.push(...segments)).join('') };
  });
  expect(numbers.map(({ name, streams }) => `${streams} ${name}`)).toEqual([
    '0000000 a SYN sent again',
    '000000111 a new connection of the same ends',
    '000111 a new connection while the old one is open',
    '00111 a connection refused and tried again',
    '0000 data before its own SYN',
    '0111 data, then the SYN of another connection',
    '000111 a SYN from the other end with another number',
    '000 both ends opening at once',
    '0111 a RST, then a SYN',
    '0001112 IPv4 and IPv6 in one count',
  ]);
  if (TSHARK === undefined) context.skip(NO_TSHARK);
  if (!NUMBERS_AS_CONTRACT) context.skip(OTHER_NUMBERS);
  for (const [index, [name, builders]] of NUMBERINGS.entries()) {
    const packets = builders.flatMap((builder) => builder.packets());
    const capture = writeCapture({
      format: 'pcap',
      nanoseconds: true,
      bigEndian: false,
      linkType: 1,
      packets,
    });
    const theirs = tsharkFields(capture, ['tcp.stream']).flat().join('');
    expect(theirs, name).toBe(numbers[index]?.streams);
  }
});

test('ends the old conversation where its ends begin a new one', () => {
  expect(
    story(conversation().open().send('c2s', HELLO), conversation(LATER).open().send('c2s', octets('again'))),
  ).toEqual([
    '0 open 50000>8080 #1',
    '0 c2s 0 "hello" #4',
    '0 c2s 5 port-reuse #5',
    '0 s2c 0 port-reuse #5',
    '1 open 50000>8080 #5',
    '1 c2s 0 "again" #8',
    '1 c2s 5 capture-end #8',
    '1 s2c 0 capture-end #8',
  ]);
});

test('takes data that was on its way when a RST was sent, and ends with the RST', () => {
  expect(story(conversation().open().send('c2s', HELLO).reset('c2s').send('s2c', octets('late')))).toEqual([
    '0 open 50000>8080 #1',
    '0 c2s 0 "hello" #4',
    '0 s2c 0 "late" #6',
    '0 c2s 5 rst #5',
    '0 s2c 4 rst #5',
  ]);
});

test('ends a reset conversation once stragglers had their time', () => {
  const bench = new Bench();
  bench.push(...conversation().open().reset('s2c').segments);
  bench.time += LINGER_NANOSECONDS + MILLISECOND;
  bench.push(...conversation({ client: { address: '192.0.2.7', port: 40000 } }).open().segments);
  expect(bench.story()).toContain('0 s2c 0 rst #4');
});

test('does not take what was overtaken by a RST for a sender who goes on', () => {
  const [syn, synAck, ack, data, rst] = conversation().open().send('c2s', HELLO).reset('c2s').segments;
  const bench = new Bench();
  for (const segment of [syn, synAck, ack, rst, data]) if (segment !== undefined) bench.push(segment);
  expect(bench.finish().slice(1)).toEqual(['0 c2s 0 "hello" #5', '0 c2s 5 rst #4', '0 s2c 0 rst #4']);
});

test('does not believe a RST when its sender acknowledges what comes after', () => {
  const { segments } = conversation().open().reset('c2s').send('s2c', HELLO).acknowledge('c2s');
  const bench = new Bench();
  bench.push(...segments);
  bench.time += LINGER_NANOSECONDS;
  bench.push(...conversation().open().reset('c2s').send('s2c', octets('hello again')).segments.slice(-1));
  expect(bench.finish()).toContain('0 s2c 5 " again" #7');
});

test('does not believe a FIN that lies before data already seen', () => {
  const { segments } = conversation().open().send('c2s', HELLO).send('c2s', HELLO);
  const [, , , first] = segments;
  const bench = new Bench();
  bench.push(...segments.slice(0, 4));
  if (first !== undefined)
    bench.push({ ...first, payload: new Uint8Array(0), flags: { ...first.flags, fin: true } });
  bench.push(...segments.slice(4));
  bench.reassembler.finish();
  expect(bench.octets('c2s')).toBe('hellohello');
});

test('does not believe a RST whose sender goes on', () => {
  const { segments } = conversation().open().send('c2s', HELLO).reset('c2s').send('c2s', HELLO).close();
  const bench = new Bench();
  bench.push(...segments);
  expect(bench.finish().filter((line) => line.includes(' c2s '))).toEqual([
    '0 c2s 0 "hello" #4',
    '0 c2s 5 "hello" #6',
    '0 c2s 10 fin #7',
  ]);
});

test('takes data in a SYN, and data before the SYN-ACK', () => {
  const { segments } = conversation()
    .add('c2s', { syn: true, ack: false }, octets('fast'))
    .add('s2c', { syn: true })
    .send('s2c', octets('open'));
  const [syn, synAck, answer] = segments;
  const bench = new Bench();
  for (const segment of [syn, answer, synAck]) if (segment !== undefined) bench.push(segment);
  expect(bench.finish().slice(0, 3)).toEqual([
    '0 open 50000>8080 #1',
    '0 c2s 0 "fast" #1',
    '0 s2c 0 "open" #2',
  ]);
});

test('takes no octet twice from keep-alives and window probes', () => {
  const builder = conversation().open().send('c2s', octets('abc'));
  const data = builder.segments.at(-1);
  if (data === undefined) throw new Error('there is a segment');
  const keepAlive = { ...data, sequence: data.sequence + 2, payload: octets('\0') };
  const probe = { ...data, sequence: data.sequence + 3, payload: octets('d') };
  const whole = { ...data, sequence: data.sequence + 3, payload: octets('def') };
  const bench = new Bench();
  bench.push(...builder.segments, keepAlive, probe, probe, whole);
  bench.reassembler.finish();
  expect(bench.octets('c2s')).toBe('abcdef');
});

test('declares what the other end acknowledged and the capture lacks', () => {
  const { segments } = conversation()
    .open()
    .send('c2s', octets('abcdef'), 2)
    .acknowledge('s2c')
    .send('c2s', octets('x'.repeat(HOLE_PROOF_SEGMENTS)), 1);
  const bench = new Bench();
  bench.push(...segments.filter((_, index) => index !== 4));
  expect(bench.story().slice(0, 4)).toEqual([
    '0 open 50000>8080 #1',
    '0 c2s 0 "ab" #4',
    `0 c2s 2 lost 2 #${bench.frame}`,
    '0 c2s 4 "ef" #5',
  ]);
  expect(bench.reassembler.pendingFrom()).toBeUndefined();
});

test('says from which packet on data is held, as long as it is', () => {
  const { segments } = conversation().open().send('c2s', octets('abcdef'), 2);
  const bench = new Bench();
  bench.push(...segments.filter((_, index) => index !== 3));
  expect(bench.reassembler.pendingFrom()).toBe(4);
  bench.push(...segments.slice(3, 4));
  expect(bench.reassembler.pendingFrom()).toBeUndefined();
  expect(bench.story().slice(1)).toEqual(['0 c2s 0 "ab" #6', '0 c2s 2 "cd" #4', '0 c2s 4 "ef" #5']);
});

test('gives up a hole that has held up the order for long', () => {
  const { segments } = conversation().open().send('c2s', octets('abcd'), 2);
  const other = conversation({ client: { address: '192.0.2.7', port: 40000 } }).open();
  const run = (frames: number, nanoseconds: bigint): number | undefined => {
    const bench = new Bench();
    bench.push(...segments.filter((_, index) => index !== 3));
    bench.frame += frames;
    bench.time += nanoseconds;
    bench.push(...other.segments);
    return bench.reassembler.pendingFrom();
  };
  expect(run(MAXIMUM_HOLE_FRAMES, 0n)).toBe(4);
  expect(run(0, MAXIMUM_HOLE_NANOSECONDS)).toBe(4);
  expect(run(MAXIMUM_HOLE_FRAMES, MAXIMUM_HOLE_NANOSECONDS)).toBeUndefined();
  expect(run(HARD_MAXIMUM_HOLE_FRAMES, 0n)).toBeUndefined();
});

function ends(index: number): Pick<ConversationToBuild, 'client'> {
  const address = `10.${(index >> 16) & 0xff}.${(index >> 8) & 0xff}.${index & 0xff}`;
  return { client: { address, port: 50000 } };
}

test('keeps the octets held back by all conversations below the limit', () => {
  const bench = new Bench();
  const large = new Uint8Array(1 << 20);
  const enough = MAXIMUM_TOTAL_PENDING_OCTETS / large.length;
  for (let index = 0; index < enough; index += 1) {
    const { segments } = conversation(ends(index))
      .open()
      .send('c2s', octets('ab'), 1)
      .send('c2s', large, large.length);
    bench.push(...segments.filter((_, at) => at !== 3));
  }
  expect(bench.story().filter((line) => line.includes('lost'))).toEqual([`0 c2s 0 lost 1 #${bench.frame}`]);
});

test('forgets those silent longest when there are too many conversations', () => {
  const bench = new Bench();
  for (let index = 0; index <= MAXIMUM_CONVERSATIONS; index += 1) {
    const [syn] = conversation(ends(index)).open().segments;
    if (syn !== undefined) bench.push(syn);
  }
  const ended = bench.events.filter(({ kind }) => kind === 'end');
  expect(ended.length).toBe(MAXIMUM_CONVERSATIONS / 2);
  expect(Math.max(...ended.map((event) => event.conversation.stream))).toBe(MAXIMUM_CONVERSATIONS / 4 - 1);
});

test('knows conversations by their ends, not by the objects that name them', () => {
  const { segments } = conversation().open().send('c2s', octets('abc'), 1).close();
  const copy = ({ address, port }: Endpoint): Endpoint => ({ address, port });
  const bench = new Bench();
  const streams = bench.push(
    ...segments.map((segment) => ({
      ...segment,
      source: copy(segment.source),
      destination: copy(segment.destination),
    })),
  );
  expect(new Set(streams)).toEqual(new Set([0]));
  bench.reassembler.finish();
  expect(bench.octets('c2s')).toBe('abc');
});

test('takes segments that are numbered already and lack sequence numbers', () => {
  const bench = new Bench();
  const { segments } = conversation().send('c2s', octets('abcd'), 2).send('s2c', octets('ok')).finish('c2s');
  for (const segment of segments) {
    bench.frame += 1;
    const { source, destination, flags, window, payload } = segment;
    const place = { frame: bench.frame, time: 0n };
    const loose = { kind: 'tcp', source, destination, flags, window, payload, missing: 0, ...place } as const;
    bench.reassembler.pushNumbered({ ...loose, sequence: null, acknowledgement: null }, 17);
  }
  expect(bench.finish()).toEqual([
    '17 open 50000>8080 #1',
    '17 c2s 0 "ab" #1',
    '17 c2s 2 "cd" #2',
    '17 s2c 0 "ok" #3',
    '17 c2s 4 fin #4',
    '17 s2c 2 capture-end #4',
  ]);
});
