import type { BuiltinDefects } from '../compare/builtin-view.ts';
import { OPCODE, readFrame, type WebsocketFrame } from './opcode.ts';

/** It unmasks so many octets of a frame (4.4 and later: preference `websocket.max_unmasked_len`). */
const UNMASKED_OCTETS = 262_144;
/** Lengths are kept in 32 bits. */
const MOST_LENGTH = 0xffff_ffffn;

/** Where Wireshark's own WebSocket dissector shows something else than the frame on the wire (docs/diagnoses.md). */
export const WEBSOCKET_DEFECTS: BuiltinDefects = {
  explain: (pdu, { field }) => {
    if (!field.startsWith('websocket.payload.')) return null;
    const frame = readFrame(pdu);
    if (isPartOfMessage(frame)) return 'builtin-message-level';
    return (frame.payload?.length ?? 0) > UNMASKED_OCTETS ? 'builtin-unmask-cap' : null;
  },
  derails: (pdu) => {
    const { problem } = pdu;
    const needed = problem?.kind === 'truncated' || problem?.kind === 'limit' ? problem.needed : 0n;
    return needed > MOST_LENGTH ? 'builtin-length-32-bit' : null;
  },
};

/** It shows the joined and inflated message on the last fragment, where we compare frames. */
function isPartOfMessage(frame: WebsocketFrame): boolean {
  return !frame.fin || frame.opcode === OPCODE.continuation || frame.rsv1;
}
