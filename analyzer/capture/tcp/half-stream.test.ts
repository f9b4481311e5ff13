import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  HOLE_PROOF_SEGMENTS,
  JUMP_PROOF_SEGMENTS,
  MAXIMUM_PENDING_OCTETS,
  MAXIMUM_PENDING_SEGMENTS,
  START_PROOF_SEGMENTS,
} from '../limits.ts';
import { HalfStream } from './half-stream.ts';
import { advance } from './sequence.ts';

type Seen =
  | { readonly position: number; readonly octets: readonly number[]; readonly frame: number }
  | { readonly position: number; readonly missing: number; readonly reason: string };

class Bench {
  readonly seen: Seen[] = [];
  #frame = 0;
  readonly half = new HalfStream({
    data: (position, bytes, frame) => this.seen.push({ position, octets: Array.from(bytes), frame }),
    gap: (position, missing, reason) => this.seen.push({ position, missing, reason }),
  });

  place() {
    this.#frame += 1;
    return { frame: this.#frame, time: BigInt(this.#frame) };
  }

  syn(sequence: number): this {
    this.half.synchronise(sequence, this.place());
    return this;
  }

  data(sequence: number, octets: readonly number[], missing = 0, fin = false): this {
    this.half.receive(sequence, { payload: Uint8Array.from(octets), missing, ...this.place() }, fin);
    return this;
  }

  ack(acknowledgement: number): this {
    this.half.acknowledge(acknowledgement, this.place());
    return this;
  }

  end(): readonly Seen[] {
    this.half.end(this.place());
    return this.seen;
  }
}

interface Octet {
  readonly value: number | 'cut' | 'lost';
  readonly frame: number;
}

/** Every octet that was handed out or declared missing, by position; throws when they are not in order. */
function flatten(seen: readonly Seen[]): Octet[] {
  const octets: Octet[] = [];
  for (const event of seen) {
    expect(event.position).toBe(octets.length);
    if ('octets' in event) octets.push(...event.octets.map((value) => ({ value, frame: event.frame })));
    else {
      const value = event.reason === 'snaplen' ? 'cut' : 'lost';
      octets.push(...Array.from({ length: event.missing }, (): Octet => ({ value, frame: 0 })));
    }
  }
  return octets;
}

interface Piece {
  readonly start: number;
  readonly octets: readonly number[];
  readonly missing: number;
}

const pieces = fc.array(
  fc.record({
    start: fc.nat(120),
    octets: fc.array(fc.nat(255), { maxLength: 30 }),
    missing: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(10) }),
  }),
  { maxLength: 40 },
);

/** The naive oracle: one slot an octet, filled by whatever comes first. */
function naive(arrivals: readonly Piece[], firstFrame: number): Octet[] {
  const map: (Octet | undefined)[] = [];
  for (const [index, { start, octets, missing }] of arrivals.entries()) {
    const frame = firstFrame + index;
    octets.forEach((value, at) => (map[start + at] ??= { value, frame }));
    for (let at = 0; at < missing; at += 1) map[start + octets.length + at] ??= { value: 'cut', frame: 0 };
  }
  return Array.from(map, (octet) => octet ?? { value: 'lost', frame: 0 });
}

test('gives each octet as it came first, whatever the order and overlap', () => {
  fc.assert(
    fc.property(pieces, fc.integer({ min: 0, max: 2 ** 32 - 1 }), (arrivals, initial) => {
      const bench = new Bench().syn(initial);
      for (const { start, octets, missing } of arrivals)
        bench.data(advance(initial, 1 + start), octets, missing);
      expect(flatten(bench.end())).toEqual(naive(arrivals, 2));
    }),
    { numRuns: 2000 },
  );
});

test('begins with the lowest number where there is no SYN', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          start: fc.nat(120),
          octets: fc.array(fc.nat(255), { minLength: 2, maxLength: 30 }),
          missing: fc.constant(0),
        }),
        { minLength: 1, maxLength: START_PROOF_SEGMENTS - 1 },
      ),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      (arrivals, initial) => {
        const bench = new Bench();
        for (const { start, octets } of arrivals) bench.data(advance(initial, start), octets);
        const lowest = Math.min(...arrivals.map(({ start }) => start));
        expect(flatten(bench.end())).toEqual(naive(arrivals, 1).slice(lowest));
      },
    ),
    { numRuns: 1000 },
  );
});

test('hands out at once what is in order', () => {
  const bench = new Bench().syn(0xfffffffd).data(0xfffffffe, [1, 2, 3]).data(1, [4]);
  expect(bench.seen).toEqual([
    { position: 0, octets: [1, 2, 3], frame: 2 },
    { position: 3, octets: [4], frame: 3 },
  ]);
});

test('waits without a SYN until the other end has what is lowest', () => {
  const bench = new Bench().data(105, [5, 6]);
  expect(bench.seen).toEqual([]);
  bench.data(100, [0, 1, 2, 3, 4]);
  expect(bench.seen).toEqual([]);
  bench.ack(107);
  expect(bench.seen).toEqual([
    { position: 0, octets: [0, 1, 2, 3, 4], frame: 2 },
    { position: 5, octets: [5, 6], frame: 1 },
  ]);
});

test('needs not wait when the acknowledgement came before', () => {
  expect(new Bench().ack(100).data(100, [7, 8]).seen).toEqual([{ position: 0, octets: [7, 8], frame: 2 }]);
});

