import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { EngineError, type PluginFile } from '../engine.ts';
import { type Answer, askTshark } from './ask.ts';
import { firstLines, readMessages } from './stderr.ts';

/**
 * Asks tshark for its list of protocols with the plugin loaded: the only proof that it did load, for tshark ends with
 * code 0 whatever becomes of a plugin. Each content is asked about once.
 */
export class LoadCheck {
  readonly #location: string;
  readonly #results = new Map<string, Promise<void>>();

  constructor(location: string) {
    this.#location = location;
  }

  async check(plugin: PluginFile): Promise<void> {
    const content = await readPlugin(plugin);
    const key = `${createHash('sha256').update(content).digest('hex')} ${plugin.protocol}`;
    const result = this.#results.get(key) ?? this.#ask(plugin);
    this.#results.set(key, result);
    try {
      await result;
    } catch (error) {
      // Whatever hindered it may be gone the next time.
      this.#results.delete(key);
      throw error;
    }
  }

  async #ask(plugin: PluginFile): Promise<void> {
    // 4.0 and 4.4 take -G as the first argument only.
    const answer = await askTshark(this.#location, async (workspace) => [
      '-G',
      'protocols',
      '-X',
      `lua_script:${await workspace.add(plugin.path)}`,
    ]);
    this.#judge(plugin, answer);
  }

  #judge(plugin: PluginFile, answer: Answer): void {
    const messages = readMessages(answer.stderr);
    const words = firstLines([...messages.plugin, ...messages.other]);
    const reason = faultOf(plugin, answer, messages.plugin.length > 0, words);
    if (reason === null) return;
    throw new EngineError(
      'plugin-not-loaded',
      `"${this.#location}" did not load "${plugin.path}": ${reason}`,
    );
  }
}

/** null: the plugin loaded. */
function faultOf(plugin: PluginFile, answer: Answer, isAccused: boolean, words: string): string | null {
  if (isAccused) return words;
  if (answer.signal !== null) return `it was ended by ${answer.signal} while it loaded the plugin.`;
  if (answer.code !== 0) return `it ended with code ${String(answer.code)}. ${words}`;
  if (hasProtocol(answer.stdout, plugin.protocol)) return null;
  const said = words === '' ? 'It said nothing about it.' : words;
  return `no protocol "${plugin.protocol}" is registered afterwards. ${said}`;
}

/** Columns: name, short name, filter name, and from 4.2 on three flags. */
function hasProtocol(list: string, protocol: string): boolean {
  return list.split('\n').some((line) => line.split('\t')[2]?.trim() === protocol);
}

async function readPlugin(plugin: PluginFile): Promise<Buffer> {
  try {
    return await readFile(plugin.path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError('plugin-not-loaded', `Plugin "${plugin.path}" cannot be read: ${reason}`, {
      cause: error,
    });
  }
}
