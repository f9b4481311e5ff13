import type { Draft } from './draft.ts';
import type { HeadItem } from './heads.ts';
import { minimise } from './minimise.ts';

type Shows = (draft: Draft) => Promise<boolean>;

/** Words that RFC 6455, RFC 7692 and RFC 9110 give a meaning: they tell nothing of whoever sent them. */
const KNOWN_WORDS: ReadonlySet<string> = new Set([
  'permessage-deflate',
  'client_max_window_bits',
  'server_max_window_bits',
  'client_no_context_takeover',
  'server_no_context_takeover',
  'websocket',
  'upgrade',
  'keep-alive',
  'close',
]);

/** Heads with fewer changes, and a usual target. */
export async function reduceHeads(draft: Draft, shows: Shows): Promise<Draft> {
  const heads = await minimise(draft.heads, (kept) => shows({ ...draft, heads: kept }));
  return firstOf(shows, [{ ...draft, heads: heads.map(withUsualTarget) }], { ...draft, heads });
}

/** Filler in place of what stands in the heads, as far as it may take its place. */
export async function anonymiseHeads(draft: Draft, shows: Shows): Promise<Draft> {
  const all = { ...draft, heads: draft.heads.map((item) => filled(item)) };
  let now = await firstOf(shows, [all], draft);
  if (now === all) return now;
  // A subprotocol that is offered and one that is chosen belong together.
  for (const name of new Set(draft.heads.map(nameOf))) {
    const heads = now.heads.map((item) => (nameOf(item) === name ? filled(item) : item));
    now = await firstOf(shows, [{ ...now, heads }], now);
  }
  for (const index of now.heads.keys()) {
    const heads = now.heads.map((item, at) => (at === index ? filled(item) : item));
    now = await firstOf(shows, [{ ...now, heads }], now);
  }
  return now;
}

function nameOf(item: HeadItem): string {
  return item.kind === 'line' ? item.head : item.name.toLowerCase();
}

function withUsualTarget(item: HeadItem): HeadItem {
  if (item.kind !== 'line' || item.head !== 'request') return item;
  return { ...item, line: item.line.replace(/^(\S+) \S+ (HTTP\/\S+)$/, '$1 /test $2') };
}

/** Words become filler of their length; what stands between them, and numbers of two digits, stay. */
function filled(item: HeadItem): HeadItem {
  if (item.kind === 'line') {
    const usual = withUsualTarget(item);
    if (usual.kind !== 'line' || item.head === 'request') return usual;
    return { ...item, line: item.line.replace(/^(HTTP\/\S+ \d+).*$/, '$1 x') };
  }
  return { ...item, values: item.values.map(filledText) };
}

export function filledText(value: string): string {
  return value.replaceAll(/[^\s;,="]+/g, (word) =>
    isTelling(word) ? word.replaceAll(/[^-+/=_.:]/g, 'x') : word,
  );
}

/** Whether a word may say something of whoever sent it. */
export function isTelling(word: string): boolean {
  return !KNOWN_WORDS.has(word.toLowerCase()) && !/^\d{1,2}$/.test(word);
}

async function firstOf(shows: Shows, candidates: readonly Draft[], otherwise: Draft): Promise<Draft> {
  for (const candidate of candidates) if (await shows(candidate)) return candidate;
  return otherwise;
}
