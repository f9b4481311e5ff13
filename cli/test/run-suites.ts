import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, EngineError } from '../../engines/index.ts';
import { generatePlugin } from '../../generator/index.ts';
import {
  type CheckContext,
  type CheckResult,
  hasFailed,
  runSuite,
  type SeenInCapture,
  type SuiteResult,
} from '../../regression/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { luaOf } from '../generate.ts';
import { VERSION } from '../version.ts';
import { CHECKS, type Subject } from './checks.ts';
import type { LoadedSuite } from './read-suites.ts';
import type { Steps } from './steps.ts';
import type { TestOptions } from './test-options.ts';

export interface TestedSuite {
  readonly result: SuiteResult;
  /** What was not run, and how to have it run. */
  readonly notRun: readonly string[];
  /** An engine failed in a check beside the vectors. */
  readonly engineFailed: boolean;
}

export interface Task {
  readonly engines: readonly Engine[];
  readonly options: TestOptions;
  readonly keylog: string | undefined;
  readonly steps: Steps;
}

/** Files stay where something failed, for somebody will want to open them. */
export async function runSuites(suites: readonly LoadedSuite[], task: Task): Promise<readonly TestedSuite[]> {
  const folder = mkdtempSync(join(tmpdir(), 'wiretwin-test-'));
  // tshark runs as nobody in particular, and so may whoever repeats the command.
  chmodSync(folder, 0o755);
  const tested: TestedSuite[] = [];
  let keep = false;
  const clear = (): void => {
    if (!keep) rmSync(folder, { recursive: true, force: true });
  };
  // Ctrl-C while tests run.
  process.once('exit', clear);
  try {
    for (const [index, suite] of suites.entries()) {
      const own = subfolder(folder, `${index + 1}`);
      const one = await runOne(suite, own, task);
      tested.push(one);
      const failed = hasFailed(one.result);
      if (failed) keep = true;
      else rmSync(own, { recursive: true, force: true });
      if (failed && task.options.bail === true) break;
    }
    return tested;
  } finally {
    process.off('exit', clear);
    task.steps.stop();
    clear();
  }
}

async function runOne(loaded: LoadedSuite, folder: string, task: Task): Promise<TestedSuite> {
  const { suite } = loaded;
  const { engines, options, keylog, steps } = task;
  const lua = engines.length === 0 ? undefined : await luaOf(suite.protocol);
  steps.at('vectors', 0, 1);
  const vectors = await runSuite(suite, { engines, lua, folder, keylog, variants: options.variants });
  const checks: CheckResult[] = [];
  const notRun: string[] = [];
  const seen: SeenInCapture[] = [];
  let engineFailed = false;
  for (const check of CHECKS) {
    const context: CheckContext = {
      suite,
      engines,
      lua,
      generate,
      folder: subfolder(folder, check.group),
      progress: (what, done, total) => steps.at(what, done, total),
    };
    const subject: Subject = { context, loaded, options, keylog, vectors, seen };
    const reason = check.whyNot(subject);
    if (reason !== null) {
      notRun.push(`${check.group} (${reason})`);
      continue;
    }
    try {
      checks.push(...(await check.run(subject)));
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      engineFailed = true;
      checks.push(failureOf(check.group, error));
    }
  }
  return { result: { ...vectors, checks: [...vectors.checks, ...checks] }, notRun, engineFailed };
}

function failureOf(group: CheckResult['group'], error: EngineError): CheckResult {
  const messages = [error.message];
  return { group, name: 'engine', status: 'fail', line: null, messages, detail: [], data: null };
}

function subfolder(folder: string, name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

/** Of a changed protocol; the gate is for what is given to people. */
function generate(protocol: Protocol): string | undefined {
  const specPath = protocol.sources[0]?.name ?? `${protocol.id}.ksy`;
  const generated = generatePlugin(protocol, { version: VERSION, specPath, command: 'wiretwin test' });
  return 'diagnostics' in generated ? undefined : generated.lua;
}
