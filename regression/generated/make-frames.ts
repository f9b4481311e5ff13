import fc from 'fast-check';
import type { Side } from '../../analyzer/index.ts';
import type { Field, Protocol } from '../../spec/index.ts';
import { VectorDecoder } from '../run/decode-vector.ts';
import type { Vector } from '../suite/suite.ts';
import { bareVector, NO_PARAMS, type Params, type Sent } from '../suite/bare-vector.ts';
import type { StructChoice } from './choice.ts';
import { pduArbitrary } from './choice-arbitrary.ts';
import { readFields } from './derived-fields.ts';
import { type Goal, goalsOf } from './goals.ts';
import { paramsArbitrary, paramSets } from './param-choices.ts';
import { lengthOf } from './plain-vector.ts';
import type { Wish } from './settle.ts';
import { lengthPlaces, spoil, spoilingArbitrary } from './spoil.ts';
import { writeFrame, type WrittenFrame } from './write-frame.ts';

/** Some PDUs of one conversation, as chosen at random. */
export interface SequenceChoice {
  readonly pdus: readonly { readonly fromServer: boolean; readonly pdu: StructChoice }[];
  /** All PDUs are of one side, so that what it said before matters; null: each says whose it is. */
  readonly only: Side | null;
  readonly params: Params;
}

export interface WrittenPdu extends WrittenFrame {
  readonly side: Side;
}

export interface MadeFrame {
  readonly vector: Vector;
  readonly kind: 'systematic' | 'random' | 'invalid';
  /** What it was written from, PDU by PDU; null: it is no valid frame. */
  readonly written: readonly WrittenPdu[] | null;
  /** From where fast-check can shrink it; null: it is as simple as it can be, or nothing but octets. */
  readonly source: fc.Value<SequenceChoice> | null;
}

export interface MadeFrames {
  readonly frames: readonly MadeFrame[];
  /** Goals that no frame was made for, with the reason. */
  readonly missed: readonly { readonly name: string; readonly reason: string }[];
  /** Goals that there was no room for. */
  readonly leftOut: number;
  /** Nothing at all can be written: the encoder's reason. */
  readonly refusal: string | null;
}

/** Of all frames, so many percent at most are from the systematic list, and so many are invalid. */
const SYSTEMATIC_PERCENT = 50;
/** Systematic ones in a row. */
const ROWS_PERCENT = 15;
const INVALID_PERCENT = 25;
/** What is longer is not spoilt: the places that matter are at its beginning, and in short ones too. */
const LONGEST_SPOILT = 400;
/** Frames of tens of thousands of octets in one run. */
const MOST_LONG = 4;
/** Frames that came out long because of something else. */
const MOST_LONG_BESIDES = 2;
const LONG = 2000;
/** Frames that are cut at every place. */
const CUT_EVERYWHERE = 2;
const LONGEST_CUT_EVERYWHERE = 24;
const MOST_PDUS = 4;
const LONGEST_IN_A_ROW = 64;
/** Of choices that contradict one another so badly that nothing can be written, that many are passed over for each frame. */
const TRIES_EACH = 3;

/** Frames of a spec: everything it tells apart once, then at random, then spoilt ones. The same seed makes the same frames. */
export function makeFrames(
  protocol: Protocol,
  {
    runs,
    seed,
    vectors,
  }: { readonly runs: number; readonly seed: number; readonly vectors: readonly Vector[] },
): MadeFrames {
  const maker = new FrameMaker(protocol);
  const listed = maker.systematic(Math.ceil((runs * SYSTEMATIC_PERCENT) / 100));
  const canWrite = listed.frames.length > 0;
  const invalid = canWrite ? Math.floor((runs * INVALID_PERCENT) / 100) : runs;
  const rows = canWrite ? maker.rows(listed.frames, Math.floor((runs * ROWS_PERCENT) / 100)) : [];
  const random = canWrite ? maker.random(runs - invalid - rows.length - listed.frames.length, seed) : [];
  const valid = [...listed.frames, ...rows, ...random];
  const frames = [...valid, ...maker.invalid(valid, vectors, { count: invalid, seed })];
  const refusal = canWrite ? null : (listed.missed[0]?.reason ?? 'it has no field that could be written');
  return { frames, missed: listed.missed, leftOut: listed.leftOut, refusal };
}

/** What one random choice comes to; a sentence when nothing can be written. */
export function frameOfChoice(protocol: Protocol, choice: SequenceChoice, name: string): MadeFrame | string {
  return new FrameMaker(protocol).ofSequence(choice, name);
}

