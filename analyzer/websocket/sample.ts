import type { PayloadSample } from '../report/report.ts';
import type { SessionPdu } from '../session/pdu.ts';
import { OPCODE, type WebsocketFrame } from './opcode.ts';

const SAMPLE_OCTETS = 32;
const SAMPLE_CHARACTERS = 60;

/** A text frame as the wire has it and as the peer reads it; null: there is nothing to read. */
export function sampleOf(pdu: SessionPdu, frame: WebsocketFrame): PayloadSample | null {
  if (frame.opcode !== OPCODE.text || frame.rsv1 || frame.payload === undefined || frame.payload.length === 0)
    return null;
  const text = new TextDecoder('utf-8').decode(frame.payload.subarray(0, SAMPLE_CHARACTERS * 4));
  return {
    frame: pdu.frame,
    wire:
      Buffer.from(pdu.bytes.subarray(0, SAMPLE_OCTETS)).toString('hex') +
      (pdu.bytes.length > SAMPLE_OCTETS ? '…' : ''),
    maskingKey: frame.key === undefined ? null : Buffer.from(frame.key).toString('hex'),
    text: [...text].slice(0, SAMPLE_CHARACTERS).join('') + (text.length > SAMPLE_CHARACTERS ? '…' : ''),
  };
}
