import type { Severity } from '../../spec/index.ts';
import type { Side } from '../capture/stream.ts';
import type { Connection } from '../session/connection.ts';
import type { PduProblem, SessionPdu } from '../session/pdu.ts';
import type { Finding, Verdict } from './finding.ts';

/** A capture of nothing but violations must not fill the memory; what is beyond is counted. */
const MAX_FINDINGS = 10_000;

/** Gathers what one connection did wrong while its PDUs pass. */
export class ConnectionJudge {
  private readonly connection: Connection;
  private readonly strict: boolean;
  private readonly kept: Finding[] = [];
  private readonly severities: Record<Severity, number> = { error: 0, warning: 0, info: 0 };

  /** @param strict warnings count as errors */
  constructor(connection: Connection, strict: boolean) {
    this.connection = connection;
    this.strict = strict;
  }

  pdu(pdu: SessionPdu): void {
    const at = { direction: pdu.direction, frame: pdu.frame, offset: pdu.offset };
    for (const { check } of pdu.decoded.breaches) {
      const { id, severity, reference, message } = check;
      this.add({ rule: id, severity, ...at, reference, message });
    }
    for (const fault of pdu.decoded.faults) {
      this.add({
        rule: 'VALID',
        severity: fault.severity,
        ...at,
        reference: '',
        message: `${fault.path}: ${fault.message}`,
      });
    }
    if (pdu.problem !== null) this.add({ ...problemFinding(pdu.problem), ...at, reference: '' });
  }

  add(finding: Finding): void {
    const severity = this.strict && finding.severity === 'warning' ? 'error' : finding.severity;
    this.severities[severity] += 1;
    if (this.kept.length < MAX_FINDINGS) this.kept.push({ ...finding, severity });
  }

  /** In the order of the capture, with the holes of the connection among them. */
  findings(): Finding[] {
    const holes = this.connection.holes.map((hole): Finding => {
      const message = `the capture lacks ${hole.length} octets of this direction (${hole.reason === 'lost' ? 'packets lost' : 'snapshot length'})`;
      return {
        rule: 'GAP',
        severity: 'info',
        direction: hole.side,
        frame: hole.frame,
        offset: hole.position,
        reference: '',
        message,
      };
    });
    return [...this.kept, ...holes].sort((a, b) => a.frame - b.frame);
  }

  verdict(): Verdict {
    if (this.severities.error > 0) return 'fail';
    if (this.connection.holes.length > 0 || unframed(this.connection) > 0) return 'inconclusive';
    return this.severities.warning > 0 ? 'warn' : 'pass';
  }
}

function unframed(connection: Connection): number {
  const sides: readonly Side[] = ['c2s', 's2c'];
  return sides.reduce((sum, side) => sum + connection.unframed[side], 0);
}

function problemFinding(problem: PduProblem): { rule: string; severity: Severity; message: string } {
  switch (problem.kind) {
    case 'truncated': {
      const message = `the stream ends after ${problem.available} of ${problem.needed} octets`;
      return { rule: 'TRUNCATED', severity: 'warning', message };
    }
    case 'malformed':
      return {
        rule: 'MALFORMED',
        severity: 'error',
        message: `${problem.path}, octet ${problem.offset}: ${problem.message}`,
      };
    case 'gap':
      return { rule: 'GAP', severity: 'info', message: problem.message };
    case 'limit':
      return { rule: 'LIMIT', severity: 'warning', message: problem.message };
  }
}