test('counts from a bare segment when data before the first seen was lost', () => {
  const bench = new Bench().ack(100).data(100, []).data(104, [4, 5]);
  expect(bench.end()).toEqual([
    { position: 0, missing: 4, reason: 'lost' },
    { position: 4, octets: [4, 5], frame: 3 },
  ]);
});

test.each([[[]], [[0]]])('does not take a keep-alive (%j) for the beginning', (probe) => {
  expect(new Bench().ack(100).data(99, probe).data(100, [1, 2]).seen).toEqual([
    { position: 0, octets: [1, 2], frame: 3 },
  ]);
  const bare = new Bench().data(99, []).data(100, [1, 2]).ack(102);
  expect(bare.seen).toEqual([{ position: 0, octets: [1, 2], frame: 2 }]);
});

test('declares a hole when it was acknowledged and enough followed', () => {
  const bench = new Bench().syn(0).data(1, [1]).data(5, [5]).ack(6);
  for (let index = 0; index < HOLE_PROOF_SEGMENTS - 1; index += 1) {
    expect(bench.seen.length).toBe(1);
    bench.data(6 + index, [6 + index]);
  }
  expect(bench.seen.length).toBe(1);
  bench.data(40, [40]);
  expect(bench.seen.slice(0, 3)).toEqual([
    { position: 0, octets: [1], frame: 2 },
    { position: 1, missing: 3, reason: 'lost' },
    { position: 4, octets: [5], frame: 3 },
  ]);
});

test('never declares a hole that was not acknowledged, below the limits', () => {
  const bench = new Bench().syn(0).ack(1);
  for (let index = 0; index < 1000; index += 1) bench.data(10 + index, [1]);
  expect(bench.seen).toEqual([]);
  bench.data(1, [1, 1, 1, 1, 1, 1, 1, 1, 1]);
  expect(bench.seen.length).toBe(1001);
});

test('gives up a hole at the limits of segments and octets', () => {
  const many = new Bench().syn(0);
  for (let index = 0; index <= MAXIMUM_PENDING_SEGMENTS; index += 1) many.data(10 + index * 2, [1]);
  expect(many.seen[0]).toEqual({ position: 0, missing: 9, reason: 'lost' });

  const large = new Bench().syn(0);
  const chunk = Array.from({ length: 1 << 16 }, () => 0);
  for (let octets = 0; octets <= MAXIMUM_PENDING_OCTETS; octets += chunk.length)
    large.data(10 + octets, chunk);
  expect(large.seen[0]).toEqual({ position: 0, missing: 9, reason: 'lost' });
  expect(large.half.pendingOctets).toBe(0);
});

test('knows where the data ended by the FIN and by what was acknowledged', () => {
  expect(new Bench().syn(0).data(1, [1]).data(5, [], 0, true).end()).toEqual([
    { position: 0, octets: [1], frame: 2 },
    { position: 1, missing: 3, reason: 'lost' },
  ]);
  expect(new Bench().syn(0).data(1, [1]).ack(9).end()).toEqual([
    { position: 0, octets: [1], frame: 2 },
    { position: 1, missing: 7, reason: 'lost' },
  ]);
  // One number more may be that of a FIN which was not captured.
  expect(new Bench().syn(0).data(1, [1]).ack(3).end()).toEqual([{ position: 0, octets: [1], frame: 2 }]);
});

test('is not led away by a segment out of reach, but follows a run of them', () => {
  const bench = new Bench().syn(0).data(1, [1]).data(0x50000000, [9]).data(2, [2]);
  expect(bench.end()).toEqual([
    { position: 0, octets: [1], frame: 2 },
    { position: 1, octets: [2], frame: 4 },
  ]);
  const moved = new Bench().syn(0x60000000).data(0x60000001, [1]);
  for (let index = 0; index < JUMP_PROOF_SEGMENTS; index += 1) moved.data(0x100 + index, [index]);
  const distance = 0x100000000 + 0x100 - 0x60000002;
  expect(moved.seen.slice(0, 4)).toEqual([
    { position: 0, octets: [1], frame: 2 },
    { position: 1, missing: distance, reason: 'lost' },
    { position: 1 + distance, octets: [0], frame: 3 },
    { position: 2 + distance, octets: [1], frame: 4 },
  ]);
});

test('takes data without numbers in the order it comes', () => {
  const bench = new Bench();
  for (const octets of [[1, 2], [3]]) {
    bench.half.append({ payload: Uint8Array.from(octets), missing: 0, ...bench.place() }, false);
  }
  bench.half.append({ payload: new Uint8Array(0), missing: 5, ...bench.place() }, true);
  expect(bench.seen).toEqual([
    { position: 0, octets: [1, 2], frame: 1 },
    { position: 2, octets: [3], frame: 2 },
    { position: 3, missing: 5, reason: 'snaplen' },
  ]);
  expect(bench.half.reachedFinish).toMatchObject({ frame: 3 });
});

test('keeps copies of what waits, not the buffer it came in', () => {
  const bench = new Bench().syn(0);
  const chunk = new Uint8Array(1 << 20);
  chunk[100] = 7;
  bench.half.receive(3, { payload: chunk.subarray(100, 101), missing: 0, ...bench.place() }, false);
  chunk[100] = 8;
  bench.data(1, [1, 2]);
  expect(bench.seen.at(-1)).toEqual({ position: 2, octets: [7], frame: 2 });
});
