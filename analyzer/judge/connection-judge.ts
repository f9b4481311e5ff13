import type { Severity } from '../../spec/index.ts';
import type { Side } from '../capture/stream.ts';
import { toHex } from '../decode/index.ts';
import type { Connection } from '../session/connection.ts';
import type { PduProblem, SessionPdu } from '../session/pdu.ts';
import type { Finding, FindingInput, RuleBreach, Verdict } from './finding.ts';

/** A capture of nothing but violations must not fill the memory; what is beyond is counted. */
const MAX_FINDINGS = 10_000;
/** A header and the beginning of what follows it: more is in the capture. */
const HEX_OCTETS = 16;

export interface JudgeOptions {
  /** Warnings count as errors. */
  readonly strict: boolean;
  /** What to do about a breach of a rule, by the rule's id; null: nothing is known. */
  readonly hintOf: (rule: string) => string | null;
}

/** Gathers what one connection did wrong while its PDUs pass. */
export class ConnectionJudge {
  private readonly connection: Connection;
  private readonly options: JudgeOptions;
  private readonly kept: Finding[] = [];
  private readonly severities: Record<Severity, number> = { error: 0, warning: 0, info: 0 };

  constructor(connection: Connection, options: JudgeOptions) {
    this.connection = connection;
    this.options = options;
  }

  pdu(pdu: SessionPdu): void {
    const at = placeOf(pdu);
    const { message } = pdu;
    for (const { check } of [...pdu.decoded.breaches, ...(message?.breaches ?? [])]) {
      const { id, severity, reference, doc } = check;
      const hint = this.options.hintOf(id) ?? (doc === '' ? null : oneLine(doc));
      this.add({ rule: id, severity, ...at, reference, message: check.message, hint });
    }
    for (const breach of message?.ruleBreaches ?? []) this.breach({ ...breach, ...at, hint: null });
    for (const fault of [...pdu.decoded.faults, ...(message?.decoded?.faults ?? [])]) {
      const text = `${fault.path}: ${fault.message}`;
      this.add({ rule: 'VALID', severity: fault.severity, ...at, reference: '', message: text });
    }
    if (pdu.problem !== null) this.add({ ...problemFinding(pdu.problem), ...at, reference: '' });
  }

  /** Nothing is reported of a rule that the spec does not have. */
  breach(breach: RuleBreach): void {
    const rule = this.connection.protocol.rules.find((known) => known.rule === breach.rule);
    if (rule === undefined) return;
    const { direction, frame, offset, message, hex, hint } = breach;
    const severity = breach.onlyInfo === true ? 'info' : rule.severity;
    const reference = breach.reference ?? rule.reference;
    this.add({ rule: rule.id, severity, direction, frame, offset, reference, message, hex, hint });
  }

  add(input: FindingInput): void {
    const severity = this.options.strict && input.severity === 'warning' ? 'error' : input.severity;
    this.severities[severity] += 1;
    if (this.kept.length >= MAX_FINDINGS) return;
    const { hex = null, hint = null } = input;
    this.kept.push({ ...input, severity, hex, hint: hint ?? this.options.hintOf(input.rule) });
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
        hex: null,
        hint: this.options.hintOf('GAP'),
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

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}

/** Where a PDU stands, and its first octets. */
export function placeOf(pdu: Omit<SessionPdu, 'message'>): {
  readonly direction: Side;
  readonly frame: number;
  readonly offset: number;
  readonly hex: string;
} {
  const { direction, frame, offset, bytes } = pdu;
  return { direction, frame, offset, hex: toHex(bytes.subarray(0, HEX_OCTETS)) };
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
