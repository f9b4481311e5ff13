import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { type Engine, EngineError, findEngines } from '../engines/index.ts';
import {
  findTests,
  hasFailed,
  type PaintTest,
  readSuite,
  renderTests,
  runSuite,
  type Suite,
  type SuiteResult,
  testReport,
} from '../regression/index.ts';
import { formatDiagnostic, type Protocol } from '../spec/index.ts';
import { CommandError, EXIT, type ExitCode, worstOf } from './exit-code.ts';
import { luaOf } from './generate.ts';
import { createNotes, createPaint, type Notes } from './notes.ts';
import {
  colorOption,
  type EngineOptions,
  engineOption,
  keylogOf,
  type KeylogOptions,
  keylogOption,
  type OutputOptions,
  outputOption,
  quietOption,
  tsharkOption,
} from './options.ts';
import { Output } from './output.ts';
import { loadProtocols, readSpec } from './spec-files.ts';

interface TestOptions extends EngineOptions, KeylogOptions, OutputOptions {
  readonly format: 'text' | 'json';
  readonly requireTshark?: boolean;
}

const DEFAULT_PATH = 'samples';

const EXAMPLES = `
Examples:
  wiretwin test                                   every *.tests.yaml below samples/
  wiretwin test samples/websocket                 those of one protocol
  wiretwin test lpp.tests.yaml --require-tshark   in a build: no tshark is a failure
  wiretwin test --tshark /usr/bin/tshark --tshark /opt/tshark-4.4/tshark

A vector in NAME.tests.yaml beside NAME.ksy (docs/schema/tests.schema.json):
  spec: ./websocket.ksy
  vectors:
    - name: masked text Hello
      from: client
      hex: 81 85 37fa213d 7f9f4d5158          blanks as you like; 61*256 is the octet 61 256 times
      expect: {fin: true, opcode: text, payload.data: "Hello"}
    - name: the same, by its values; lengths and conditions are derived
      from: client
      frame: {fin: true, opcode: text, payload: Hello, masking_key: 37fa213d}
`;

export function addTest(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('test')
    .description('run the test vectors beside the specs through our decoder and every Wireshark found')
    .argument('[path...]', `folders, or files NAME.tests.yaml (default: ${DEFAULT_PATH})`)
    .addOption(engineOption())
    .addOption(tsharkOption())
    .addOption(keylogOption())
    .option('--require-tshark', 'without a tshark, fail instead of testing our decoder alone')
    .addOption(
      new Option('--format <format>', 'shape of the report').choices(['text', 'json']).default('text'),
    )
    .addOption(outputOption())
    .addOption(quietOption())
    .addOption(colorOption())
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], options: TestOptions) => {
      finish(await test(paths, options));
    });
}

async function test(paths: readonly string[], options: TestOptions): Promise<ExitCode> {
  const notes = createNotes(options.quiet === true);
  const keylog = keylogOf(options);
  const files = testFiles(paths.length === 0 ? [DEFAULT_PATH] : paths);
  const suites = readSuites(files, notes);
  const output = new Output(options.output, files);
  const engines = await enginesOf(options, notes);
  const results = await runAll(suites, engines, keylog);
  if (options.format === 'json') output.line(JSON.stringify(testReport(results), null, 2));
  else for (const result of results) output.write(`${renderTests(result, painter(options))}\n`);
  output.end();
  if (results.length === 0) notes.note('No *.tests.yaml was found.');
  return worstOf(results.length === 0 ? [EXIT.inconclusive] : results.flatMap(codesOf));
}

function codesOf({ vectors, engines }: SuiteResult): ExitCode[] {
  return [
    engines.some(({ failure }) => failure !== null) ? EXIT.failure : EXIT.pass,
    vectors.some(({ status }) => status === 'fail') ? EXIT.findings : EXIT.pass,
  ];
}

function testFiles(paths: readonly string[]): readonly string[] {
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) {
    throw new CommandError(
      EXIT.usage,
      `There is no file or folder "${missing}".`,
      'Give folders, or files NAME.tests.yaml; without any, samples/ is searched.',
    );
  }
  return [...new Set(paths.flatMap(findTests))];
}

/** All that is wrong with all files is told before anything runs. */
function readSuites(files: readonly string[], notes: Notes): readonly Suite[] {
  const suites: Suite[] = [];
  for (const file of files) {
    const { suite, diagnostics } = readSuite(readSpec(file), ({ path, bind }): Protocol | undefined => {
      const [protocol] = loadProtocols({ spec: [join(dirname(file), path)], ...bind }, notes);
      return protocol;
    });
    for (const diagnostic of diagnostics) {
      if (diagnostic.severity === 'error') process.stderr.write(`${formatDiagnostic(diagnostic)}\n`);
      else notes.note(formatDiagnostic(diagnostic));
    }
    if (suite !== undefined) suites.push(suite);
  }
  if (suites.length < files.length) {
    const count = files.length - suites.length;
    throw new CommandError(
      EXIT.usage,
      count === 1 ? 'A tests file has errors.' : `${count} tests files have errors.`,
    );
  }
  return suites;
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

/** Files stay where a vector failed, for somebody will want to open them. */
async function runAll(
  suites: readonly Suite[],
  engines: readonly Engine[],
  keylog: string | undefined,
): Promise<SuiteResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'wiretwin-test-'));
  // tshark runs as nobody in particular, and so may whoever repeats the command.
  chmodSync(folder, 0o755);
  const results: SuiteResult[] = [];
  let keep = false;
  try {
    for (const [index, suite] of suites.entries()) {
      const own = join(folder, `${index + 1}`);
      mkdirSync(own);
      const lua = engines.length === 0 ? undefined : await luaOf(suite.protocol);
      const result = await runSuite(suite, { engines, lua, folder: own, keylog });
      results.push(result);
      if (hasFailed(result)) keep = true;
      else rmSync(own, { recursive: true, force: true });
    }
    return results;
  } finally {
    if (!keep) rmSync(folder, { recursive: true, force: true });
  }
}

function painter(options: TestOptions): PaintTest {
  const paint = createPaint(options.color && options.output === undefined, process.stdout);
  const styles = { pass: 'green', fail: 'red', dim: 'dim', bold: 'bold' } as const;
  return (style, text) => paint(styles[style], text);
}
