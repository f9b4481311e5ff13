import type { Endpoint } from '../capture/segment.ts';
import type { Side } from '../capture/stream.ts';
import type { HandshakeReport, PayloadSample, WebsocketReport } from '../report/report.ts';
import type { SessionPdu } from '../session/pdu.ts';
import { classifyClose, type CloseFrame, type TransportEnd } from './close-cause.ts';
import { HeartbeatTracker } from './heartbeat.ts';
import { OPCODE, opcodeName, readFrame, type WebsocketFrame } from './opcode.ts';

const SAMPLE_OCTETS = 32;
const SAMPLE_CHARACTERS = 60;

/** What only WebSocket has, gathered while the frames of one connection pass. */
export class WebsocketCollector {
  private readonly client: Endpoint;
  private readonly server: Endpoint;
  private readonly heartbeat = new HeartbeatTracker();
  private readonly closes: CloseFrame[] = [];
  private readonly ends: TransportEnd[] = [];
  private readonly samples: Record<Side, PayloadSample | null> = { c2s: null, s2c: null };
  private last: { side: Side; frame: number; time: bigint } | null = null;
  /** Pings since the last pong that came back, by the direction the pings were sent in. */
  private readonly openPings: Record<Side, number> = { c2s: 0, s2c: 0 };

  constructor(client: Endpoint, server: Endpoint) {
    this.client = client;
    this.server = server;
  }

  pdu(pdu: SessionPdu): void {
    const frame = readFrame(pdu);
    this.last = { side: pdu.direction, frame: pdu.frame, time: pdu.time };
    if (pdu.problem !== null) return;
    this.heartbeat.frame(pdu, frame);
    if (frame.opcode === OPCODE.ping) this.openPings[pdu.direction] += 1;
    if (frame.opcode === OPCODE.pong) this.openPings[pdu.direction === 'c2s' ? 's2c' : 'c2s'] = 0;
    if (frame.opcode === OPCODE.close) this.close(pdu, frame);
    this.samples[pdu.direction] ??= sampleOf(pdu, frame);
  }

  end(end: TransportEnd): void {
    this.ends.push(end);
  }

  report(handshake: HandshakeReport): WebsocketReport {
    return {
      handshake,
      heartbeat: { ...this.heartbeat.summary(), application: null },
      close: classifyClose({
        client: this.client,
        server: this.server,
        status: handshake.status,
        closes: this.closes,
        ends: this.ends,
        lastFrame: this.last,
        openPings: this.openPings,
      }),
      sample: this.samples,
    };
  }

  private close(pdu: SessionPdu, frame: WebsocketFrame): void {
    if (this.closes.some((known) => known.side === pdu.direction)) return;
    this.closes.push({
      side: pdu.direction,
      code: frame.closeCode ?? null,
      reason: frame.closeReason ?? null,
      frame: pdu.frame,
      time: pdu.time,
    });
  }
}

/** Kind by which frames are counted in a report. */
export function kindOf(pdu: SessionPdu): string {
  return opcodeName(readFrame(pdu).opcode);
}

function sampleOf(pdu: SessionPdu, frame: WebsocketFrame): PayloadSample | null {
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