class FrameMaker {
  readonly #protocol: Protocol;
  readonly #derived: ReadonlySet<Field>;
  readonly #decoder: VectorDecoder;

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
    this.#derived = readFields(protocol).derived;
    this.#decoder = new VectorDecoder(protocol);
  }

  systematic(most: number): Omit<MadeFrames, 'refusal'> {
    const frames: MadeFrame[] = [];
    const missed: { readonly name: string; readonly reason: string }[] = [];
    const seen = new Set<string>();
    const long = { wanted: 0, besides: 0 };
    let leftOut = 0;
    for (const [index, { goal, side, params }] of this.#listed().entries()) {
      if (goal.long && long.wanted >= MOST_LONG) continue;
      if (frames.length >= most) {
        leftOut += 1;
        continue;
      }
      const made = this.#write(goal.choice, side, { wishes: goal.wishes, params });
      if (typeof made === 'string') {
        missed.push({ name: goal.name, reason: made });
        continue;
      }
      const key = `${side} ${[...params.keys()].join()} ${Buffer.from(made.octets).toString('latin1')}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (goal.long) long.wanted += 1;
      else if (made.octets.length > LONG && ++long.besides > MOST_LONG_BESIDES) continue;
      const vector = bareVector(`${index + 1}, ${goal.name}`, [{ side, octets: made.octets }], params);
      frames.push({ vector, kind: 'systematic', written: [{ ...made, side }], source: null });
    }
    return { frames, missed, leftOut };
  }

  /** What a conversation keeps matters from the second PDU on: those of a side, several in a row. */
  rows(listed: readonly MadeFrame[], most: number): readonly MadeFrame[] {
    const { session, reassembly } = this.#protocol;
    if (session.length === 0 && reassembly === null) return [];
    const rows: MadeFrame[] = [];
    for (const side of ['c2s', 's2c'] as const) {
      const short = listed.filter(
        ({ vector }) => vector.side === side && vector.params.size === 0 && this.#isWhole(vector),
      );
      const count = Math.min(Math.ceil(most / 2), short.length);
      for (let row = 0; row < count && rows.length < most; row += 1) {
        const chosen = [0, 1, 2, 3].flatMap((at) => short[(row * 3 + at * (row + 1)) % short.length] ?? []);
        const written = chosen.flatMap((frame) => frame.written ?? []);
        const vector = bareVector(`row ${rows.length + 1}`, written.map(sentOf));
        rows.push({ vector, kind: 'systematic', written, source: null });
      }
    }
    return rows;
  }

  #isWhole(vector: Vector): boolean {
    if (lengthOf(vector) > LONGEST_IN_A_ROW) return false;
    return this.#decoder.decode(vector).pdus.every(({ problem }) => problem === null);
  }

  random(count: number, seed: number): readonly MadeFrame[] {
    const frames: MadeFrame[] = [];
    if (count <= 0) return frames;
    for (const [index, source] of drawn(sequenceArbitrary(this.#protocol), {
      seed,
      count: count * TRIES_EACH,
    }).entries()) {
      if (frames.length >= count) break;
      const made = this.ofSequence(source.value, `random ${index + 1}`);
      if (typeof made !== 'string') frames.push({ ...made, source });
    }
    return frames;
  }

  ofSequence({ pdus, params, only }: SequenceChoice, name: string): MadeFrame | string {
    const written: WrittenPdu[] = [];
    for (const { fromServer, pdu } of pdus) {
      const side = only ?? (fromServer ? 's2c' : 'c2s');
      const made = this.#write(pdu, side, { wishes: [], params });
      if (typeof made === 'string') return made;
      if (made.octets.length > 0) written.push({ ...made, side });
    }
    if (written.length === 0) return 'a frame has no octets';
    return { vector: bareVector(name, written.map(sentOf), params), kind: 'random', written, source: null };
  }

  invalid(
    valid: readonly MadeFrame[],
    vectors: readonly Vector[],
    { count, seed }: { readonly count: number; readonly seed: number },
  ): readonly MadeFrame[] {
    const bases = [...valid.map(({ vector }) => vector), ...vectors]
      .filter((vector) => lengthOf(vector) <= LONGEST_SPOILT && vector.handshake === null)
      // Where one side's PDU never ends and the other goes on, nobody can say which of them comes first.
      .filter(({ parts, side }) => parts.every((part) => part.side === side))
      .map((vector) => ({ vector, places: lengthPlaces(this.#protocol, this.#decoder.decode(vector)) }));
    const frames: MadeFrame[] = [];
    const add = (name: string, sent: readonly Sent[], params: Params): void => {
      if (sent.length === 0 || frames.length >= count) return;
      // On a stream a PDU that lies takes what follows; as datagrams the parts would stay apart.
      const whole = this.#protocol.framing.kind === 'self-delimiting' ? inOne(sent) : sent;
      frames.push({ vector: bareVector(name, whole, params), kind: 'invalid', written: null, source: null });
    };
    const whole = bases.filter(
      ({ vector }) => lengthOf(vector) > 2 && lengthOf(vector) <= LONGEST_CUT_EVERYWHERE,
    );
    for (const { vector } of whole.slice(0, CUT_EVERYWHERE)) {
      for (let at = 1; at < (vector.parts.at(-1)?.octets.length ?? 0); at += 1) {
        if (frames.length >= count / 2) break;
        add(`${vector.name}, cut at ${at}`, spoil(vector.parts, { kind: 'cut', at }, []), vector.params);
      }
    }
    const wanted = fc.record({ base: fc.nat(), spoiling: spoilingArbitrary() });
    for (const [index, { value }] of drawn(wanted, { seed, count: count * TRIES_EACH }).entries()) {
      const base = bases[value.base % Math.max(1, bases.length)];
      const sent = base?.vector.parts ?? [
        { side: index % 2 === 0 ? 'c2s' : 's2c', octets: Uint8Array.of(0) } as const,
      ];
      const name = `spoilt ${index + 1}, ${value.spoiling.kind}`;
      add(name, spoil(sent, value.spoiling, base?.places ?? []), base?.vector.params ?? NO_PARAMS);
    }
    return frames;
  }

  /** Goals in turn from both sides; those that depend on the direction, and nobody knows how, from each. */
  #listed(): readonly { readonly goal: Goal; readonly side: Side; readonly params: Params }[] {
    const root = this.#protocol.types[this.#protocol.root];
    const sees = root?.params.some(({ source }) => source.kind === 'direction') === true;
    const goals = goalsOf(this.#protocol);
    const [usual] = goals;
    const listed = goals.flatMap((goal, index) => {
      const sides: readonly Side[] =
        goal.bothSides && sees ? ['c2s', 's2c'] : [index % 2 === 0 ? 'c2s' : 's2c'];
      return sides.map((side) => ({ goal, side, params: NO_PARAMS }));
    });
    if (usual === undefined) return listed;
    const given = paramSets(this.#protocol).flatMap((params) => {
      const name = [...params].map(([id, { value }]) => `${id} = ${String(value)}`).join(', ');
      return (['c2s', 's2c'] as const).map((side) => ({ goal: { ...usual, name }, side, params }));
    });
    return [...listed.slice(0, 1), ...given, ...listed.slice(1)];
  }

  #write(
    choice: StructChoice,
    side: Side,
    { wishes, params }: { readonly wishes: readonly Wish[]; readonly params: Params },
  ): WrittenFrame | string {
    return writeFrame(this.#protocol, choice, { side, derived: this.#derived, wishes, params });
  }
}

function inOne(sent: readonly Sent[]): readonly Sent[] {
  const [first] = sent;
  const octets = new Uint8Array(Buffer.concat(sent.map((part) => part.octets)));
  return first === undefined ? [] : [{ side: first.side, octets }];
}

function sentOf({ side, octets }: Sent): Sent {
  return { side, octets };
}

function sequenceArbitrary(protocol: Protocol): fc.Arbitrary<SequenceChoice> {
  const pdu = fc.record({ fromServer: fc.boolean(), pdu: pduArbitrary(protocol) });
  return fc.record({
    pdus: fc.array(pdu, { minLength: 1, maxLength: MOST_PDUS }),
    only: fc.constantFrom('c2s' as const, 's2c' as const, null),
    params: paramsArbitrary(protocol),
  });
}

/** Values with what fast-check needs to shrink them. */
class WithContext<T> extends fc.Arbitrary<fc.Value<T>> {
  readonly #inner: fc.Arbitrary<T>;

  constructor(inner: fc.Arbitrary<T>) {
    super();
    this.#inner = inner;
  }

  generate(random: fc.Random, biasFactor: number | undefined): fc.Value<fc.Value<T>> {
    return new fc.Value(this.#inner.generate(random, biasFactor), undefined);
  }

  canShrinkWithoutContext(value: unknown): value is fc.Value<T> {
    return value instanceof fc.Value;
  }

  shrink(): fc.Stream<fc.Value<fc.Value<T>>> {
    return fc.Stream.nil();
  }
}

function drawn<T>(
  arbitrary: fc.Arbitrary<T>,
  { seed, count }: { readonly seed: number; readonly count: number },
): readonly fc.Value<T>[] {
  return count <= 0 ? [] : fc.sample(new WithContext(arbitrary), { seed, numRuns: count });
}

/** Simpler choices, the simplest first. */
export function* simpler(
  protocol: Protocol,
  source: fc.Value<SequenceChoice>,
): Generator<fc.Value<SequenceChoice>> {
  yield* sequenceArbitrary(protocol).shrink(source.value, source.context);
}
