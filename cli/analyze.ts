import { fstatSync } from 'node:fs';
import { type Command, Option } from 'commander';
import {
  type Analysis,
  analyzeCapture,
  analyzeJson,
  type Expectation,
  type PaintText,
  renderText,
} from '../analyzer/index.ts';
import { type Engine, findEngines } from '../engines/index.ts';
import type { Protocol } from '../spec/index.ts';
import { type FailOn, exitOf } from './analysis-exit.ts';
import { CommandError, EXIT, type ExitCode } from './exit-code.ts';
import { createNotes, createPaint } from './notes.ts';
import {
  colorOption,
  type EngineOptions,
  engineOption,
  expectOption,
  type KeylogOptions,
  keylogOf,
  keylogOption,
  type OutputOptions,
  outputOption,
  quietOption,
  type SpecOptions,
  specOption,
  tcpOption,
  tsharkOption,
  udpOption,
} from './options.ts';
import { Output } from './output.ts';
import { withPlugins } from './plugin-files.ts';
import { createProgress } from './progress.ts';
import { secureCapture } from './secure.ts';
import { loadProtocols } from './spec-files.ts';

interface AnalyzeOptions extends SpecOptions, EngineOptions, KeylogOptions, OutputOptions {
  readonly capture?: string;
  readonly format: 'text' | 'json';
  readonly strict?: boolean;
  readonly expect: Expectation;
  readonly failOn: FailOn;
  readonly requirePlugin?: boolean;
}

const EXAMPLES = `
Examples:
  wiretwin analyze chat.pcapng
  wiretwin analyze chat.pcapng --tshark /usr/bin/tshark --tshark /opt/tshark-4.4/tshark
  wiretwin analyze chat.pcapng --engine none --format json      our own decoding alone
  wiretwin analyze wss.pcapng --keylog keys.log                 TLS, decrypted by tshark
  wiretwin analyze chat.pcapng --expect reply                   every message of the client is answered by one
  tshark -r chat.pcapng -X lua_script:plugin-out/websocket.lua -T json | wiretwin analyze
  tshark -r chat.pcapng -X lua_script:plugin-out/websocket.lua -T json -x | wiretwin analyze --capture chat.pcapng
`;

export function addAnalyze(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('analyze')
    .description('cross-check Wireshark against our own decoding, and judge every connection')
    .argument(
      '[capture...]',
      'captures to run an engine on; without one, tshark -T json is read from standard input',
    )
    .option('--capture <file>', 'decode from this capture instead of from the octets in the JSON')
    .addOption(specOption())
    .addOption(tcpOption())
    .addOption(udpOption())
    .addOption(engineOption())
    .addOption(tsharkOption())
    .addOption(keylogOption())
    .addOption(
      new Option('--format <format>', 'shape of the report').choices(['text', 'json']).default('text'),
    )
    .option('--strict', 'warnings count as errors')
    .addOption(expectOption())
    .addOption(
      new Option('--fail-on <severity>', 'findings that make exit code 1')
        .choices(['error', 'warning', 'info'])
        .default('error'),
    )
    .option('--require-plugin', 'a JSON without the layers of our plugin is a failure')
    .addOption(outputOption())
    .addOption(quietOption())
    .addOption(colorOption())
    .addHelpText('after', EXAMPLES)
    .action(async (captures: string[], options: AnalyzeOptions) => {
      finish(await analyze(captures, options));
    });
}

async function analyze(captures: readonly string[], options: AnalyzeOptions): Promise<ExitCode> {
  const protocols = loadProtocols(options, createNotes(options.quiet === true));
  const inputs = options.capture === undefined ? captures : [...captures, options.capture];
  const output = new Output(options.output, inputs);
  try {
    const analyses =
      captures.length === 0
        ? [await fromPipe(protocols, options)]
        : await fromFiles(captures, protocols, options);
    write(output, analyses, options);
    return exitOf(analyses, options.failOn);
  } finally {
    output.end();
  }
}

async function fromPipe(protocols: readonly Protocol[], options: AnalyzeOptions): Promise<Analysis> {
  if (process.stdin.isTTY) {
    throw new CommandError(
      EXIT.usage,
      'Nothing to analyze: give a capture, or pipe the JSON of tshark in.',
      'tshark -r chat.pcapng -X lua_script:plugin-out/websocket.lua -T json | wiretwin analyze',
    );
  }
  if (options.keylog !== undefined && options.capture === undefined) {
    throw new CommandError(
      EXIT.usage,
      '--keylog needs the capture: the JSON carries no decrypted octets.',
      'wiretwin analyze wss.pcapng --keylog keys.log',
    );
  }
  const capture = options.capture ?? null;
  const secure = capture === null ? null : await secureCapture(capture, options);
  return analyzeJson(protocols, {
    fd: 0,
    name: fstatSync(0).isFile() ? 'standard input' : 'the pipe',
    capture,
    secure,
    strict: options.strict === true,
    expect: options.expect,
    requirePlugin: options.requirePlugin === true,
  });
}

async function fromFiles(
  captures: readonly string[],
  protocols: readonly Protocol[],
  options: AnalyzeOptions,
): Promise<Analysis[]> {
  if (options.capture !== undefined) {
    throw new CommandError(
      EXIT.usage,
      '--capture goes with JSON on standard input, not with captures as arguments.',
    );
  }
  const keylog = keylogOf(options);
  const engines = await enginesFor(options);
  return withPlugins(protocols, engines.length > 0, async (subjects) => {
    const analyses: Analysis[] = [];
    for (const file of captures) {
      const progress = createProgress(file, options.quiet === true);
      analyses.push(
        await analyzeCapture(file, subjects, engines, {
          strict: options.strict === true,
          keylog,
          expect: options.expect,
          onProgress: progress.update,
        }),
      );
      progress.stop();
    }
    return analyses;
  });
}

export async function enginesFor(options: EngineOptions): Promise<Engine[]> {
  const engines = await findEngines({ tsharkPaths: options.tshark, want: options.engine });
  if (engines.length > 0 || options.engine === 'none') return engines;
  throw new CommandError(
    EXIT.failure,
    'No Wireshark was found to cross-check with.',
    'Install tshark or the npm package @goodtools/wiregasm, or use --engine none for our own decoding alone.',
  );
}

function write(output: Output, analyses: readonly Analysis[], options: AnalyzeOptions): void {
  const reports = analyses.map(({ report }) => report);
  if (options.format === 'json') {
    const [only] = reports;
    const verdict = { schemaVersion: 1, verdict: worst(analyses), captures: reports };
    output.line(JSON.stringify(reports.length === 1 ? only : verdict, null, 2));
    return;
  }
  const paint = painter(options);
  output.write(reports.map((report) => renderText(report, paint)).join('\n'));
}

function worst(analyses: readonly Analysis[]): string {
  const verdicts = new Set(analyses.map(({ report }) => report.verdict));
  return (
    (['fail', 'inconclusive', 'warn', 'pass'] as const).find((verdict) => verdicts.has(verdict)) ?? 'pass'
  );
}

export function painter(options: OutputOptions): PaintText {
  const paint = createPaint(options.color && options.output === undefined, process.stdout);
  return (style, text) => {
    switch (style) {
      case 'pass':
        return paint('green', text);
      case 'warn':
        return paint('yellow', text);
      case 'fail':
        return paint('red', text);
      case 'inconclusive':
        return paint('magenta', text);
      case 'dim':
        return paint('dim', text);
      case 'bold':
        return paint('bold', text);
    }
  };
}
