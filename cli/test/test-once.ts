import { dirname, relative, resolve } from 'node:path';
import { type Engine, EngineError, findEngines } from '../../engines/index.ts';
import { CommandError, EXIT, type ExitCode, worstOf } from '../exit-code.ts';
import { createNotes, type Notes } from '../notes.ts';
import { keylogOf } from '../options.ts';
import { Output } from '../output.ts';
import type { FileSeen } from '../spec-files.ts';
import { filtered, type LoadedSuite, readSuites, testFiles } from './read-suites.ts';
import { createSteps } from './steps.ts';
import { runSuites, type TestedSuite } from './run-suites.ts';
import type { TestOptions } from './test-options.ts';
import { updateGoldens } from './update-goldens.ts';
import { writeReport } from './write-report.ts';

/** Reads the tests files, runs them, reports. `seen` is told every file that the outcome depends on. */
export async function testOnce(
  paths: readonly string[],
  options: TestOptions,
  seen: FileSeen = () => undefined,
): Promise<ExitCode> {
  const notes = createNotes(options.quiet === true);
  const keylog = keylogOf(options);
  const files = testFiles(paths);
  const suites = chosen(readSuites(files, notes, seen), options);
  const output = new Output(options.output, files);
  const engines = await enginesOf(options, notes);
  if (options.update === true) await updateGoldens(suites, { engines, keylog, options, notes });
  const steps = createSteps(options.quiet === true);
  const tested = await runSuites(suites, { engines, options, keylog, steps });
  writeReport(output, tested, options);
  output.end();
  const left = suites.length - tested.length;
  if (left > 0) notes.note(`--bail: ${left} more tests ${left === 1 ? 'file was' : 'files were'} not run.`);
  if (suites.length === 0) notes.note(whyNothing(files, options));
  return worstOf(tested.length === 0 ? [EXIT.inconclusive] : tested.flatMap(codesOf));
}

/** With --filter, tests files of which nothing is left are passed over. */
function chosen(suites: readonly LoadedSuite[], options: TestOptions): readonly LoadedSuite[] {
  const { filter } = options;
  const told = suites.map((loaded) => asTold(loaded, options));
  if (filter === undefined) return told;
  return told
    .map((loaded) => filtered(loaded, filter))
    .filter(({ suite }) => suite.vectors.length + suite.captures.length > 0);
}

/** What the command line says goes before what the tests file says. */
function asTold({ suite, protocolOf }: LoadedSuite, { minCoverage, released }: TestOptions): LoadedSuite {
  const { coverage, filters } = suite;
  return {
    protocolOf,
    suite: {
      ...suite,
      coverage: { ...coverage, minimum: minCoverage ?? coverage.minimum },
      filters: {
        ...filters,
        released:
          released === undefined
            ? filters.released
            : relative(resolve(dirname(suite.source.name)), resolve(released)),
      },
    },
  };
}

function whyNothing(files: readonly string[], { filter }: TestOptions): string {
  return filter === undefined || files.length === 0
    ? 'No *.tests.yaml was found.'
    : `No vector and no capture has "${filter}" in its name.`;
}

function codesOf({ result: { vectors, checks, engines }, engineFailed }: TestedSuite): ExitCode[] {
  const wrong = [...vectors, ...checks].some(({ status }) => status === 'fail');
  return [
    engineFailed || engines.some(({ failure }) => failure !== null) ? EXIT.failure : EXIT.pass,
    wrong ? EXIT.findings : EXIT.pass,
  ];
}

async function enginesOf(options: TestOptions, notes: Notes): Promise<readonly Engine[]> {
  const engines = await found(options);
  if (options.requireTshark === true && !engines.some(({ name }) => name === 'tshark')) {
    throw new CommandError(
      EXIT.failure,
      'No tshark was found, and --require-tshark asks for one.',
      'Install tshark, or name one with --tshark.',
    );
  }
  if (engines.length === 0) {
    notes.note('Not tested in Wireshark: none was asked for or found. Our decoder alone ran the vectors.');
  }
  return engines;
}

async function found(options: TestOptions): Promise<readonly Engine[]> {
  try {
    return await findEngines({ tsharkPaths: options.tshark, want: options.engine });
  } catch (error) {
    if (error instanceof EngineError) throw new CommandError(EXIT.failure, error.message);
    throw error;
  }
}
