import {
  createDecoder,
  type DecodedPdu,
  type Decoder,
  decoderOptions,
  PduSequence,
  type SessionMessage,
  type Side,
  type Value,
} from '../../analyzer/index.ts';
import { isSafeInt, type Param, type Protocol } from '../../spec/index.ts';
import { type Carrier, carriersOf, isStream } from '../capture/carrier.ts';
import { upgradeHeads } from '../capture/handshake.ts';
import type { GivenParam, ProblemKind, Vector } from '../suite/suite.ts';

/** One PDU of a vector, by our decoder alone. */
export interface DirectPdu {
  readonly side: Side;
  /** First octet, counted in what its side sends (as datagrams: in all parts). */
  readonly offset: number;
  /** The PDU's own octets, as far as there are any. */
  readonly octets: Uint8Array;
  readonly decoded: DecodedPdu;
  readonly problem: ProblemKind | null;
  /** In words; empty when there is no problem. */
  readonly problemText: string;
  readonly info: string;
  /** The message that it completes; null: none. */
  readonly message: SessionMessage | null;
}

/** What our decoder makes of a vector, without any capture. */
export interface DirectDecoding {
  readonly pdus: readonly DirectPdu[];
  /** Octets after the last PDU of a side that nothing can be made of. */
  readonly leftOver: number;
}

/** What one side has sent of which no PDU was made yet. */
interface Pending {
  octets: Uint8Array;
  /** Where they begin in all that the side sends. */
  offset: number;
  /** A PDU that has no end took all that follows. */
  isOver: boolean;
}

export class VectorDecoder {
  readonly #decoder: Decoder;
  readonly #carriers: readonly Carrier[];
  readonly #streams: boolean;

  constructor(protocol: Protocol) {
    this.#decoder = createDecoder(protocol, decoderOptions());
    this.#carriers = carriersOf(protocol);
    const selfDelimiting = protocol.framing.kind === 'self-delimiting';
    this.#streams = selfDelimiting && (this.#carriers.length === 0 || this.#carriers.some(isStream));
  }

  /** On a stream PDU follows PDU; elsewhere each part is one. */
  decode(vector: Vector): DirectDecoding {
    const run = new VectorRun(this.#decoder, this.#sequence(vector));
    if (!this.#streams) return run.datagrams(vector);
    const last: Record<Side, number> = { c2s: -1, s2c: -1 };
    for (const [index, { side }] of vector.parts.entries()) last[side] = index;
    for (const [index, { side, octets }] of vector.parts.entries()) {
      run.sent(side, octets, index === last[side]);
    }
    return run.end();
  }

  #sequence(vector: Vector): PduSequence {
    const { protocol } = this.#decoder;
    const upgrade = this.#carriers.find((carrier) => carrier.kind === 'http-upgrade');
    const heads =
      upgrade === undefined
        ? undefined
        : Object.fromEntries(
            upgradeHeads(vector, protocol, upgrade.token).map(({ side, octets }) => [side, octets]),
          );
    return new PduSequence(this.#decoder, {
      heads: heads as Record<Side, Uint8Array> | undefined,
      params: paramsOf(vector, protocol),
    });
  }
}

/** One vector on its way through the decoder. */
class VectorRun {
  readonly #decoder: Decoder;
  readonly #sequence: PduSequence;
  readonly #pdus: DirectPdu[] = [];
  readonly #pending: Readonly<Record<Side, Pending>> = { c2s: nothing(), s2c: nothing() };

  constructor(decoder: Decoder, sequence: PduSequence) {
    this.#decoder = decoder;
    this.#sequence = sequence;
  }

  /** @param isLast the side sends nothing more */
  sent(side: Side, octets: Uint8Array, isLast: boolean): void {
    const pending = this.#pending[side];
    pending.octets = pending.octets.length === 0 ? octets : join(pending.octets, octets);
    // Every round takes at least one octet, or is the last.
    while (pending.octets.length > 0 && !pending.isOver) {
      const pdu = this.#pduAt(pending.octets, pending.offset, side, isLast);
      if (pdu === undefined) return;
      this.#took(pdu);
      pending.octets = pending.octets.subarray(pdu.octets.length);
      pending.offset += pdu.octets.length;
      pending.isOver = pdu.octets.length === 0 || !pdu.decoded.complete;
    }
  }

  datagrams({ parts }: Vector): DirectDecoding {
    let offset = 0;
    let leftOver = 0;
    for (const { side, octets } of parts) {
      const pdu = this.#pduAt(octets, offset, side, true);
      if (pdu !== undefined) this.#took(pdu);
      leftOver += octets.length - (pdu?.octets.length ?? 0);
      offset += octets.length;
    }
    return { pdus: this.#pdus, leftOver };
  }

  end(): DirectDecoding {
    const { c2s, s2c } = this.#pending;
    return { pdus: this.#pdus, leftOver: c2s.octets.length + s2c.octets.length };
  }

  #took(pdu: Omit<DirectPdu, 'message'>): void {
    const { side, offset, octets, decoded, problem } = pdu;
    const why =
      problem === 'truncated'
        ? ({ kind: 'truncated', needed: BigInt(octets.length) + 1n, available: octets.length } as const)
        : null;
    const message = this.#sequence.took({ side, offset, bytes: octets, decoded, problem: why });
    this.#pdus.push({ ...pdu, message });
  }

  /** undefined: it goes on in a later part. */
  #pduAt(
    octets: Uint8Array,
    offset: number,
    side: Side,
    isLast: boolean,
  ): Omit<DirectPdu, 'message'> | undefined {
    const outcome = this.#decoder.decode(octets, 0, octets.length, this.#sequence.params(side));
    if (outcome.kind === 'need-more') {
      if (!isLast) return undefined;
      const { needed, available, partial: decoded } = outcome;
      const problemText = `${available} of ${needed} octets are there`;
      const info = this.#decoder.describe(decoded);
      return { side, offset, octets, decoded, problem: 'truncated', problemText, info };
    }
    const decoded = outcome.pdu;
    // A PDU without an end takes all that its side sends.
    if (!decoded.complete && !isLast) return undefined;
    const { problem } = decoded;
    return {
      side,
      offset,
      octets: decoded.complete ? octets.subarray(0, decoded.length) : octets,
      decoded,
      problem: problem?.kind ?? null,
      problemText: problem === null ? '' : `${problem.path}: ${problem.message}`,
      info: this.#decoder.describe(decoded),
    };
  }
}

function nothing(): Pending {
  return { octets: new Uint8Array(), offset: 0, isOver: false };
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** As the decoder has values: ints are numbers where their type keeps them safe. */
function paramsOf({ params }: Vector, { types, root }: Protocol): Record<string, Value> | undefined {
  if (params.size === 0) return undefined;
  const declared = types[root]?.params ?? [];
  return Object.fromEntries(
    declared.flatMap((param) => {
      const given = params.get(param.id);
      return given === undefined ? [] : [[param.id, valueOf(param, given)] as const];
    }),
  );
}

function valueOf({ type }: Param, { value }: GivenParam): Value {
  if (typeof value !== 'bigint') return value;
  const isSafe = type.kind === 'int' ? isSafeInt(type) : Number.isSafeInteger(Number(value));
  return isSafe ? Number(value) : value;
}
