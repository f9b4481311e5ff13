import type { DissectedPacket } from '../../engines/index.ts';
import type { Owner } from '../compare/cross-check.ts';
import type { Diagnosis } from '../compare/difference.ts';
import type { Session } from '../session/session.ts';

/** Whose packet it is: the connection that its stream became, and the direction, by who sent it. */
export function ownerOf(session: Session, packet: DissectedPacket): Owner | undefined {
  const transport = packet.tcp ?? packet.udp;
  const stream = session.packets.get(packet.frame);
  if (transport === null || stream === undefined) return undefined;
  const connection = session.connectionOn(packet.tcp === null ? 'udp' : 'tcp', stream);
  if (connection === undefined) return undefined;
  const { client } = connection;
  const fromClient = transport.sourcePort === client.port && transport.sourceAddress === client.address;
  return { connection, side: fromClient ? 'c2s' : 's2c' };
}

/** Why an engine may show the protocol where we have no connection; null: no cause is known. */
export function homelessDiagnosis(session: Session, frame: number): Diagnosis | null {
  const stream = session.packets.get(frame);
  if (stream === undefined) return null;
  if (session.sightings.http2Streams.has(stream)) return 'http2';
  return session.sightings.tlsStreams.has(stream) ? 'tls' : null;
}
