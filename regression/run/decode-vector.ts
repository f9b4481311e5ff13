import {
  createDecoder,
  type DecodedPdu,
  type Decoder,
  decoderOptions,
  paramsFor,
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
}

/** What our decoder makes of a vector, without any capture. */
export interface DirectDecoding {
  readonly pdus: readonly DirectPdu[];
  /** Octets after the last PDU that nothing can be made of. */
  readonly leftOver: number;
}

/** What travels by itself where there is no stream: the parts as listed, else the PDUs that were found. */
export function datagramsOf({ parts }: Vector, { pdus }: DirectDecoding): readonly Uint8Array[] {
  return parts.length > 1 ? parts : pdus.map(({ octets }) => octets);
}

export class VectorDecoder {
  readonly #decoder: Decoder;
  readonly #protocol: Protocol;
  readonly #streams: boolean;

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
    this.#decoder = createDecoder(protocol, decoderOptions());
    const carriers: readonly Carrier[] = carriersOf(protocol);
    const selfDelimiting = protocol.framing.kind === 'self-delimiting';
    this.#streams = selfDelimiting && (carriers.length === 0 || carriers.some(isStream));
  }

  /** On a stream PDU follows PDU; elsewhere each part is one. */
  decode({ parts, side }: Vector): DirectDecoding {
    if (this.#streams) return this.#decodeRow(joined(parts), side, 0);
    const decodings = parts.map((part, index) => {
      const base = parts.slice(0, index).reduce((sum, { length }) => sum + length, 0);
      return this.#decodeOne(part, side, base);
    });
    return {
      pdus: decodings.flatMap(({ pdus }) => pdus),
      leftOver: decodings.reduce((sum, { leftOver }) => sum + leftOver, 0),
    };
  }

  #decodeRow(octets: Uint8Array, side: Side, base: number): DirectDecoding {
    const pdus: DirectPdu[] = [];
    let at = 0;
    // Every round takes at least one octet, or is the last.
    while (at < octets.length) {
      const pdu = this.#pduAt(octets, at, side, base);
      pdus.push(pdu);
      at += pdu.octets.length;
      if (pdu.octets.length === 0 || !pdu.decoded.complete) break;
    }
    return { pdus, leftOver: octets.length - at };
  }

  #decodeOne(octets: Uint8Array, side: Side, base: number): DirectDecoding {
    const pdu = this.#pduAt(octets, 0, side, base);
    return { pdus: [pdu], leftOver: octets.length - pdu.octets.length };
  }

  #pduAt(octets: Uint8Array, at: number, side: Side, base: number): DirectPdu {
    const outcome = this.#decoder.decode(octets, at, octets.length, paramsFor(this.#protocol, side));
    const offset = base + at;
    if (outcome.kind === 'need-more') {
      const problemText = `${outcome.available} of ${outcome.needed} octets are there`;
      const decoded = outcome.partial;
      const info = this.#decoder.describe(decoded);
      return { offset, octets: octets.subarray(at), decoded, problem: 'truncated', problemText, info };
    }
    const decoded = outcome.pdu;
    const own = decoded.complete ? octets.subarray(at, at + decoded.length) : octets.subarray(at);
    const { problem } = decoded;
    return {
      offset,
      octets: own,
      decoded,
      problem: problem?.kind ?? null,
      problemText: problem === null ? '' : `${problem.path}: ${problem.message}`,
      info: this.#decoder.describe(decoded),
    };
  }
}
