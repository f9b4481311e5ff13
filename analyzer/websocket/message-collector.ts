import type { Side } from '../capture/stream.ts';
import type { SessionPdu } from '../session/pdu.ts';
import type { Message, MessageType } from './message.ts';
import { OPCODE, readFrame, type WebsocketFrame } from './opcode.ts';

/** Control frames inside it do not end a fragmented message (RFC 6455 section 5.4). */
interface OpenMessage {
  readonly type: MessageType;
  readonly compressed: boolean;
  readonly frames: number[];
}

const DATA_TYPES: Readonly<Record<number, MessageType>> = {
  [OPCODE.text]: 'text',
  [OPCODE.binary]: 'binary',
};
const CONTROL_TYPES: Readonly<Record<number, MessageType>> = {
  [OPCODE.close]: 'close',
  [OPCODE.ping]: 'ping',
  [OPCODE.pong]: 'pong',
};

const NO_PAYLOAD = new Uint8Array(0);

/** From the frames of one connection to its messages, in order of completion. */
export class MessageCollector {
  private readonly emit: (message: Message) => void;
  private readonly open: Record<Side, OpenMessage | null> = { c2s: null, s2c: null };
  private readonly count: Record<Side, number> = { c2s: 0, s2c: 0 };

  constructor(emit: (message: Message) => void) {
    this.emit = emit;
  }

  pdu(pdu: SessionPdu): void {
    const frame = readFrame(pdu);
    const control = CONTROL_TYPES[frame.opcode];
    if (control !== undefined)
      this.tell(pdu, frame, { type: control, compressed: false, frames: [pdu.frame] });
    else if (frame.opcode === OPCODE.continuation) this.continue(pdu, frame);
    else this.begin(pdu, frame);
  }

  private begin(pdu: SessionPdu, frame: WebsocketFrame): void {
    const type = DATA_TYPES[frame.opcode];
    if (type === undefined) return;
    const message = { type, compressed: frame.rsv1, frames: [pdu.frame] };
    if (frame.fin) this.tell(pdu, frame, message);
    else this.open[pdu.direction] = message;
  }

  /** A continuation of nothing is not a message. */
  private continue(pdu: SessionPdu, frame: WebsocketFrame): void {
    const message = this.open[pdu.direction];
    if (message === null) return;
    message.frames.push(pdu.frame);
    if (!frame.fin) return;
    this.open[pdu.direction] = null;
    this.tell(pdu, frame, message);
  }

  private tell(pdu: SessionPdu, frame: WebsocketFrame, message: OpenMessage): void {
    const { direction } = pdu;
    this.emit({
      stream: pdu.stream,
      direction,
      index: this.count[direction]++,
      ...message,
      payload: frame.payload ?? NO_PAYLOAD,
      time: pdu.time,
      fragments: message.frames.length,
      incomplete: whyIncomplete(pdu, message),
      closeCode: frame.closeCode ?? null,
      closeReason: frame.closeReason ?? null,
    });
  }
}

function whyIncomplete(pdu: SessionPdu, message: OpenMessage): string | null {
  if (pdu.problem !== null) {
    return pdu.problem.kind === 'truncated'
      ? `the stream ends after ${pdu.problem.available} of ${pdu.problem.needed} octets of the frame`
      : pdu.problem.message;
  }
  if (message.frames.length > 1)
    return `sent in ${message.frames.length} fragments; only the last one's payload is given`;
  if (message.compressed) return 'compressed (permessage-deflate); the payload is given as compressed';
  return null;
}
