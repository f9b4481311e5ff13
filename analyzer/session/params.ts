import type { Protocol } from '../../spec/index.ts';
import type { Side } from '../capture/stream.ts';
import type { ParamValues } from '../decode/index.ts';
import type { HttpHead } from '../http/head.ts';
import type { UpgradeHeads } from './state/header-values.ts';
import { ConversationState } from './state/conversation-state.ts';

const PLACE = { position: 0, length: 0, frame: 0, time: 0n };
/** Heads without a header: what is taken from them has its initial value. */
const BARE = { place: PLACE, version: '1.1', fields: [], oddities: [] };
const REQUEST: HttpHead = { ...BARE, kind: 'request', method: 'GET', target: '/' };
const RESPONSE: HttpHead = { ...BARE, kind: 'response', status: 101, reason: '' };

/** A conversation that was seen from its beginning; without heads it negotiated nothing. */
export function freshState(
  protocol: Protocol,
  heads: UpgradeHeads = { request: REQUEST, response: RESPONSE },
): ConversationState {
  return new ConversationState(protocol, {
    heads,
    seen: { c2s: true, s2c: true },
    sidesKnown: true,
    server: { address: '', port: 0 },
  });
}

/**
 * The root type's params for the first PDU of a direction. A preference has its initial value: there is no other here.
 */
export function paramsFor(protocol: Protocol, side: Side): ParamValues {
  return freshState(protocol).params(side);
}
