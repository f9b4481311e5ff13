import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { type Engine, EngineError } from '../engine.ts';
import { askTshark } from './ask.ts';
import { firstLines } from './stderr.ts';
import { createTsharkEngine } from './tshark-engine.ts';
import { parseVersion } from './version.ts';

/** Where installers put it without adding it to the PATH. */
const WELL_KNOWN = [
  '/Applications/Wireshark.app/Contents/MacOS/tshark',
  join(process.env['ProgramFiles'] ?? 'C:\\Program Files', 'Wireshark', 'tshark.exe'),
];

/**
 * The tsharks to ask: every one named, else every one in the environment variable WIRETWIN_TSHARK (separated as PATH
 * is), else the first in the PATH or where installers put it.
 * @throws EngineError when one that was named cannot be run
 */
export async function findTsharks(named: readonly string[]): Promise<Engine[]> {
  const paths = named.length > 0 ? named : splitPath(process.env['WIRETWIN_TSHARK']);
  if (paths.length > 0) return Promise.all(paths.map(openTshark));
  const name = process.platform === 'win32' ? 'tshark.exe' : 'tshark';
  const places = [...splitPath(process.env['PATH']).map((folder) => join(folder, name)), ...WELL_KNOWN];
  for (const place of places) if (await isExecutable(place)) return [await openTshark(place)];
  return [];
}

/** Asks a binary who it is. A bare name is looked for in the PATH. */
async function openTshark(name: string): Promise<Engine> {
  const location = await locate(name);
  const { stdout, stderr } = await askTshark(location, () => Promise.resolve(['-v']));
  const text = stdout.trim() === '' ? stderr : stdout;
  const version = parseVersion(text);
  if (version === null) {
    throw new EngineError(
      'engine-failed',
      `"${location}" is no tshark: "tshark -v" should name its version, but it says "${firstLines(text.split('\n').slice(0, 1))}".`,
    );
  }
  return createTsharkEngine(location, version);
}

async function locate(name: string): Promise<string> {
  if (isAbsolute(name) || /[/\\]/.test(name)) {
    const path = resolve(name);
    if (await isExecutable(path)) return path;
  } else {
    for (const folder of splitPath(process.env['PATH'])) {
      if (await isExecutable(join(folder, name))) return join(folder, name);
    }
  }
  throw new EngineError(
    'engine-not-found',
    `There is no program "${name}" that can be run; give --tshark the path of a tshark.`,
  );
}

function splitPath(list: string | undefined): string[] {
  return (list ?? '').split(delimiter).filter((part) => part !== '');
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
