import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { EngineError, type PluginFile } from '../engine.ts';
import { readPlugin } from '../once-per-content.ts';
import { decodeAsLua, parseDecodeAs } from './decode-as.ts';
import type { JobRequest } from './messages.ts';
import { loadWiregasm, type Session, type Wiregasm, wiregasmFolder } from './wiregasm.ts';

/** Capture, trees and Wireshark itself share 4 GiB of address space. */
const MAX_CAPTURE = 256 << 20;
/** Where Wireshark looks for the user's settings in its own file system. */
const CONFIGURATION = '/home/web_user/.config/wireshark';
const CAPTURE = '/uploads/capture';

type Settings = Pick<JobRequest, 'preferences' | 'decodeAs'>;

/**
 * Starts Wireshark with plugins and settings in place: they are read at its start only.
 * @throws EngineError when a plugin or a setting was not taken
 */
export async function openWireshark(plugins: readonly PluginFile[], settings: Settings): Promise<Wiregasm> {
  const folder = wiregasmFolder();
  if (folder === null)
    throw new EngineError('engine-not-found', 'The package @goodtools/wiregasm is not installed.');
  const complaints: string[] = [];
  const wiregasm = await loadWiregasm(folder, (message) => complaints.push(message));
  const taken = new Set<string>();
  for (const plugin of plugins) {
    wiregasm.FS.writeFile(`/plugins/${moduleName(plugin.path, taken)}.lua`, await readPlugin(plugin.path));
  }
  if (settings.decodeAs.length > 0) {
    wiregasm.FS.writeFile('/plugins/wiretwin_decode_as.lua', decodeAsLua(settings.decodeAs));
  }
  wiregasm.FS.mkdirTree(CONFIGURATION);
  const lines = Object.entries(settings.preferences).map(([name, value]) => `${name}: ${value}\n`);
  wiregasm.FS.writeFile(`${CONFIGURATION}/preferences`, lines.join(''));
  wiregasm.init();
  checkPlugins(wiregasm, plugins, complaints);
  checkSettings(wiregasm, settings);
  return wiregasm;
}

/** What is needed to ask for the version. */
export async function loadWireshark(onError: (message: string) => void): Promise<Wiregasm> {
  const folder = wiregasmFolder();
  if (folder === null)
    throw new EngineError('engine-not-found', 'The package @goodtools/wiregasm is not installed.');
  return loadWiregasm(folder, onError);
}

/** Plugins are loaded as Lua modules, in whose names a dot is a folder. */
function moduleName(path: string, taken: Set<string>): string {
  const plain = basename(path, '.lua').replaceAll(/[^\w-]/g, '_');
  let name = plain;
  for (let count = 2; taken.has(name); count++) name = `${plain}_${count}`;
  taken.add(name);
  return name;
}

function checkPlugins(
  wiregasm: Wiregasm,
  plugins: readonly PluginFile[],
  complaints: readonly string[],
): void {
  const said = complaints.join('\n');
  for (const plugin of plugins) {
    if (said === '' && wiregasm.checkFilter(plugin.protocol).ok) continue;
    const reason = said === '' ? `no protocol "${plugin.protocol}" is registered afterwards.` : said;
    throw new EngineError(
      'plugin-not-loaded',
      `The embedded Wireshark did not load "${plugin.path}": ${reason}`,
    );
  }
}

/** What the settings file has wrong, Wireshark passes over in silence. */
function checkSettings(wiregasm: Wiregasm, { preferences, decodeAs }: Settings): void {
  for (const name of Object.keys(preferences)) {
    const dot = name.indexOf('.');
    if (wiregasm.getPref(name.slice(0, dot), name.slice(dot + 1)).code !== 0) {
      throw new EngineError('engine-failed', `The embedded Wireshark has no preference "${name}".`);
    }
  }
  for (const { protocol } of decodeAs.map(parseDecodeAs)) {
    if (!wiregasm.checkFilter(protocol).ok) {
      throw new EngineError(
        'engine-failed',
        `The embedded Wireshark has no protocol "${protocol}" to decode as.`,
      );
    }
  }
}

export interface OpenCapture {
  readonly session: Session;
  readonly packets: number;
  /** Wireshark's words when the capture breaks off, else null. */
  readonly cut: string | null;
}

export async function openCapture(wiregasm: Wiregasm, capture: string): Promise<OpenCapture> {
  wiregasm.FS.writeFile(CAPTURE, await readCapture(capture));
  const session = new wiregasm.DissectSession(CAPTURE);
  const { code, error, summary } = session.load();
  const packets = summary.packet_count;
  if (code === 0) return { session, packets, cut: null };
  const words = WIRETAP_ERRORS.get(code) ?? `cannot be read: ${error === '' ? `code ${code}` : error}`;
  const message = `The capture "${capture}" ${words}.`;
  if (packets === 0 && code !== SHORT_READ) throw new EngineError('capture-unreadable', message);
  return { session, packets, cut: message };
}

const SHORT_READ = -12;
/** `WTAP_ERR_*` of Wireshark's `wtap.h`, in tshark's words. */
const WIRETAP_ERRORS: ReadonlyMap<number, string> = new Map([
  [-3, "isn't a capture file in a format the embedded Wireshark understands"],
  [SHORT_READ, 'appears to have been cut short in the middle of a packet'],
  [-13, 'appears to be damaged or corrupt'],
  [-20, 'appears to have been cut short in the middle of a packet'],
]);

async function readCapture(capture: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(capture);
    if (size <= MAX_CAPTURE) return await readFile(capture);
  } catch (error) {
    throw new EngineError('capture-unreadable', `Capture "${capture}" cannot be read: ${reasonOf(error)}`);
  }
  throw new EngineError(
    'capture-unreadable',
    `"${capture}" is too big for the embedded Wireshark (above ${MAX_CAPTURE >> 20} MiB); install tshark for it.`,
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
