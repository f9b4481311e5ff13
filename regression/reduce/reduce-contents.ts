import type { Draft, DraftPart } from './draft.ts';
import { fewerOctets, FILLER, filledOctets, filler } from './shrink-octets.ts';
import { type Unit, unitsOf } from './units.ts';

type Shows = (draft: Draft) => Promise<boolean>;
type Leaves = readonly (readonly Uint8Array[])[];

/** The draft with shorter contents, and filler where it does not matter what they are. */
export async function reduceContents(start: Draft, shows: Shows): Promise<Draft> {
  let draft = start;
  const { messages } = unitsOf(draft);
  if (messages.length > 0) draft = await reduceUnits(draft, messages, shows);
  // What was compressed anew is as short as it gets: only what could not be is looked at octet by octet.
  const { units } = unitsOf(draft);
  const isOpen = ({ at }: Unit): boolean => at.every((index) => draft.parts[index]?.inflated === undefined);
  return reduceUnits(draft, units.filter(isOpen), shows);
}

async function reduceUnits(draft: Draft, units: readonly Unit[], shows: Shows): Promise<Draft> {
  let kept = draft;
  let leaves: Leaves = units.map((unit) => unit.leaves);
  const holds = async (tried: Leaves): Promise<boolean> => {
    const changed = units.flatMap((unit, index) => (tried[index] === unit.leaves ? [] : [{ unit, index }]));
    const next = withParts(
      draft,
      changed.map(({ unit, index }) => ({ unit, parts: unit.write(tried[index] ?? []) })),
    );
    if (next === null || !(await shows(next))) return false;
    [kept, leaves] = [next, tried];
    return true;
  };
  for (const change of TOGETHER) {
    if (await holds(leaves.map((own) => own.map(change)))) break;
  }
  for (const step of [fewerOctets, filledOctets]) {
    for (const [unit, own] of leaves.entries()) {
      for (const leaf of own.keys()) {
        const now = leaves[unit]?.[leaf] ?? new Uint8Array();
        await step(now, (octets) => holds(replaced(leaves, unit, leaf, octets)));
      }
    }
  }
  return kept;
}

/** What belongs together (a ping and its pong, a message and its echo) can only be changed together. */
const TOGETHER: readonly ((octets: Uint8Array) => Uint8Array)[] = [
  () => filler(0),
  ({ length }) => filler(Math.min(length, 1)),
  ({ length }) => filler(length),
  (octets) => octets.map((octet) => (octet < 0x80 ? FILLER : octet)),
];

function replaced(all: Leaves, unit: number, leaf: number, octets: Uint8Array): Leaves {
  return all.map((own, at) =>
    at === unit ? own.map((other, index) => (index === leaf ? octets : other)) : own,
  );
}

function withParts(
  draft: Draft,
  changes: readonly { readonly unit: Unit; readonly parts: readonly DraftPart[] | null }[],
): Draft | null {
  const parts = [...draft.parts];
  for (const { unit, parts: written } of changes) {
    if (written === null) return null;
    for (const [place, index] of unit.at.entries()) {
      const part = written[place];
      if (part !== undefined) parts[index] = part;
    }
  }
  return { ...draft, parts };
}
