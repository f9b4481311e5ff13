import type { Verdict } from '../judge/finding.ts';
import { connectionBlock } from './connection-text.ts';
import type { PaintText } from './paint.ts';
import { plural } from './plural.ts';
import { printable } from './printable.ts';
import type { AnalysisReport, ConnectionReport, CrossCheckReport } from './report.ts';

/** Differences shown: the rest is counted, JSON has all. */
const MAX_DIFFERENCES = 12;
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
  const named = report.engines.map(
    (engine) => `${engine.name}${engine.version === null ? '' : ` ${engine.version}`}`,
  );
  // With several specs an engine is there once for each of its plugins.
  const engines = [...new Set(named)];
  const plugins = new Set(report.engines.map(({ plugin }) => plugin)).size;
  const against =
    crossCheck.against === 'plugin'
      ? plugins > 1
        ? 'our plugins'
        : 'our plugin'
      : "Wireshark's own dissector";
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
  return crossCheck.differences.slice(0, MAX_DIFFERENCES).map((difference) => {
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

function verdictLine(report: AnalysisReport, paint: PaintText): string {
  const findings = report.connections.flatMap((connection) => connection.findings);
  const count = (severity: string): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const summary = `${plural(count('error'), 'error')} · ${plural(count('warning'), 'warning')}`;
  return `${paint(report.verdict, report.verdict.toUpperCase())}  ${summary} · ${plural(report.connections.length, 'connection')}`;
}

function total(connection: ConnectionReport): number {
  const of = (counts: Readonly<Record<string, number>>): number =>
    Object.entries(counts).reduce((sum, [kind, count]) => sum + (kind === 'bytes' ? 0 : count), 0);
  return of(connection.counts.c2s) + of(connection.counts.s2c);
}
