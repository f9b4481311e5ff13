import { conversationCapture } from './conversation.ts';
import { conversationOf, type Draft, draftsOf, evenPaces, OPEN_END } from './draft.ts';
import type { Gathered } from './gather.ts';
import { minimise } from './minimise.ts';
import { reduceContents } from './reduce-contents.ts';
import type { Oracle } from './oracle.ts';

/** A part that became smaller may make others needless: so often everything is tried again at most. */
const MAX_ROUNDS = 3;

/** The connection sent anew, with as little in it as still shows the goal; null: a new one does not show it. */
export async function reduceConversation(gathered: Gathered, oracle: Oracle): Promise<Draft | null> {
  const shows = (draft: Draft): Promise<boolean> => oracle.shows(conversationCapture(conversationOf(draft)));
  for (const draft of draftsOf(gathered)) {
    if (await shows(draft)) return shrink(draft, shows);
  }
  return null;
}

type Shows = (draft: Draft) => Promise<boolean>;

async function shrink(start: Draft, shows: Shows): Promise<Draft> {
  let draft = await first(shows, evenPaces(start), start);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const before = sizeOf(draft);
    draft = await first(shows, [{ ...draft, end: OPEN_END }], draft);
    draft = await fewerParts(draft, shows);
    draft = await fewerHeads(draft, shows);
    draft = await reduceContents(draft, shows);
    if (sizeOf(draft) === before) break;
  }
  return draft;
}

function sizeOf(draft: Draft): number {
  return conversationCapture(conversationOf(draft)).length;
}

async function first(shows: Shows, candidates: readonly Draft[], otherwise: Draft): Promise<Draft> {
  for (const candidate of candidates) if (await shows(candidate)) return candidate;
  return otherwise;
}

async function fewerParts(draft: Draft, shows: Shows): Promise<Draft> {
  const parts = await minimise(draft.parts, (kept) => shows({ ...draft, parts: kept }));
  return { ...draft, parts };
}

async function fewerHeads(draft: Draft, shows: Shows): Promise<Draft> {
  const heads = await minimise(draft.heads, (kept) => shows({ ...draft, heads: kept }));
  return { ...draft, heads };
}
