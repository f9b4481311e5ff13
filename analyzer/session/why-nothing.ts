import { alertNote, http2Note, noKeysNote } from '../secure/secure-notes.ts';
import { isFailure } from '../secure/tls-alert.ts';
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
  const { tlsStreams, http2Streams } = sightings;
  if (tlsStreams.size > 0 && session.secure === null) reasons.push(noKeysNote([...tlsStreams.keys()]));
  for (const [stream, { alerts }] of tlsStreams) {
    for (const alert of alerts.filter(isFailure)) reasons.push(alertNote(stream, alert));
  }
  reasons.push(...(session.secure?.notes ?? []));
  reasons.push(
    ...http2Note(new Map([...http2Streams].map(([stream, { websockets }]) => [stream, websockets]))),
  );
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
