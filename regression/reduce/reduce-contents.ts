import { type Content, contentOf } from './content.ts';
import type { Draft, DraftPart } from './draft.ts';
import { fewerOctets, FILLER, filledOctets, filler } from './shrink-octets.ts';

type Shows = (draft: Draft) => Promise<boolean>;

/** Contents of all parts of a draft, and the octets that stand in them now. */
interface Filled {
  readonly contents: readonly Content[];
  /** By part, then by leaf. */
  readonly octets: readonly (readonly Uint8Array[])[];
}

/** The draft with shorter contents, and filler where it does not matter what they are. */
export async function reduceContents(draft: Draft, shows: Shows): Promise<Draft> {
  const contents = draft.parts.map((part) => contentOf(draft.protocol, part));
  let filled: Filled = { contents, octets: contents.map(({ leaves }) => leaves.map(({ octets }) => octets)) };
  const holds = async (octets: Filled['octets']): Promise<boolean> => {
    const tried = withOctets(draft, { contents, octets });
    if (tried === null || !(await shows(tried))) return false;
    filled = { contents, octets };
    return true;
  };
  for (const change of TOGETHER) {
    if (await holds(filled.octets.map((leaves) => leaves.map(change)))) break;
  }
  for (const step of [fewerOctets, filledOctets]) {
    for (const [part, leaves] of filled.octets.entries()) {
      for (const index of leaves.keys()) {
        const now = filled.octets[part]?.[index] ?? new Uint8Array();
        await step(now, (octets) => holds(replaced(filled.octets, part, index, octets)));
      }
    }
  }
  return withOctets(draft, filled) ?? draft;
}

/** What belongs together (a ping and its pong, a message and its echo) can only be changed together. */
const TOGETHER: readonly ((octets: Uint8Array) => Uint8Array)[] = [
  () => filler(0),
  ({ length }) => filler(Math.min(length, 1)),
  ({ length }) => filler(length),
  (octets) => octets.map((octet) => (octet < 0x80 ? FILLER : octet)),
];

function replaced(all: Filled['octets'], part: number, leaf: number, octets: Uint8Array): Filled['octets'] {
  return all.map((leaves, at) =>
    at === part ? leaves.map((other, index) => (index === leaf ? octets : other)) : leaves,
  );
}

function withOctets(draft: Draft, { contents, octets }: Filled): Draft | null {
  const parts: DraftPart[] = [];
  for (const [index, part] of draft.parts.entries()) {
    const written = contents[index]?.write(octets[index] ?? []);
    if (written === undefined || written === null || written.length === 0) return null;
    parts.push({ ...part, octets: written });
  }
  return { ...draft, parts };
}
