import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { findTests, readSuite, type Suite } from '../../regression/index.ts';
import { formatDiagnostic, type Protocol } from '../../spec/index.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import type { Notes } from '../notes.ts';
import { type FileSeen, loadProtocols, readSpec } from '../spec-files.ts';

/** A suite, and how to get at specs that its captures name. */
export interface LoadedSuite {
  readonly suite: Suite;
  readonly protocolOf: (path: string) => Protocol | undefined;
}

export function testFiles(paths: readonly string[]): readonly string[] {
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) {
    throw new CommandError(
      EXIT.usage,
      `There is no file or folder "${missing}".`,
      'Give folders, or files NAME.tests.yaml; without any, samples/ or this folder is searched.',
    );
  }
  return [...new Set(paths.flatMap(findTests))];
}

/** All that is wrong with all files is told before anything runs. */
export function readSuites(files: readonly string[], notes: Notes, seen: FileSeen): readonly LoadedSuite[] {
  const suites = files.flatMap((file) => readOne(file, notes, seen) ?? []);
  if (suites.length < files.length) {
    const count = files.length - suites.length;
    throw new CommandError(
      EXIT.usage,
      count === 1 ? 'A tests file has errors.' : `${count} tests files have errors.`,
    );
  }
  return suites;
}

function readOne(file: string, notes: Notes, seen: FileSeen): LoadedSuite | undefined {
  const beside = (path: string): string => (isAbsolute(path) ? path : join(dirname(file), path));
  const { suite, diagnostics } = readSuite(readSpec(file, seen), ({ path, bind }): Protocol | undefined => {
    const [protocol] = loadProtocols({ spec: [beside(path)], ...bind }, notes, seen);
    return protocol;
  });
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity === 'error') process.stderr.write(`${formatDiagnostic(diagnostic)}\n`);
    else notes.note(formatDiagnostic(diagnostic));
  }
  if (suite === undefined) return undefined;
  const others = new Map<string, Protocol | undefined>();
  for (const path of suite.captures.flatMap(({ specs }) => specs)) {
    if (others.has(path)) continue;
    const [protocol] = loadProtocols({ spec: [beside(path)], tcp: [], udp: [] }, notes, seen);
    others.set(path, protocol);
  }
  for (const path of filesOf(suite)) seen(beside(path));
  return { suite, protocolOf: (path) => others.get(path) };
}

/** Files that a run reads beside specs. */
function filesOf({ captures, filters }: Suite): readonly string[] {
  const ofCaptures = captures.flatMap(({ file, keylog, golden }) => [file, keylog, golden]);
  return [...ofCaptures, filters.released].filter((path) => path !== null);
}

/** A suite with only those vectors and captures whose name contains the text. */
export function filtered({ suite, protocolOf }: LoadedSuite, text: string): LoadedSuite {
  return {
    protocolOf,
    suite: {
      ...suite,
      vectors: suite.vectors.filter(({ name }) => name.includes(text)),
      captures: suite.captures.filter(({ file }) => file.includes(text)),
    },
  };
}
