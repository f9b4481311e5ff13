import type { Side } from '../../capture/stream.ts';
import type { Decoder } from '../../decode/index.ts';
import { type Beginning, ConversationState } from '../state/conversation-state.ts';
import type { Wanted } from './chain-search.ts';
import { HeaderReader, type Sender } from './header-reader.ts';
import { MAX_HEADERS_READ } from './limits.ts';

/** Made once for a decoder: it learns what can begin a PDU. */
const READERS = new WeakMap<Decoder, HeaderReader>();

/** What PDUs of a direction look like; null: the protocol does not say how to look for them. */
export function wantedFor(decoder: Decoder, side: Side, beginning: Beginning): Wanted | null {
  const { recovery } = decoder.protocol;
  if (recovery === null) return null;
  const headers = READERS.get(decoder) ?? new HeaderReader(decoder.protocol);
  READERS.set(decoder, headers);
  const told: Sender = side === 'c2s' ? 'client' : 'server';
  const sender = recovery.fromClient === null ? 'either' : told;
  // Whatever the PDUs before have changed, they were not seen, or not by who looks.
  const unseen = { ...beginning, seen: { c2s: false, s2c: false } };
  const state = (): ConversationState => new ConversationState(decoder.protocol, unseen);
  return { decoder, headers, side, sender, state, budget: { headers: MAX_HEADERS_READ } };
}
