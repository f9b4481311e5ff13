import { Anonymity } from './anonymity.ts';
import { conversationCapture } from './conversation.ts';
import { conversationOf, type Draft, draftsOf, evenPaces, OPEN_END } from './draft.ts';
import type { Gathered } from './gather.ts';
import { minimise } from './minimise.ts';
import type { Oracle } from './oracle.ts';
import { reduceContents } from './reduce-contents.ts';
import { anonymiseHeads, reduceHeads } from './reduce-heads.ts';

/** A part that became smaller may make others needless: so often everything is tried again at most. */
const MAX_ROUNDS = 3;

type Shows = (draft: Draft) => Promise<boolean>;

/** The connection sent anew, with as little in it as still shows the goal; null: a new one does not show it. */
export async function reduceConversation(
  gathered: Gathered,
  oracle: Oracle,
  anonymise: boolean,
): Promise<Draft | null> {
  const shows = (draft: Draft): Promise<boolean> => oracle.shows(conversationCapture(conversationOf(draft)));
  for (const seen of draftsOf(gathered)) {
    const draft = anonymise ? withoutAddresses(seen) : seen;
    if (!(await shows(draft))) continue;
    const small = await shrink(draft, shows);
    return anonymise ? anonymiseHeads(small, shows) : small;
  }
  return null;
}

function withoutAddresses(draft: Draft): Draft {
  const addresses = new Anonymity();
  return { ...draft, client: addresses.endpoint(draft.client), server: addresses.endpoint(draft.server) };
}

async function shrink(start: Draft, shows: Shows): Promise<Draft> {
  let draft = await first(shows, evenPaces(start), start);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const before = sizeOf(draft);
    draft = await first(shows, [{ ...draft, end: OPEN_END }], draft);
    draft = await fewerParts(draft, shows);
    draft = await reduceHeads(draft, shows);
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
