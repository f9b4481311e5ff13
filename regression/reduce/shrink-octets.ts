/** Whether octets in the place of others still show what they must. */
export type OctetsHold = (octets: Uint8Array) => Promise<boolean>;

/** What stands for everything that may be anything; it is text, in every encoding that has ASCII in it. */
export const FILLER = 0x78;

export function filler(length: number): Uint8Array {
  return new Uint8Array(length).fill(FILLER);
}

/** As few octets as hold: none, one, or the shortest beginning, and of it the shortest end. */
export async function fewerOctets(octets: Uint8Array, hold: OctetsHold): Promise<Uint8Array> {
  for (const length of [0, 1]) {
    if (length < octets.length && (await hold(octets.slice(0, length)))) return octets.slice(0, length);
  }
  const beginning = await shortest(octets.length, (length) => hold(octets.slice(0, length)));
  const kept = octets.slice(0, beginning);
  const end = await shortest(kept.length, (length) => hold(kept.slice(kept.length - length)));
  return kept.slice(kept.length - end);
}

/** A length that holds, found by halving: `length` holds, and 0 does not. */
async function shortest(length: number, holds: (length: number) => Promise<boolean>): Promise<number> {
  let [low, high] = [0, length];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Filler in place of all octets that it may take the place of: halves of halves keep what they must. */
export async function filledOctets(octets: Uint8Array, hold: OctetsHold): Promise<Uint8Array> {
  let now = octets;
  const fill = async (start: number, end: number): Promise<void> => {
    if (now.subarray(start, end).every((octet) => octet === FILLER)) return;
    const tried = now.slice();
    tried.fill(FILLER, start, end);
    if (await hold(tried)) {
      now = tried;
    } else if (end - start > 1) {
      const middle = Math.floor((start + end) / 2);
      await fill(start, middle);
      await fill(middle, end);
    }
  };
  await fill(0, octets.length);
  return now;
}
