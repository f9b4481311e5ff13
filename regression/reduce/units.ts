import type { DecodedStruct, SessionMessage } from '../../analyzer/index.ts';
import { deflateRaw } from '../encode/deflate-raw.ts';
import { type Content, contentOf } from './content.ts';
import type { Draft, DraftPart } from './draft.ts';

/** What is changed together: a PDU, or the PDUs of one compressed message. */
export interface Unit {
  /** Positions in the draft. */
  readonly at: readonly number[];
  /** Text and octets in it. */
  readonly leaves: readonly Uint8Array[];
  /** The parts with others in their place; null: they cannot be written. */
  readonly write: (leaves: readonly Uint8Array[]) => readonly DraftPart[] | null;
}

/** The units of a draft, and those of its compressed messages as they may be compressed anew. */
export function unitsOf(draft: Draft): {
  readonly units: readonly Unit[];
  readonly messages: readonly Unit[];
} {
  const contents = draft.parts.map((part) => contentOf(draft.protocol, part));
  const units = draft.parts.map((part, at) => pduUnit(part, at, contents[at]));
  const messages = draft.parts.flatMap((part) => messageUnit(draft, part, contents) ?? []);
  return { units, messages };
}

function pduUnit(part: DraftPart, at: number, content: Content | undefined): Unit {
  return {
    at: [at],
    leaves: content?.leaves.map(({ octets }) => octets) ?? [],
    write: (leaves) => {
      const octets = content?.write(leaves) ?? null;
      return octets === null || octets.length === 0 ? null : [{ ...part, octets }];
    },
  };
}

/** The message that the part completes, when it is compressed and all of it is there. */
function messageUnit(draft: Draft, last: DraftPart, contents: readonly Content[]): Unit | null {
  const { message } = last.origin;
  if (message?.processed !== true) return null;
  const at = message.parts.map(({ direction, offset }) =>
    draft.parts.findIndex(({ origin }) => origin.direction === direction && origin.offset === offset),
  );
  const text = last.inflated ?? inflatedOf(message);
  if (at.includes(-1) || text === null) return null;
  const write = (octets: Uint8Array): readonly DraftPart[] | null => {
    const [append] = draft.protocol.processes.map((process) => process.append);
    const compressed = deflateRaw(octets, {
      window: LEAST_WINDOW,
      ...(append === undefined ? {} : { append }),
    });
    return inParts(draft, at, contents, compressed);
  };
  return {
    at,
    leaves: [text],
    write: ([octets = new Uint8Array()]) =>
      write(octets)?.map((part) => ({ ...part, inflated: octets })) ?? null,
  };
}

/** Within every window that may have been negotiated and that zlib can write. */
const LEAST_WINDOW = 9;

/** All in the first part; what follows has no octets then. */
function inParts(
  draft: Draft,
  at: readonly number[],
  contents: readonly Content[],
  octets: Uint8Array,
): readonly DraftPart[] | null {
  const parts: DraftPart[] = [];
  for (const [place, index] of at.entries()) {
    const [part, content] = [draft.parts[index], contents[index]];
    if (part === undefined || content === undefined) return null;
    const lengths = content.leaves.map((leaf) => leaf.octets.length);
    const data = lengths.indexOf(Math.max(...lengths));
    const leaves = content.leaves.map((leaf, other) =>
      other === data ? (place === 0 ? octets : new Uint8Array()) : leaf.octets,
    );
    const written = data < 0 ? null : content.write(leaves);
    if (written === null) return null;
    parts.push({ ...part, octets: written });
  }
  return parts;
}

/** What the compressed octets of a message came to; null: they could not all be had. */
export function inflatedOf({ decoded, incomplete }: SessionMessage): Uint8Array | null {
  return decoded === null || incomplete !== null ? null : derivedIn(decoded.root);
}

/** The first octets that a process made. Ends: objects nest as deep as the decoder lets them. */
function derivedIn({ range, items }: DecodedStruct): Uint8Array | null {
  if (range.source.derived !== null) return range.source.bytes;
  for (const { value } of items) {
    if (typeof value !== 'object' || value instanceof Uint8Array || Array.isArray(value)) continue;
    const found = derivedIn(value as DecodedStruct);
    if (found !== null) return found;
  }
  return null;
}
