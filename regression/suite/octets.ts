/** Octets of one vector; the longest boundary a test needs is that of a 64-bit length form, 65536, several times over. */
export const MAX_VECTOR_OCTETS = 4 * 1024 * 1024;

export type OctetsRead =
  | { readonly kind: 'octets'; readonly octets: Uint8Array }
  /** `start`, `end`: the part of the text that is wrong. */
  | { readonly kind: 'wrong'; readonly message: string; readonly start: number; readonly end: number };

/**
 * Reads hex: pairs of digits, blanks anywhere between pairs, and `PAIRS*COUNT` for pairs that repeat
 * (`82 7e 01 00 61*256`).
 */
export function readOctets(text: string): OctetsRead {
  const pieces: Uint8Array[] = [];
  let total = 0;
  for (const match of text.matchAll(/\S+/g)) {
    const [token] = match;
    const wrong = (message: string): OctetsRead => {
      return { kind: 'wrong', message, start: match.index, end: match.index + token.length };
    };
    const parts = /^((?:[0-9a-f]{2})+)(?:\*([0-9]{1,9}))?$/i.exec(token);
    if (parts?.[1] === undefined) return wrong('pairs of hex digits, or PAIRS*COUNT');
    const unit = Buffer.from(parts[1], 'hex');
    const count = parts[2] === undefined ? 1 : Number(parts[2]);
    total += unit.length * count;
    if (total > MAX_VECTOR_OCTETS) return wrong(`at most ${MAX_VECTOR_OCTETS} octets`);
    pieces.push(count === 1 ? unit : Buffer.alloc(unit.length * count, unit));
  }
  return { kind: 'octets', octets: new Uint8Array(Buffer.concat(pieces)) };
}
