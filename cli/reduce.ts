import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Command, Option } from 'commander';
import type { Engine } from '../engines/index.ts';
import { reduce as reduceCapture, type Reduced, ReduceError } from '../regression/index.ts';
import { didYouMean, type Protocol } from '../spec/index.ts';
import { enginesFor } from './analyze.ts';
import { CommandError, EXIT, type ExitCode } from './exit-code.ts';
import { createNotes } from './notes.ts';
import {
  colorOption,
  type EngineOptions,
  engineOption,
  type KeylogOptions,
  keylogOf,
  keylogOption,
  type OutputOptions,
  quietOption,
  type SpecOptions,
  specOption,
  tcpOption,
  tsharkOption,
  udpOption,
} from './options.ts';
import { Output } from './output.ts';
import { withPlugins } from './plugin-files.ts';
import { createSteps } from './progress.ts';
import { reasonOf } from './reason.ts';
import { reducedJson, reducedText } from './reduce-report.ts';
import { ownRules, rulesOf } from './rules.ts';
import { loadProtocols } from './spec-files.ts';

interface ReduceCommand extends SpecOptions, EngineOptions, KeylogOptions, Omit<OutputOptions, 'output'> {
  readonly keep: string;
  readonly anonymise?: boolean;
  readonly out?: string;
  readonly force?: boolean;
  readonly format: 'text' | 'json';
}

const DIFFERENCE = 'difference';

const EXAMPLES = `
Examples:
  wiretwin reduce chat.pcapng --keep CTL-LEN                  writes chat.reduced.pcapng, and prints the vector
  wiretwin reduce chat.pcapng --keep UTF8 --anonymise         payloads, addresses and headers swapped, for a bug report
  wiretwin reduce chat.pcapng --keep difference -o bug.pcapng what our decoder and Wireshark read differently
  wiretwin reduce lpp.pcap --keep MAGIC --spec lpp.ksy --tcp 7070

Exit codes: 0 reduced · 2 usage, or no such rule · 3 input or engine failure · 4 the capture does not show it
`;

export function addReduce(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('reduce')
    .description('write the smallest capture that still shows a finding, and the test vector for it')
    .argument('<capture>', 'pcap or pcapng, also gzip or zstd')
    .requiredOption('--keep <what>', 'id of the rule that must still be broken, or "difference"')
    .option('--anonymise', 'swap payloads, addresses and headers for others of the same length')
    .option('-o, --out <file>', 'where to write it (default: NAME.reduced.pcapng in this folder)')
    .option('--force', 'overwrite that file')
    .addOption(specOption())
    .addOption(tcpOption())
    .addOption(udpOption())
    .addOption(engineOption())
    .addOption(tsharkOption())
    .addOption(keylogOption())
    .addOption(
      new Option('--format <format>', 'shape of the report').choices(['text', 'json']).default('text'),
    )
    .addOption(quietOption())
    .addOption(colorOption())
    .addHelpText('after', EXAMPLES)
    .action(async (capture: string, options: ReduceCommand) => {
      finish(await reduce(capture, options));
    });
}

async function reduce(file: string, options: ReduceCommand): Promise<ExitCode> {
  const protocols = loadProtocols(options, createNotes(options.quiet === true));
  const keep = keepOf(options.keep, protocols);
  const size = sizeOf(file);
  const target = targetOf(file, options);
  const keylog = keylogOf(options);
  const engines = await enginesOf(keep, keylog, options);
  const progress = createSteps('analyses', options.quiet === true);
  const folder = mkdtempSync(join(tmpdir(), 'wiretwin-reduce-'));
  try {
    const reduced = await withPlugins(protocols, engines.length > 0, (subjects) =>
      reduceCapture(file, size, {
        keep,
        subjects,
        engines,
        keylog,
        anonymise: options.anonymise === true,
        folder,
        onProgress: progress.update,
      }),
    );
    progress.stop();
    write(target, reduced.capture);
    tell(reduced, file, target, options);
    return EXIT.pass;
  } catch (error) {
    throw error instanceof ReduceError ? commandError(error) : error;
  } finally {
    progress.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The rule's id as the spec writes it. */
function keepOf(wanted: string, protocols: readonly Protocol[]): string {
  if (wanted.toLowerCase() === DIFFERENCE) return DIFFERENCE;
  const ids = [...protocols.flatMap(rulesOf), ...ownRules()].map(({ id }) => id);
  const found = ids.find((id) => id.toUpperCase() === wanted.toUpperCase());
  if (found !== undefined) return found;
  const meant = didYouMean(wanted.toUpperCase(), [...ids, DIFFERENCE]);
  throw new CommandError(
    EXIT.usage,
    `There is no rule "${wanted}".${meant === undefined ? '' : ` Did you mean "${meant}"?`}`,
    'wiretwin explain lists all rules; --keep difference is for what our decoder and Wireshark read differently.',
  );
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (error) {
    throw new CommandError(EXIT.failure, `Cannot read "${file}": ${reasonOf(error)}.`);
  }
}

/** Never the capture itself, and no other file unless that is asked for. */
function targetOf(file: string, { out, force }: ReduceCommand): string {
  const target =
    out ?? `${basename(file).replace(/(\.(pcapng|pcap|cap))?(\.(gz|zst))?$/i, '')}.reduced.pcapng`;
  if (!existsSync(target)) return target;
  const [one, other] = [statSync(file), statSync(target)];
  if (one.ino === other.ino && one.dev === other.dev) {
    throw new CommandError(EXIT.usage, `"${target}" is the capture itself.`, 'Give -o another file.');
  }
  if (force === true) return target;
  throw new CommandError(
    EXIT.usage,
    `"${target}" is there already.`,
    'Give -o another file, or --force to overwrite it.',
  );
}

/** Our own decoding finds what a rule is about; only a difference, and TLS, need Wireshark. */
async function enginesOf(
  keep: string,
  keylog: string | undefined,
  options: ReduceCommand,
): Promise<readonly Engine[]> {
  if (keep === DIFFERENCE && options.engine === 'none') {
    throw new CommandError(
      EXIT.usage,
      '--keep difference compares with Wireshark, and --engine none has none.',
      'Leave --engine out, or name a tshark with --tshark.',
    );
  }
  return keep === DIFFERENCE || keylog !== undefined ? enginesFor(options) : [];
}

function write(target: string, capture: Uint8Array): void {
  try {
    writeFileSync(target, capture);
  } catch (error) {
    throw new CommandError(
      EXIT.usage,
      `Cannot write "${target}": ${reasonOf(error)}.`,
      'Give -o a place to write to.',
    );
  }
}

function tell(reduced: Reduced, file: string, target: string, options: ReduceCommand): void {
  const output = new Output(undefined, []);
  const context = { file, target, specs: options.spec, tcp: options.tcp, udp: options.udp };
  if (options.format === 'json') output.line(JSON.stringify(reducedJson(reduced, context), null, 2));
  else output.write(reducedText(reduced, context));
  output.end();
}

function commandError({ code, message, hint }: ReduceError): CommandError {
  return new CommandError(code === 'not-shown' ? EXIT.inconclusive : EXIT.failure, message, hint);
}
