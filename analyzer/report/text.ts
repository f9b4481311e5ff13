import type { Finding, Verdict } from '../judge/finding.ts';
import type {
  AnalysisReport,
  ConnectionReport,
  CrossCheckReport,
  PayloadSample,
  WebsocketReport,
} from './report.ts';
import { printable } from './printable.ts';

/** What a text is, so that a terminal can colour it; a file or a pipe gets it plain. */
export type TextStyle = 'pass' | 'warn' | 'fail' | 'inconclusive' | 'dim' | 'bold';
export type PaintText = (style: TextStyle, text: string) => string;

export const PLAIN: PaintText = (_style, text) => text;

/** Findings shown per connection: the rest is counted, JSON has all. */
const MAX_FINDINGS = 12;
/** Connections shown when all is well; those with findings are always shown first. */
const MAX_CONNECTIONS = 20;

/** The terminal report. */
export function renderText(report: AnalysisReport, paint: PaintText): string {
  const lines = [
    headline(report),
    captureLine(report),
    ...decoderLines(report, paint),
    ...report.failures.map((failure) => paint('fail', `failed     ${printable(failure)}`)),
    ...report.notes.map((note) => `note       ${printable(note)}`),
    '',
    ...connectionBlocks(report, paint),
    verdictLine(report, paint),
  ];
  return `${lines.join('\n')}\n`;
}

function headline(report: AnalysisReport): string {
  const pdus = report.connections.reduce((sum, connection) => sum + total(connection), 0);
  const connections = plural(report.connections.length, 'connection');
  return `${printable(report.capture.file)}   ${connections} · ${plural(pdus, 'frame')} · ${plural(report.capture.frames, 'packet')}`;
}

function captureLine(report: AnalysisReport): string {
  const { capture } = report;
  const faults = [
    capture.truncated ? 'cut short' : '',
    capture.gaps > 0 ? plural(capture.gaps, 'hole') : '',
  ].filter((fault) => fault !== '');
  const links = capture.linkTypes.length === 0 ? '' : ` · ${capture.linkTypes.join(', ')}`;
  return `capture    ${faults.length === 0 ? 'ok, no loss seen' : faults.join(', ')}${links}`;
}

function decoderLines(report: AnalysisReport, paint: PaintText): string[] {
  const { crossCheck } = report;
  if (crossCheck === null) {
    const asked = report.failures.length > 0 || report.engines.length > 0;
    return [`decoders   no cross-check${asked ? ': it failed' : ': only our own decoding was asked for'}`];
  }
  if (crossCheck.fields === 0 && crossCheck.differences.length === 0) {
    return ['decoders   nothing to compare', ...explainedLines(crossCheck)];
  }
  const engines = report.engines.map(
    (engine) => `${engine.name}${engine.version === null ? '' : ` ${engine.version}`}`,
  );
  const against = crossCheck.against === 'plugin' ? 'our plugin' : "Wireshark's own dissector";
  const agreed = `${crossCheck.agreed} of ${crossCheck.fields} fields of ${plural(crossCheck.pdus, 'frame')} agree`;
  return [
    `decoders   ${engines.join(', ')} with ${against}: ${agreed}, ${plural(crossCheck.differences.length, 'difference')}`,
    ...explainedLines(crossCheck),
    ...differenceLines(crossCheck, paint),
  ];
}

function explainedLines(crossCheck: CrossCheckReport): string[] {
  return crossCheck.explained.map(
    ({ engine, diagnosis, count, first }) =>
      `           explained: ${diagnosis} ×${count} (${engine}), first in packet ${first.frame}`,
  );
}

function differenceLines(crossCheck: CrossCheckReport, paint: PaintText): string[] {
  return crossCheck.differences.slice(0, MAX_FINDINGS).map((difference) => {
    const octets = difference.byteRange;
    const where = octets === null ? '' : `, octets ${octets.start}-${octets.end - 1}`;
    const values = `decoded ${shown(difference.decoded)}, ${difference.engine} ${shown(difference.tshark)}`;
    return paint(
      'fail',
      `           differs: packet ${difference.frame} ${printable(difference.field)}${where}: ${values}`,
    );
  });
}

function shown(value: string | null): string {
  if (value === null) return 'nothing';
  return value.length > 60 ? `${printable(value.slice(0, 60))}…` : printable(value);
}

function connectionBlocks(report: AnalysisReport, paint: PaintText): string[] {
  const ordered = [...report.connections].sort(
    (a, b) => weight(a.verdict) - weight(b.verdict) || a.stream - b.stream,
  );
  const lines = ordered.slice(0, MAX_CONNECTIONS).flatMap((connection) => connectionBlock(connection, paint));
  const hidden = ordered.length - MAX_CONNECTIONS;
  if (hidden > 0) lines.push(`… and ${plural(hidden, 'more connection')} (--format json lists all)`, '');
  return lines;
}

