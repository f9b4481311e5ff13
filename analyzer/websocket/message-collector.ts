import type { Side } from '../capture/stream.ts';
import type { SessionMessage } from '../session/message.ts';
import type { SessionPdu } from '../session/pdu.ts';
import { isStruct, valueAt } from '../session/read-field.ts';
import type { Message, MessageType } from './message.ts';
import { OPCODE, readFrame } from './opcode.ts';

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

type Told = Pick<
  Message,
  'type' | 'payload' | 'frames' | 'fragments' | 'compressed' | 'incomplete' | 'confidence'
>;

/** From the frames of one connection to its messages, in order of completion: a control frame is one of its own. */
export class MessageCollector {
  private readonly emit: (message: Message) => void;
  private readonly count: Record<Side, number> = { c2s: 0, s2c: 0 };

  constructor(emit: (message: Message) => void) {
    this.emit = emit;
  }

  pdu(pdu: SessionPdu): void {
    const { message } = pdu;
    if (message !== null) {
      const data = dataMessage(message);
      if (data !== null) this.tell(pdu, data, { closeCode: null, closeReason: null });
      return;
    }
    const frame = readFrame(pdu);
    const type = CONTROL_TYPES[frame.opcode];
    if (type === undefined) return;
    const control: Told = {
      type,
      payload: frame.payload ?? NO_PAYLOAD,
      frames: [pdu.frame],
      fragments: 1,
      compressed: false,
      incomplete: whyIncomplete(pdu),
      confidence: pdu.confidence,
    };
    this.tell(pdu, control, { closeCode: frame.closeCode ?? null, closeReason: frame.closeReason ?? null });
  }

  private tell(pdu: SessionPdu, told: Told, close: Pick<Message, 'closeCode' | 'closeReason'>): void {
    const { stream, direction, time } = pdu;
    const index = this.count[direction]++;
    this.emit({ stream, direction, index, time, ...told, ...close });
  }
}

/** null: of a reserved opcode. */
function dataMessage(message: SessionMessage): Told | null {
  const [first] = message.parts;
  const type = first === undefined ? undefined : DATA_TYPES[readFrame({ ...first, message: null }).opcode];
  if (type === undefined) return null;
  return {
    type,
    payload: contentOf(message),
    frames: message.parts.map(({ frame }) => frame),
    fragments: message.parts.length,
    compressed: message.processed,
    incomplete: message.incomplete,
    confidence: confidenceOf(message),
  };
}

/** What the application gets: after inflating. Where that failed, the octets as they were sent. */
export function contentOf(message: SessionMessage): Uint8Array {
  const { decoded, octets } = message;
  if (decoded === null) return octets;
  const content = valueAt(decoded.root, 'inflated') ?? valueAt(decoded.root, 'plain');
  return isStruct(content) ? content.range.source.bytes : octets;
}

/** Of a message that had to be looked for, the least certain of its parts. */
function confidenceOf({ parts }: SessionMessage): number | null {
  const known = parts.flatMap(({ confidence }) => confidence ?? []);
  return known.length === 0 ? null : Math.min(...known);
}

function whyIncomplete({ problem }: SessionPdu): string | null {
  if (problem === null) return null;
  return problem.kind === 'truncated'
    ? `the stream ends after ${problem.available} of ${problem.needed} octets of the frame`
    : problem.message;
}
