/** Text that a run must save to be worth a `*COUNT`. */
const LEAST_REPEATS = 6;
/** Units that repeat: one octet, or a masking key's worth. */
const PERIODS = [1, 2, 4, 8];
const MOST_IN_A_WORD = 8;

/**
 * Octets as a tests file has them (`readOctets` reads them back): words of hex, runs as `61*256`. `starts`: places where
 * a word begins.
 */
export function hexWords(octets: Uint8Array, starts: ReadonlySet<number>): readonly string[] {
  const words: string[] = [];
  let word = '';
  let since = 0;
  for (let at = 0; at < octets.length;) {
    const run = runAt(octets, at);
    if (run !== undefined || starts.has(at) || at - since >= MOST_IN_A_WORD) {
      if (word !== '') words.push(word);
      word = '';
      since = at;
    }
    if (run === undefined) {
      word += hexOf(octets.subarray(at, at + 1));
      at += 1;
      continue;
    }
    words.push(`${hexOf(octets.subarray(at, at + run.period))}*${run.count}`);
    at += run.period * run.count;
    since = at;
  }
  return word === '' ? words : [...words, word];
}

function runAt(
  octets: Uint8Array,
  at: number,
): { readonly period: number; readonly count: number } | undefined {
  for (const period of PERIODS) {
    let end = at + period;
    while (end < octets.length && octets[end] === octets[end - period]) end += 1;
    const count = Math.floor((end - at) / period);
    if (count >= LEAST_REPEATS) return { period, count };
  }
  return undefined;
}

function hexOf(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}
