import { findingLines } from './finding-text.ts';
import { hintLines, INDENT } from './hint-text.ts';
import type { PaintText } from './paint.ts';
import { plural } from './plural.ts';
import { printable } from './printable.ts';
import type {
  ConnectionReport,
  HandshakeReport,
  HeartbeatReport,
  Milliseconds,
  PairsReport,
  PayloadSample,
  WebsocketReport,
} from './report.ts';
import { wrap } from './wrap.ts';

/** Numbers of unanswered messages that are listed. */
const MAX_LISTED = 12;

/** What one connection came to: fewer lines than a screen has, whatever went wrong. */
export function connectionBlock(connection: ConnectionReport, paint: PaintText): string[] {
  const { websocket, pairs, recovered, counts, verdict } = connection;
  const title = `#${connection.stream} ${connection.client} -> ${connection.server}  ${connection.protocol}`;
  return [
    `${paint('bold', title)}   ${paint(verdict, verdict.toUpperCase())}`,
    ...(recovered === null ? [] : [recoveredLine(recovered)]),
    ...(websocket === null ? [] : websocketLines(websocket, paint)),
    ...(pairs === null ? [] : [pairsLine(pairs)]),
    `   frames     c2s ${countText(counts.c2s)}`,
    `              s2c ${countText(counts.s2c)}`,
    ...(websocket === null ? [] : sampleLines(websocket)),
    ...findingLines(connection.findings, paint),
    '',
  ];
}

function recoveredLine({ confidence, skippedBytes }: NonNullable<ConnectionReport['recovered']>): string {
  const skipped = `${skippedBytes.c2s} B of c2s and ${skippedBytes.s2c} B of s2c before the first frame found`;
  return `   recovered  began before the capture · confidence ${confidence.toFixed(2)} · ${skipped}`;
}

function websocketLines({ handshake, heartbeat, close }: WebsocketReport, paint: PaintText): string[] {
  const code = close.code === null ? '' : ` ${close.code}`;
  const reason = close.reason === null || close.reason === '' ? '' : ` "${printable(close.reason)}"`;
  return [
    ...labelled('handshake', handshakeText(handshake)),
    ...heartbeatLines(heartbeat),
    ...labelled('close', `${close.cause}${code}${reason}: ${printable(close.evidence)}`),
    ...(close.hint === null ? [] : hintLines(close.hint, paint)),
  ];
}

function labelled(label: string, text: string): string[] {
  return wrap(text, INDENT).map((line, at) => `   ${(at === 0 ? label : '').padEnd(INDENT - 3)}${line}`);
}

function handshakeText(handshake: HandshakeReport): string {
  const { status, acceptOk, seen } = handshake;
  const accept = acceptOk === null ? 'Accept not seen' : acceptOk ? 'Accept ok' : 'Accept WRONG';
  const parts = [
    status === null ? (seen === 'none' ? 'not seen' : 'no answer seen') : String(status),
    accept,
    extensionText(handshake),
    subprotocolText(handshake),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function extensionText({ extensions, offered }: HandshakeReport): string {
  const was = offered === null || offered === '' ? '' : printable(offered);
  if (extensions !== null && extensions !== '') {
    const differs = was === '' || was === extensions ? '' : ` (offered: ${was})`;
    return `${printable(extensions)}${differs}`;
  }
  return was === '' ? 'no extension' : `offered and declined: ${was}`;
}

function subprotocolText({ subprotocol, offeredSubprotocols }: HandshakeReport): string {
  const offered =
    offeredSubprotocols === null || offeredSubprotocols === '' ? '' : printable(offeredSubprotocols);
  if (subprotocol === null) return offered === '' ? '' : `subprotocol offered and declined: ${offered}`;
  return `subprotocol ${printable(subprotocol)}${offered === '' || offered === subprotocol ? '' : ` (offered: ${offered})`}`;
}

function heartbeatLines(heartbeat: HeartbeatReport): string[] {
  const { pings, answered, missed, late, unsolicited, intervalMs, rttMs, application } = heartbeat;
  const beats = [
    plural(pings, 'ping'),
    ...(intervalMs === null ? [] : [`every ${duration(intervalMs)}`]),
    `${answered} answered`,
    `${missed} missed`,
    ...(late === 0 ? [] : [`${late} late`]),
    ...(unsolicited === 0 ? [] : [`${unsolicited} unsolicited`]),
    ...(rttMs === null ? [] : [`RTT ${spread(rttMs)}`]),
  ];
  const own = pings === 0 && unsolicited === 0 ? [] : labelled('heartbeat', beats.join(' · '));
  if (application === null) return own;
  const { pattern, sent, intervalMs: interval, missedNumbers } = application;
  const gaps = application.missed === 0 ? '' : ` (${listed(missedNumbers)})`;
  const text = `${printable(pattern)} · every ${duration(interval)} · ${sent} sent, ${application.missed} missed${gaps}`;
  return [...own, ...labelled(own.length === 0 ? 'heartbeat' : '', `in messages: ${text}`)];
}

function pairsLine({ kind, requests, answered, unanswered, latencyMs, uncertain }: PairsReport): string {
  const open =
    unanswered.length === 0
      ? ''
      : ` · without an answer: message ${listed(unanswered.map(({ index }) => index))}`;
  const latency = latencyMs === null ? '' : ` · latency ${spread(latencyMs)}`;
  const doubt = uncertain ? ' · octets are missing, so this is not certain' : '';
  return `   answers    ${kind}: ${answered} of ${requests}${open}${latency}${doubt}`;
}

function listed(numbers: readonly number[]): string {
  const more = numbers.length - MAX_LISTED;
  return `${numbers.slice(0, MAX_LISTED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function spread({ min, p50, p95, max }: Milliseconds): string {
  return `min ${min.toFixed(1)} p50 ${p50.toFixed(1)} p95 ${p95.toFixed(1)} max ${max.toFixed(1)} ms`;
}

function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

function sampleLines(websocket: WebsocketReport): string[] {
  const line = (side: 'c2s' | 's2c', sample: PayloadSample | null): string[] => {
    if (sample === null) return [];
    const key = sample.maskingKey === null ? 'not masked      ' : `key ${sample.maskingKey}    `;
    return [
      `   ${side} #${sample.frame}`.padEnd(INDENT) + `wire ${sample.wire}  ${key}"${printable(sample.text)}"`,
    ];
  };
  return [...line('c2s', websocket.sample.c2s), ...line('s2c', websocket.sample.s2c)];
}

function countText(counts: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(counts).filter(([kind, count]) => kind !== 'bytes' && count > 0);
  if (kinds.length === 0) return 'none';
  return `${kinds.map(([kind, count]) => `${count} ${kind}`).join(', ')} (${counts['bytes'] ?? 0} B)`;
}
