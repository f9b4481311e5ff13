import type { AnalysisReport, ConnectionReport, Side } from '../../analyzer/index.ts';

/** What is kept of a connection: a rule that it breaks, or a difference between our decoder and an engine. */
export type Goal =
  | { readonly kind: 'rule'; readonly rule: string; readonly direction: Side | null }
  /** A field (filter name) in which they differ, and how. */
  | {
      readonly kind: 'difference';
      readonly field: string;
      readonly how: string;
      readonly direction: Side;
      /** Name and version of the engine that differs. */
      readonly engine: string;
    };

/** A connection that shows it. */
export interface Showing {
  readonly goal: Goal;
  readonly connection: ConnectionReport;
}

/** Every connection that shows what is asked for, the best to reduce first. */
export function showings(report: AnalysisReport, keep: string): readonly Showing[] {
  const found = keep === DIFFERENCE ? differing(report) : breaking(report, keep);
  return [...found].sort(
    (a, b) =>
      doubt(a.connection) - doubt(b.connection) ||
      rules(a.connection) - rules(b.connection) ||
      octets(a.connection) - octets(b.connection),
  );
}

/** The word for `--keep` that is no rule. */
export const DIFFERENCE = 'difference';

export function showsGoal(report: AnalysisReport, connection: ConnectionReport, goal: Goal): boolean {
  switch (goal.kind) {
    case 'rule':
      return connection.findings.some(
        ({ rule, direction }) => rule === goal.rule && direction === goal.direction,
      );
    case 'difference':
      return (report.crossCheck?.differences ?? []).some(
        ({ field, kind, direction, stream }) =>
          field === goal.field &&
          kind === goal.how &&
          direction === goal.direction &&
          stream === connection.stream,
      );
  }
}

function breaking({ connections }: AnalysisReport, keep: string): Showing[] {
  return connections.flatMap((connection) => {
    const finding = connection.findings.find(({ rule }) => rule === keep);
    if (finding === undefined) return [];
    return [{ goal: { kind: 'rule', rule: keep, direction: finding.direction } as const, connection }];
  });
}

function differing({ connections, crossCheck }: AnalysisReport): Showing[] {
  return connections.flatMap((connection) => {
    const first = crossCheck?.differences.find(({ stream }) => stream === connection.stream);
    if (first === undefined) return [];
    const { field, kind: how, direction, engine } = first;
    return [{ goal: { kind: 'difference', field, how, direction, engine } as const, connection }];
  });
}

/** One whose beginning was captured is the surer example. */
function doubt({ recovered }: ConnectionReport): number {
  return recovered === null ? 0 : 1;
}

/** With fewer other findings it is the clearer one. */
function rules({ findings }: ConnectionReport): number {
  return new Set(findings.map(({ rule }) => rule)).size;
}

function octets({ counts }: ConnectionReport): number {
  return (counts.c2s['bytes'] ?? 0) + (counts.s2c['bytes'] ?? 0);
}

export function goalText(goal: Goal): string {
  return goal.kind === 'rule' ? goal.rule : `difference in ${goal.field}`;
}
