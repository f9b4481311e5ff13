import {
  createDecoder,
  type DecodedPdu,
  type Decoder,
  decoderOptions,
  PduSequence,
  type SessionMessage,
  type Side,
} from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { type Carrier, carriersOf, isStream } from '../capture/carrier.ts';
import { joined } from '../capture/build-capture.ts';
import type { ProblemKind, Vector } from '../suite/suite.ts';

/** One PDU of a vector, by our decoder alone. */
export interface DirectPdu {
  /** First octet, counted in the vector. */
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
  /** Octets after the last PDU that nothing can be made of. */
  readonly leftOver: number;
}

/** What travels by itself where there is no stream: the parts as listed, else the PDUs that were found. */
export function datagramsOf({ parts }: Vector, { pdus }: DirectDecoding): readonly Uint8Array[] {
  return parts.length > 1 ? parts.map(({ octets }) => octets) : pdus.map(({ octets }) => octets);
}

/** Where a PDU stands. */
interface Context {
  readonly side: Side;
  readonly sequence: PduSequence;
}

export class VectorDecoder {
  readonly #decoder: Decoder;
  readonly #streams: boolean;

  constructor(protocol: Protocol) {
    this.#decoder = createDecoder(protocol, decoderOptions());
    const carriers: readonly Carrier[] = carriersOf(protocol);
    const selfDelimiting = protocol.framing.kind === 'self-delimiting';
    this.#streams = selfDelimiting && (carriers.length === 0 || carriers.some(isStream));
  }

  /** On a stream PDU follows PDU; elsewhere each part is one. */
  decode({ parts, side }: Vector): DirectDecoding {
    const sequence = new PduSequence(this.#decoder);
    const octets = parts.map((part) => part.octets);
    if (this.#streams) return this.#decodeRow(joined(octets), { side, sequence });
    const decodings = octets.map((part, index) => {
      const base = octets.slice(0, index).reduce((sum, { length }) => sum + length, 0);
      return this.#decodeOne(part, { side, sequence }, base);
    });
    return {
      pdus: decodings.flatMap(({ pdus }) => pdus),
      leftOver: decodings.reduce((sum, { leftOver }) => sum + leftOver, 0),
    };
  }

  #decodeRow(octets: Uint8Array, context: Context): DirectDecoding {
    const pdus: DirectPdu[] = [];
    let at = 0;
    // Every round takes at least one octet, or is the last.
    while (at < octets.length) {
      const pdu = this.#pduAt(octets.subarray(at), at, context);
      pdus.push(pdu);
      at += pdu.octets.length;
      if (pdu.octets.length === 0 || !pdu.decoded.complete) break;
    }
    return { pdus, leftOver: octets.length - at };
  }

  #decodeOne(octets: Uint8Array, context: Context, base: number): DirectDecoding {
    const pdu = this.#pduAt(octets, base, context);
    return { pdus: [pdu], leftOver: octets.length - pdu.octets.length };
  }

  #pduAt(octets: Uint8Array, offset: number, { side, sequence }: Context): DirectPdu {
    const outcome = this.#decoder.decode(octets, 0, octets.length, sequence.params(side));
    if (outcome.kind === 'need-more') {
      const { needed, available, partial: decoded } = outcome;
      const problemText = `${available} of ${needed} octets are there`;
      const info = this.#decoder.describe(decoded);
      const problem = { kind: 'truncated', needed, available } as const;
      const message = sequence.took({ side, offset, bytes: octets, decoded, problem });
      return { offset, octets, decoded, problem: 'truncated', problemText, info, message };
    }
    const decoded = outcome.pdu;
    const own = decoded.complete ? octets.subarray(0, decoded.length) : octets;
    const { problem } = decoded;
    return {
      offset,
      octets: own,
      decoded,
      problem: problem?.kind ?? null,
      problemText: problem === null ? '' : `${problem.path}: ${problem.message}`,
      info: this.#decoder.describe(decoded),
      message: sequence.took({ side, offset, bytes: own, decoded, problem: null }),
    };
  }
}
