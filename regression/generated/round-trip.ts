import { toHex } from '../../analyzer/index.ts';
import { EncodeError } from '../encode/encode-error.ts';
import { encodePdu } from '../encode/encode-pdu.ts';
import { givenOf } from '../encode/given-of.ts';
import { type Given, isMap } from '../encode/given.ts';
import { VectorDecoder } from '../run/decode-vector.ts';
import type { Protocol } from '../../spec/index.ts';
import { pathText } from '../suite/field-paths.ts';
import type { PathStep } from '../suite/suite.ts';
import { bareVector, type Params } from '../suite/bare-vector.ts';
import type { WrittenPdu } from './make-frames.ts';

/** Why a PDU that was written is not read as it was, and where. */
export interface RoundTripFailure {
  readonly message: string;
  /** The member that has another value; null: it is about the PDU. */
  readonly steps: readonly PathStep[] | null;
}

/** Written, read, and written again. null: it is the same. */
export function roundTrip(
  protocol: Protocol,
  { given, octets, side, filled }: WrittenPdu,
  params: Params,
): RoundTripFailure | null {
  const { pdus, leftOver } = new VectorDecoder(protocol).decode(bareVector('', [{ side, octets }], params));
  const [pdu] = pdus;
  const ofPdu = (message: string): RoundTripFailure => ({ message, steps: null });
  if (pdu === undefined) return ofPdu('our decoder finds no PDU');
  // What is too long to be waited for is written on purpose.
  if (pdu.problem === 'limit') return null;
  if (filled && pdu.problem === 'malformed') return null;
  if (pdu.problem !== null) return ofPdu(`our decoder says ${pdu.problem}: ${pdu.problemText}`);
  if (leftOver > 0 || pdus.length > 1)
    return ofPdu(`our decoder reads ${pdu.octets.length} of ${octets.length} octets`);
  const read = givenOf(pdu.decoded.root);
  const difference = differenceOf(given, read, []);
  if (difference !== null) return difference;
  return writtenAgain(protocol, { given: read, octets, side }, params);
}

function writtenAgain(
  protocol: Protocol,
  { given, octets, side }: Pick<WrittenPdu, 'given' | 'octets' | 'side'>,
  params: Params,
): RoundTripFailure | null {
  try {
    const again = toHex(encodePdu(protocol, given, side, params));
    return again === toHex(octets)
      ? null
      : { message: `written again it is ${again.slice(0, 80)}`, steps: null };
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    // Text is read with losses where its octets are no text, and octets that two members read are given twice.
    return null;
  }
}

/** The first member that was given and is not there, or not the same. */
function differenceOf(given: Given, read: Given, steps: readonly PathStep[]): RoundTripFailure | null {
  if (given === undefined) return null;
  const pairs = membersOf(given, read);
  if (pairs !== null) {
    for (const [step, wanted, found] of pairs) {
      const difference = differenceOf(wanted, found, [...steps, step]);
      if (difference !== null) return difference;
    }
    return null;
  }
  const [wanted, found] = [textOf(given), textOf(read)];
  if (wanted === found) return null;
  const message = `${pathText(steps)} is ${found.slice(0, 80)}, written was ${wanted.slice(0, 80)}`;
  return { message, steps };
}

/** Members side by side; null: there are none on both sides, or not as many. */
function membersOf(given: Given, read: Given): readonly (readonly [PathStep, Given, Given])[] | null {
  if (isMap(given) && isMap(read)) {
    return Object.entries(given).map(([id, member]) => [id, member, read[id]] as const);
  }
  if (!Array.isArray(given) || !Array.isArray(read) || given.length !== read.length) return null;
  return (given as readonly Given[]).map((member, index) => [index, member, read[index] as Given] as const);
}

function textOf(value: Given): string {
  if (value instanceof Uint8Array) return toHex(value);
  if (value === null || value === undefined) return '(absent)';
  return typeof value === 'object' ? JSON.stringify(Object.keys(value)) : String(value);
}
