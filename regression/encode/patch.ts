import { pathText } from '../suite/field-paths.ts';
import { MAX_VECTOR_OCTETS } from '../suite/octets.ts';
import type { PathStep } from '../suite/suite.ts';
import { EncodeError } from './encode-error.ts';
import type { Image, Span } from './octet-writer.ts';

/** Octets that are read at a position of a stream, beside its sequence. */
export interface Patch {
  /** Key of the stream. */
  readonly stream: string;
  readonly at: number;
  readonly image: Image;
  readonly steps: readonly PathStep[];
  /** `terminator`: it ends the member that stands before it, and is left to what follows. */
  readonly kind: 'instance' | 'terminator';
}

/** An image with what is read at positions of it. What lies behind its end makes it longer, filled up with zeros. */
export function patched(
  base: Image,
  patches: readonly Patch[],
): { readonly image: Image; readonly conflicts: readonly EncodeError[] } {
  if (patches.length === 0) return { image: base, conflicts: [] };
  const ends = patches.map(({ at, image }) => at + image.octets.length);
  const length = Math.max(base.octets.length, ...ends);
  if (length > MAX_VECTOR_OCTETS)
    throw new EncodeError(patches[0]?.steps ?? [], `has more than ${MAX_VECTOR_OCTETS} octets`);
  const octets = new Uint8Array(length);
  const said = new Uint8Array(length);
  octets.set(base.octets);
  said.set(base.said);
  const spans: Span[] = [...base.spans];
  const conflicts: EncodeError[] = [];
  for (const patch of patches) {
    const { at, image } = patch;
    const wrong = overlay({ octets, said, spans }, image, at);
    if (wrong !== undefined) conflicts.push(conflict(patch, wrong, spans));
    spans.push(...image.spans.map((span) => ({ ...span, start: span.start + at, end: span.end + at })));
  }
  return { image: { octets, said, spans }, conflicts };
}

/** Puts the image over the octets; the first place where both decide a bit, and not alike. */
function overlay({ octets, said }: Image, image: Image, at: number): number | undefined {
  let wrong: number | undefined;
  for (const [index, mask] of image.said.entries()) {
    const place = at + index;
    const wanted = (image.octets[index] ?? 0) & mask;
    const both = mask & (said[place] ?? 0);
    if (((octets[place] ?? 0) & both) !== (wanted & both)) wrong ??= place;
    octets[place] = ((octets[place] ?? 0) & ~(mask & ~both)) | (wanted & ~both);
    said[place] = (said[place] ?? 0) | mask;
  }
  return wrong;
}

function conflict({ steps, kind }: Patch, at: number, spans: readonly Span[]): EncodeError {
  const other = spans.findLast(({ start, end }) => start <= at && at < end);
  const who = other === undefined ? 'something else' : `"${pathText(other.steps)}"`;
  const message =
    kind === 'terminator'
      ? `ends before its terminator, and ${who} stands there at octet ${at}; it must begin with the terminator`
      : `lies over ${who} at octet ${at}, which has other octets there; give values that agree, or only one of them`;
  return new EncodeError(steps, message);
}
