import type { Side } from '../../analyzer/index.ts';
import type { Field, Protocol } from '../../spec/index.ts';
import { EncodeError } from '../encode/encode-error.ts';
import { encodePdu } from '../encode/encode-pdu.ts';
import { type Given, type GivenMap, isMap } from '../encode/given.ts';
import { pathText } from '../suite/field-paths.ts';
import type { PathStep, Vector } from '../suite/suite.ts';
import type { StructChoice } from './choice.ts';
import { valuesIn } from './given-values.ts';
import { settle, type Wish } from './settle.ts';

export interface WrittenFrame {
  readonly given: GivenMap;
  readonly octets: Uint8Array;
  /** Members that were chosen and had to be given up, for others contradict them. */
  readonly givenUp: readonly (readonly PathStep[])[];
  /** A length or a count was given by itself: what it is of is filled up with zeros, whatever they mean there. */
  readonly filled: boolean;
}

export interface HowToWrite {
  readonly side: Side;
  readonly derived: ReadonlySet<Field>;
  readonly wishes: readonly Wish[];
  readonly params: Vector['params'];
}

/** Choices contradict one another here and there; more often than that it is the spec that contradicts itself. */
const MAX_REPAIRS = 12;

/**
 * The octets of a frame as chosen. What the encoder refuses is left out, member by member; when nothing is left to be left
 * out, the refusal in words.
 */
export function writeFrame(
  protocol: Protocol,
  choice: StructChoice,
  { side, derived, wishes, params }: HowToWrite,
): WrittenFrame | string {
  let given = settle(protocol, choice, { derived, wishes });
  const givenUp: (readonly PathStep[])[] = [];
  for (;;) {
    try {
      const octets = encodePdu(protocol, given, side, params);
      return { given, octets, givenUp, filled: hasAny(given, derived) };
    } catch (error) {
      if (!(error instanceof EncodeError)) throw error;
      const place = nearestGiven(given, error.steps);
      if (place === undefined || givenUp.length >= MAX_REPAIRS) {
        return `${error.steps.length === 0 ? 'a frame' : pathText(error.steps)} ${error.message}`;
      }
      given = without(given, place) as GivenMap;
      givenUp.push(place);
    }
  }
}

function hasAny(given: GivenMap, fields: ReadonlySet<Field>): boolean {
  const ids = new Set([...fields].map(({ id }) => id));
  for (const [steps] of valuesIn(given))
    if (steps.some((step) => typeof step === 'string' && ids.has(step))) return true;
  return false;
}

/** The member that an error is about, or the one around it that was given. */
function nearestGiven(given: GivenMap, steps: readonly PathStep[]): readonly PathStep[] | undefined {
  for (let length = steps.length; length > 0; length -= 1) {
    const place = steps.slice(0, length);
    if (valueAt(given, place) !== undefined) return place;
  }
  return undefined;
}

function valueAt(given: Given, steps: readonly PathStep[]): Given {
  let at: Given = given;
  for (const step of steps) {
    if (Array.isArray(at)) at = typeof step === 'number' ? (at as readonly Given[])[step] : undefined;
    else at = isMap(at) && typeof step === 'string' ? at[step] : undefined;
  }
  return at;
}

function without(given: Given, [step, ...others]: readonly PathStep[]): Given {
  if (step === undefined) return undefined;
  if (Array.isArray(given)) {
    const items = given as readonly Given[];
    return items.map((item, index) => (index === step ? without(item, others) : item));
  }
  if (!isMap(given) || typeof step !== 'string') return given;
  return { ...given, [step]: without(given[step], others) };
}
