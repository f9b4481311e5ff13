import type { SessionPdu } from '../session/pdu.ts';
import { bytesAt, numberAt, valueAt } from '../session/read-field.ts';

/** Opcodes of RFC 6455 section 5.2, as the websocket spec's `opcode` field has them. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const NAMES: Readonly<Record<number, string>> = {
  0: 'continuation',
  1: 'text',
  2: 'binary',
  8: 'close',
  9: 'ping',
  10: 'pong',
};

/** `reserved-3` for an opcode RFC 6455 gives no meaning. */
export function opcodeName(opcode: number): string {
  return NAMES[opcode] ?? `reserved-${opcode}`;
}

/** What the websocket rooms read of a frame; the ids are the spec's (contracts: they are fixed). */
export interface WebsocketFrame {
  readonly fin: boolean;
  readonly rsv1: boolean;
  readonly opcode: number;
  readonly masked: boolean;
  readonly key: Uint8Array | undefined;
  /** Unmasked payload, of a close frame including the code. undefined: cut off before it. */
  readonly payload: Uint8Array | undefined;
  readonly closeCode: number | undefined;
  readonly closeReason: string | undefined;
}

export function readFrame(pdu: SessionPdu): WebsocketFrame {
  const { root } = pdu.decoded;
  const reason = valueAt(root, 'payload.reason');
  return {
    fin: valueAt(root, 'fin') === true,
    rsv1: valueAt(root, 'rsv1') === true,
    opcode: numberAt(root, 'opcode') ?? -1,
    masked: valueAt(root, 'is_masked') === true,
    key: bytesAt(root, 'masking_key'),
    payload: payloadOf(pdu),
    closeCode: numberAt(root, 'payload.code'),
    closeReason: typeof reason === 'string' ? reason : undefined,
  };
}

/** The payload object is read from the unmasked octets: its source holds all of them. */
function payloadOf(pdu: SessionPdu): Uint8Array | undefined {
  const payload = valueAt(pdu.decoded.root, 'payload');
  if (payload === undefined || typeof payload !== 'object' || !('range' in payload)) return undefined;
  const { source, start, length } = payload.range;
  return source.bytes.subarray(start / 8, (start + length) / 8);
}
