import type { Session } from './session.ts';

/** Sentences on what stood in the way, each with what to do next; empty when there is nothing to say. */
export function whyNothing(session: Session, packets: number): string[] {
  if (packets === 0) return ['The capture holds no packets.'];
  const { sightings } = session;
  const reasons: string[] = [];
  if (sightings.begunBefore > 0) {
    reasons.push(
      `${count(sightings.begunBefore, 'TCP stream')} began before the capture, so no upgrade was seen in them. ` +
        'Start the capture before the client connects.',
    );
  }
  if (sightings.tls > 0) {
    reasons.push(
      `${count(sightings.tls, 'stream is', 'streams are')} TLS, whose content cannot be read without its keys. ` +
        'Record them (SSLKEYLOGFILE in browsers, node --tls-keylog, tls.Config.KeyLogWriter in Go) and let tshark decrypt.',
    );
  }
  if (sightings.http2 > 0) {
    reasons.push(
      `${count(sightings.http2, 'stream is', 'streams are')} HTTP/2: WebSocket over HTTP/2 (RFC 8441) is not analysed.`,
    );
  }
  if (session.connections.length === 0 && reasons.length === 0) {
    reasons.push(
      'No conversation in this capture belongs to the protocol: no upgrade to it, and none of its ports.',
    );
  }
  return reasons;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