function weight(verdict: Verdict): number {
  return { fail: 0, inconclusive: 1, warn: 2, pass: 3 }[verdict];
}

function connectionBlock(connection: ConnectionReport, paint: PaintText): string[] {
  const title = `#${connection.stream} ${connection.client} -> ${connection.server}  ${connection.protocol}`;
  const extra = connection.websocket === null ? [] : websocketLines(connection.websocket);
  return [
    `${paint('bold', title)}   ${paint(connection.verdict, connection.verdict.toUpperCase())}`,
    ...extra,
    `   frames     c2s ${countText(connection.counts.c2s)}`,
    `              s2c ${countText(connection.counts.s2c)}`,
    ...(connection.websocket === null ? [] : sampleLines(connection.websocket)),
    ...findingLines(connection.findings, paint),
    '',
  ];
}

function websocketLines(websocket: WebsocketReport): string[] {
  const { handshake, heartbeat, close } = websocket;
  const accept =
    handshake.acceptOk === null ? 'Accept not seen' : handshake.acceptOk ? 'Accept ok' : 'Accept WRONG';
  const extensions =
    handshake.extensions === null || handshake.extensions === '' ? 'no extension' : handshake.extensions;
  const beats =
    heartbeat.pings === 0
      ? []
      : [
          `   heartbeat  ${plural(heartbeat.pings, 'ping')}, ${heartbeat.answered} answered, ${heartbeat.missed} missed${rtt(heartbeat.rttMs)}`,
        ];
  const code =
    close.code === null
      ? ''
      : ` ${close.code}${close.reason === null || close.reason === '' ? '' : ` "${printable(close.reason)}"`}`;
  return [
    `   handshake  ${handshake.status ?? 'no answer'} · ${accept} · ${printable(extensions)}${handshake.subprotocol === null ? '' : ` · ${printable(handshake.subprotocol)}`}`,
    ...beats,
    `   close      ${close.cause}${code}: ${close.evidence}`,
  ];
}

function rtt(times: WebsocketReport['heartbeat']['rttMs']): string {
  return times === null ? '' : ` · RTT p50 ${times.p50.toFixed(1)} ms, p95 ${times.p95.toFixed(1)} ms`;
}

function sampleLines(websocket: WebsocketReport): string[] {
  const line = (side: 'c2s' | 's2c', sample: PayloadSample | null): string[] => {
    if (sample === null) return [];
    const key = sample.maskingKey === null ? 'not masked      ' : `key ${sample.maskingKey}    `;
    return [
      `   ${side} #${sample.frame}`.padEnd(14) + `wire ${sample.wire}  ${key}"${printable(sample.text)}"`,
    ];
  };
  return [...line('c2s', websocket.sample.c2s), ...line('s2c', websocket.sample.s2c)];
}

function findingLines(findings: readonly Finding[], paint: PaintText): string[] {
  const lines = findings.slice(0, MAX_FINDINGS).map((finding) => {
    const style: TextStyle =
      finding.severity === 'error' ? 'fail' : finding.severity === 'warning' ? 'warn' : 'dim';
    const letter = finding.severity[0]?.toUpperCase() ?? '?';
    const reference = finding.reference === '' ? '' : `  [${finding.reference}]`;
    return paint(
      style,
      `   ${letter}  ${finding.rule}  packet ${finding.frame}  ${printable(finding.message)}${reference}`,
    );
  });
  const hidden = findings.length - MAX_FINDINGS;
  return hidden > 0 ? [...lines, `   … and ${plural(hidden, 'more finding')}`] : lines;
}

function verdictLine(report: AnalysisReport, paint: PaintText): string {
  const findings = report.connections.flatMap((connection) => connection.findings);
  const count = (severity: string): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const summary = `${plural(count('error'), 'error')} · ${plural(count('warning'), 'warning')}`;
  return `${paint(report.verdict, report.verdict.toUpperCase())}  ${summary} · ${plural(report.connections.length, 'connection')}`;
}

function countText(counts: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(counts).filter(([kind, count]) => kind !== 'bytes' && count > 0);
  if (kinds.length === 0) return 'none';
  return `${kinds.map(([kind, count]) => `${count} ${kind}`).join(', ')} (${counts['bytes'] ?? 0} B)`;
}

function total(connection: ConnectionReport): number {
  const of = (counts: Readonly<Record<string, number>>): number =>
    Object.entries(counts).reduce((sum, [kind, count]) => sum + (kind === 'bytes' ? 0 : count), 0);
  return of(connection.counts.c2s) + of(connection.counts.s2c);
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
