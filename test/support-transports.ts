import { readCapture } from '../analyzer/capture/read-capture.ts';
import type { TcpSegment, Transport } from '../analyzer/capture/segment.ts';
import { TransportDecoder } from '../analyzer/capture/transport.ts';
import type { Connection } from '../analyzer/session/connection.ts';
import { Bindings } from '../analyzer/session/bindings.ts';
import { decoderOptions } from '../analyzer/session/decoder-options.ts';
import type { SessionPdu } from '../analyzer/session/pdu.ts';
import { Session } from '../analyzer/session/session.ts';
import { compileWebsocket } from './support-websocket.ts';

/** The TCP segments of a capture, with octets of their own. */
export async function segmentsOf(capture: string): Promise<TcpSegment[]> {
  const segments: TcpSegment[] = [];
  const decoder = new TransportDecoder();
  await readCapture(capture, (packet) => {
    const transport = decoder.decode(packet);
    if (transport?.kind === 'tcp') segments.push({ ...transport, payload: transport.payload.slice() });
  });
  return segments;
}

export interface Found {
  readonly connection: Connection;
  readonly pdu: SessionPdu;
}

export interface Run {
  readonly connections: readonly Connection[];
  readonly found: readonly Found[];
  readonly session: Session;
}

let bindings: Bindings | undefined;

/** What our own decoding makes of segments, with the websocket spec. */
export function runSession(transports: readonly Transport[]): Run {
  bindings ??= new Bindings([compileWebsocket()], decoderOptions());
  const found: Found[] = [];
  const session = new Session(bindings, {
    opened: () => undefined,
    pdu: (connection, pdu) => found.push({ connection, pdu }),
  });
  for (const transport of transports) session.push(transport);
  session.finish();
  return { connections: session.connections, found, session };
}

/** The same for a PDU wherever the capture begins. */
export function keyOf({ connection, pdu }: Found): string {
  const { client, server } = connection;
  const octets = Buffer.from(pdu.bytes.subarray(0, 64)).toString('hex');
  const ports = `${client.port}>${server.port}`;
  return [ports, pdu.direction, pdu.length, octets].join(' ');
}
