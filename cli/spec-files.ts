import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { compileSpec, formatDiagnostic, type Protocol, type SourceText } from '../spec/index.ts';
import { CommandError, EXIT } from './exit-code.ts';
import type { Notes } from './notes.ts';
import type { SpecOptions } from './options.ts';
import { DEFAULT_SPEC } from './package-root.ts';
import { reasonOf } from './reason.ts';

/** A larger file is not a spec; the front end has limits of its own on what is inside. */
const MAX_SPEC_OCTETS = 16 * 1024 * 1024;

/** Told every file that is read, or looked for: what somebody who waits for changes has to watch. */
export type FileSeen = (path: string) => void;

/** Compiles every spec asked for; prints what is wrong with all of them before it gives up. */
export function loadProtocols(options: SpecOptions, notes: Notes, seen?: FileSeen): Protocol[] {
  const paths = options.spec.length > 0 ? options.spec : [DEFAULT_SPEC];
  const protocols: Protocol[] = [];
  let failed = 0;
  for (const path of paths) {
    const protocol = loadProtocol(path, options, notes, seen);
    if (protocol === undefined) failed += 1;
    else protocols.push(protocol);
  }
  if (failed > 0) {
    throw new CommandError(
      EXIT.usage,
      failed === 1 ? 'The spec has errors.' : `${failed} specs have errors.`,
    );
  }
  refuseTwice(protocols);
  return protocols;
}

function loadProtocol(
  path: string,
  options: SpecOptions,
  notes: Notes,
  seen?: FileSeen,
): Protocol | undefined {
  const main = readSpec(path, seen);
  const { protocol, diagnostics } = compileSpec({
    main,
    load: (imported, from) => loadImport(imported, from, seen),
    bind: { tcp: [...options.tcp], udp: [...options.udp] },
  });
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity === 'error') process.stderr.write(`${formatDiagnostic(diagnostic)}\n`);
    else notes.note(formatDiagnostic(diagnostic));
  }
  return protocol;
}

function refuseTwice(protocols: readonly Protocol[]): void {
  const seen = new Set<string>();
  for (const protocol of protocols) {
    if (seen.has(protocol.id)) {
      throw new CommandError(EXIT.usage, `Two specs have the id "${protocol.id}".`, 'Give each --spec once.');
    }
    seen.add(protocol.id);
  }
}

export function readSpec(path: string, seen?: FileSeen): SourceText {
  seen?.(path);
  let octets: Buffer;
  try {
    octets = readFileSync(path);
  } catch (error) {
    throw new CommandError(EXIT.usage, `Cannot read the spec "${path}": ${reasonOf(error)}.`);
  }
  if (octets.length > MAX_SPEC_OCTETS) {
    throw new CommandError(EXIT.usage, `The spec "${path}" is larger than ${MAX_SPEC_OCTETS} octets.`);
  }
  return { name: displayName(path), text: octets.toString('utf8') };
}

/** `meta/imports`: beside the importing file, or for `/name` in a folder of KAITAI_PATH, as the official compiler does. */
function loadImport(imported: string, from: string, seen?: FileSeen): SourceText | undefined {
  const folders = imported.startsWith('/')
    ? (process.env['KAITAI_PATH'] ?? '').split(':').filter((folder) => folder !== '')
    : [dirname(resolve(from))];
  for (const folder of folders) {
    const path = join(folder, `${imported}.ksy`);
    seen?.(path);
    try {
      return { name: displayName(path), text: readFileSync(path, 'utf8') };
    } catch {
      // Not in this folder: the next one, and in the end a located diagnostic of the front end.
    }
  }
  return undefined;
}

/** Short where the file is below the working directory, so that messages are the same on every machine. */
function displayName(path: string): string {
  const fromHere = relative(process.cwd(), resolve(path));
  return fromHere.startsWith('..') || isAbsolute(fromHere) ? path : fromHere;
}
