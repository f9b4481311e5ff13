import { EngineError, type PluginFile } from '../engine.ts';
import { type Answer, askTshark } from './ask.ts';
import { firstLines, readMessages } from './stderr.ts';

/**
 * Asks tshark for its list of protocols with the plugin loaded: the only proof that it did load, for tshark ends with
 * code 0 whatever becomes of a plugin.
 * @throws EngineError `plugin-not-loaded`
 */
export async function checkLoads(location: string, plugin: PluginFile): Promise<void> {
  // 4.0 and 4.4 take -G as the first argument only.
  const answer = await askTshark(location, async (workspace) => [
    '-G',
    'protocols',
    '-X',
    `lua_script:${await workspace.add(plugin.path)}`,
  ]);
  const reason = faultOf(plugin, answer);
  if (reason === null) return;
  throw new EngineError('plugin-not-loaded', `"${location}" did not load "${plugin.path}": ${reason}`);
}

/** null: the plugin loaded. */
function faultOf(plugin: PluginFile, answer: Answer): string | null {
  const messages = readMessages(answer.stderr);
  const words = firstLines([...messages.plugin, ...messages.other]);
  if (messages.plugin.length > 0) return words;
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
