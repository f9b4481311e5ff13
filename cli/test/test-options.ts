import { InvalidArgumentError, Option } from 'commander';
import type { RunOptions } from '../../regression/index.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import type { EngineOptions, KeylogOptions, OutputOptions } from '../options.ts';

export const FORMATS = ['text', 'json', 'junit', 'github'] as const;
export type TestFormat = (typeof FORMATS)[number];

export interface TestOptions extends EngineOptions, KeylogOptions, OutputOptions {
  readonly format: TestFormat;
  readonly requireTshark?: boolean;
  readonly filter?: string;
  readonly variants: NonNullable<RunOptions['variants']>;
  readonly runs?: number;
  readonly seed?: number;
  readonly minCoverage?: number;
  /** true: asked for without a number. */
  readonly mutation?: number | true;
  readonly minMutationScore?: number;
  readonly released?: string;
  readonly update?: boolean;
  readonly yes?: boolean;
  readonly watch?: boolean;
  readonly bail?: boolean;
}

const MOST_RUNS = 20_000;
const MOST_MUTANTS = 100_000;
/** Seeds of fast-check are 32-bit integers. */
const LARGEST_SEED = 0x7fff_ffff;

/** Options of this command alone, in the order of its help. */
export function ownOptions(): Option[] {
  return [
    new Option('--require-tshark', 'without a tshark, fail instead of testing our decoder alone'),
    new Option('--filter <text>', 'only vectors and captures whose name contains it'),
    new Option(
      '--variants <which>',
      'ways of carrying the octets: those that differ, or all for every vector',
    )
      .choices(['default', 'all'])
      .default('default'),
    new Option('--runs <n>', 'so many generated frames (default: as the tests file says)').argParser(
      whole(0, MOST_RUNS),
    ),
    new Option('--seed <n>', 'the same generated frames and mutants again').argParser(
      whole(-LARGEST_SEED - 1, LARGEST_SEED),
    ),
    new Option('--min-coverage <percent>', 'fail when less of the spec is exercised').argParser(percent),
    new Option(
      '--mutation [n]',
      'change the plugin in (at most n) places and see whether the tests notice',
    ).argParser(whole(1, MOST_MUTANTS)),
    new Option('--min-mutation-score <percent>', 'fail when the tests notice fewer of the changes').argParser(
      percent,
    ),
    new Option('--released <lua>', 'the plugin that users have: filters that break are told'),
    new Option('--update', 'write goldens anew, after showing what changes and asking'),
    new Option('--yes', 'do not ask'),
    new Option('--watch', 'run again whenever a tests file, a spec or a capture changes'),
    new Option('--bail', 'stop after the first tests file that fails'),
    new Option('--format <format>', 'shape of the report').choices(FORMATS).default('text'),
  ];
}

function whole(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (/^-?\d+$/.test(value) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`A whole number from ${least} to ${most} is expected.`);
  };
}

function percent(value: string): number {
  const number = Number(value);
  if (/^\d+(\.\d+)?$/.test(value) && number <= 100) return number;
  throw new InvalidArgumentError('A number from 0 to 100 is expected.');
}

/** Options that have no meaning together, or alone. */
export function refuseContradictions(options: TestOptions): void {
  const { update, yes, watch, filter, minCoverage } = options;
  const refuse = (message: string, hint: string): never => {
    throw new CommandError(EXIT.usage, message, hint);
  };
  if (watch === true && update === true) {
    refuse('--update asks before it writes, and --watch waits for nobody.', 'Use one of them.');
  }
  if (yes === true && update !== true) {
    refuse('--yes answers the question of --update, which is not there.', 'wiretwin test --update --yes');
  }
  if (filter !== undefined && minCoverage !== undefined) {
    refuse('--min-coverage is about all vectors, and --filter leaves some out.', 'Use one of them.');
  }
}
