import type { CheckContext } from '../checks/check-context.ts';
import type { CheckResult } from '../checks/check-result.ts';
import { vectorYaml } from '../report/vector-yaml.ts';
import { VectorDecoder } from '../run/decode-vector.ts';
import type { Protocol } from '../../spec/index.ts';
import type { Vector } from '../suite/suite.ts';
import { bareVector, type Params } from '../suite/bare-vector.ts';
import { expectationsOf } from './expect-given.ts';
import { frameOfChoice, type MadeFrame, simpler, type WrittenPdu } from './make-frames.ts';
import { vectorAsDecoded } from './plain-vector.ts';
import { roundTrip, type RoundTripFailure } from './round-trip.ts';

/** Told in full; more of them have the same cause mostly. */
const MOST_TOLD = 3;
/** Shrinking without an engine is cheap. */
const MOST_TRIES = 400;

interface Broken {
  readonly pdu: WrittenPdu;
  readonly params: Params;
  readonly failure: RoundTripFailure;
}

/** Whether our decoder reads every valid frame as it was written, and writing that again gives the same octets. */
export function checkRoundTrips(
  { suite: { protocol } }: CheckContext,
  frames: readonly MadeFrame[],
  again: string,
): CheckResult {
  let count = 0;
  const told: string[] = [];
  const detail: string[] = [];
  let broken = 0;
  for (const frame of frames) {
    if (frame.written === null) continue;
    count += frame.written.length;
    const found = firstBroken(protocol, frame);
    if (found === null) continue;
    broken += 1;
    if (told.length >= MOST_TOLD) continue;
    const shrunk = shrunkTrip(protocol, frame, found);
    told.push(`${frame.vector.name}: ${shrunk.failure.message}`);
    detail.push(vectorYaml(vectorOf(protocol, shrunk, frame.vector.name), protocol).trimEnd());
  }
  const base = { group: 'generated', name: 'frames are read as they were written', line: null } as const;
  const data = { pdus: count, broken };
  if (broken === 0) {
    return {
      ...base,
      status: 'pass',
      messages: [`${count} PDUs, written, read and written again`],
      detail,
      data,
    };
  }
  const messages = [
    `our decoder does not read ${broken} of ${count} PDUs as they were written (${again})`,
    ...told,
    'Paste the vector below into the tests file: our decoder, or the encoder, contradicts the spec.',
  ];
  return { ...base, status: 'fail', messages, detail, data };
}

function firstBroken(protocol: Protocol, { written, vector: { params } }: MadeFrame): Broken | null {
  for (const pdu of written ?? []) {
    const failure = roundTrip(protocol, pdu, params);
    if (failure !== null) return { pdu, params, failure };
  }
  return null;
}

/** The simplest choice that is still not read as written, in the same member. */
function shrunkTrip(protocol: Protocol, { source, vector }: MadeFrame, first: Broken): Broken {
  let best = first;
  let at = source;
  for (let tries = 0; at !== null && tries < MOST_TRIES;) {
    let next: MadeFrame['source'] = null;
    for (const candidate of simpler(protocol, at)) {
      tries += 1;
      if (tries > MOST_TRIES) break;
      const made = frameOfChoice(protocol, candidate.value, vector.name);
      const found = typeof made === 'string' ? null : firstBroken(protocol, made);
      if (found === null || kindOf(found) !== kindOf(first)) continue;
      best = found;
      next = candidate;
      break;
    }
    at = next;
  }
  return best;
}

function kindOf({ failure: { steps, message } }: Broken): string {
  return steps === null
    ? message.replaceAll(/[0-9a-f]*\d[0-9a-f]*/g, '#')
    : steps.filter((step) => typeof step === 'string').join('.');
}

function vectorOf(protocol: Protocol, { pdu, params }: Broken, name: string): Vector {
  const { side, octets, given } = pdu;
  const bare = bareVector(`generated ${name}`, [{ side, octets }], params);
  const decoded = vectorAsDecoded(bare, new VectorDecoder(protocol));
  return { ...decoded, problem: null, expect: [expectationsOf(protocol, given)] };
}
