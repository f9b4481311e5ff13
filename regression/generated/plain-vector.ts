import type { Side } from '../../analyzer/index.ts';
import { rulesBrokenBy } from '../judge/judge-decoding.ts';
import type { DirectDecoding, VectorDecoder } from '../run/decode-vector.ts';
import type { GivenParam, Vector } from '../suite/suite.ts';

export interface Sent {
  readonly side: Side;
  readonly octets: Uint8Array;
}
export type Params = Vector['params'];

export const NO_PARAMS: ReadonlyMap<string, GivenParam> = new Map();

/** A vector of which nothing is said but its octets. */
export function bareVector(name: string, sent: readonly Sent[], params: Params = NO_PARAMS): Vector {
  const side = sent[0]?.side ?? 'c2s';
  return {
    name,
    line: 0,
    side,
    parts: sent.map((part) => ({ ...part, after: 0n })),
    end: { kind: 'fin', side },
    handshake: null,
    params,
    expect: null,
    messages: null,
    findings: new Set(),
    connection: null,
    info: null,
    problem: null,
    requires: null,
    differs: new Map(),
    unwritable: [],
    builtin: [],
  };
}

/**
 * A vector of which is said what our decoder makes of it: the others are held to that. Throws what the decoder throws,
 * which it never should.
 */
export function vectorAsDecoded(vector: Vector, decoder: VectorDecoder): Vector {
  return asDecoded(vector, decoder.decode(vector));
}

export function asDecoded(vector: Vector, { pdus }: DirectDecoding): Vector {
  return {
    ...vector,
    findings: new Set(pdus.flatMap((pdu) => [...rulesBrokenBy(pdu)])),
    problem: pdus.findLast(({ problem }) => problem !== null)?.problem ?? null,
  };
}

export function lengthOf({ parts }: Vector): number {
  return parts.reduce((sum, { octets }) => sum + octets.length, 0);
}
