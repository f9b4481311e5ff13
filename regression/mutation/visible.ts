import { type DecodedPdu, type DecodedStruct, toHex, type Value } from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { rulesBrokenBy } from '../judge/judge-decoding.ts';
import type { DirectDecoding, DirectPdu } from '../run/decode-vector.ts';
import { pathText } from '../suite/field-paths.ts';
import type { Expectation, PathStep, Wanted } from '../suite/suite.ts';

/** What a tests file can say of an object's members, by path. */
export type Visible = ReadonlyMap<string, Expectation>;

/** What a tests file can say of a vector. */
export interface VisibleVector {
  readonly pdus: readonly Visible[];
  readonly messages: readonly Visible[];
  /** Everything else that can be said: how many octets are left over, and of each PDU what is wrong, and its Info. */
  readonly others: string;
}

export function visibleIn({ pdus, leftOver }: DirectDecoding, protocol: Protocol): VisibleVector {
  return {
    pdus: pdus.map(({ decoded }) => membersOf(decoded, protocol)),
    messages: pdus.flatMap(({ message }) =>
      message === null
        ? []
        : [message.decoded === null ? new Map<never, never>() : membersOf(message.decoded, protocol)],
    ),
    others: JSON.stringify([leftOver, pdus.map(otherOf)]),
  };
}

function otherOf(pdu: DirectPdu): readonly unknown[] {
  return [pdu.octets.length, pdu.problem, pdu.info, [...rulesBrokenBy(pdu)]];
}

/** Paths at which two objects have different values, or only one has any. */
export function differentPaths(one: Visible, other: Visible): readonly string[] {
  const paths = new Set([...one.keys(), ...other.keys()]);
  return [...paths].filter((path) => textOf(one.get(path)) !== textOf(other.get(path)));
}

function textOf(expectation: Expectation | undefined): string {
  return expectation === undefined ? '' : JSON.stringify(expectation.wanted);
}

function membersOf({ root }: DecodedPdu, protocol: Protocol): Visible {
  return new Map([...walk(root, [], protocol)].map((one) => [one.path, one]));
}

/** Ends: objects hold only what lies inside them, and the decoder bounds how deep. */
function* walk(
  object: DecodedStruct,
  steps: readonly PathStep[],
  protocol: Protocol,
): Generator<Expectation> {
  for (const { member, index, value } of object.items) {
    if ('source' in member || ('hidden' in member && member.hidden)) continue;
    const own = [...steps, member.id, ...(index === null ? [] : [index])];
    if (isObject(value)) {
      yield* walk(value, own, protocol);
      continue;
    }
    const wanted = wantedOf(value);
    if (wanted !== undefined) yield { path: pathText(own), steps: own, wanted, enums: protocol.enums };
  }
}

function isObject(value: Value): value is DecodedStruct {
  return typeof value === 'object' && 'items' in value;
}

/** undefined: nothing that one line could say. */
function wantedOf(value: Value): Wanted | undefined {
  if (value instanceof Uint8Array) {
    const isEmpty = value.length === 0;
    return { kind: 'literal', text: isEmpty ? '' : toHex(value), quoted: isEmpty };
  }
  if (typeof value === 'string') return { kind: 'literal', text: value, quoted: true };
  if (value === undefined || typeof value === 'object') return undefined;
  return { kind: 'literal', text: String(value), quoted: false };
}
