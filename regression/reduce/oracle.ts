import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AnalysisReport,
  analyzeCapture,
  type ConnectionReport,
  type Subject,
} from '../../analyzer/index.ts';
import type { Engine } from '../../engines/index.ts';
import { type Goal, showsGoal } from './goal.ts';

export interface OracleOptions {
  readonly subjects: readonly Subject[];
  /** Asked only where the goal is a difference. */
  readonly engines: readonly Engine[];
  readonly folder: string;
  readonly goal: Goal;
  /** The connection as it was found in the original capture. */
  readonly original: ConnectionReport;
  /** Analyses at most; after them nothing more is taken for shown. */
  readonly limit: number;
  readonly onRun: (runs: number) => void;
}

/**
 * Says of a candidate whether it still shows the goal: by analysing it as any capture is analysed.
 *
 * Nothing but the goal may come in: a candidate that breaks a rule which the original connection kept is another
 * capture, not a smaller one.
 */
export class Oracle {
  runs = 0;
  readonly #options: OracleOptions;
  readonly #allowed: ReadonlySet<string>;
  readonly #known = new Map<string, boolean>();

  constructor(options: OracleOptions) {
    this.#options = options;
    this.#allowed = new Set(options.original.findings.map(nameOf));
  }

  get isExhausted(): boolean {
    return this.runs >= this.#options.limit;
  }

  async shows(capture: Uint8Array): Promise<boolean> {
    const key = createHash('sha256').update(capture).digest('base64');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.isExhausted) return false;
    const report = await this.analyse(capture);
    const shown = report !== null && this.#isShown(report);
    this.#known.set(key, shown);
    return shown;
  }

  /** null: it could not be analysed. */
  async analyse(capture: Uint8Array): Promise<AnalysisReport | null> {
    const { subjects, engines, folder, goal } = this.#options;
    this.runs += 1;
    this.#options.onRun(this.runs);
    const file = join(folder, 'candidate.pcapng');
    writeFileSync(file, capture);
    const asked =
      goal.kind === 'difference' ? engines.filter((own) => `${own.name} ${own.version}` === goal.engine) : [];
    const { report, failures } = await analyzeCapture(file, subjects, asked, { strict: false });
    rmSync(file);
    return failures.length === 0 ? report : null;
  }

  #isShown(report: AnalysisReport): boolean {
    const { goal, original } = this.#options;
    return report.connections.some(
      (connection) =>
        connection.protocol === original.protocol &&
        (connection.recovered === null || original.recovered !== null) &&
        showsGoal(report, connection, goal) &&
        connection.findings.every((finding) => this.#allowed.has(nameOf(finding))),
    );
  }
}

function nameOf({ rule, direction }: ConnectionReport['findings'][number]): string {
  return `${rule} ${direction ?? ''}`;
}
