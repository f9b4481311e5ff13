import { rulesBrokenBy } from '../judge/judge-decoding.ts';
import type { DirectDecoding, VectorDecoder } from '../run/decode-vector.ts';
import type { Vector } from '../suite/suite.ts';

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
