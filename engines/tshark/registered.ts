import { EngineError, type PluginFile } from '../engine.ts';
import type { Registered, RegisteredField, RegisteredValue } from '../registered.ts';
import { launch } from './launch.ts';
import { firstLines, readMessages } from './stderr.ts';
import { withWorkspace } from './workspace.ts';

/** The lists have up to 110 MB, written within a second or two; on a busy machine more. */
const SILENCE_LIMIT_SECONDS = 120;
/** No protocol of Wireshark has a tenth of that. */
const MAX_LINES = 100_000;
/** A line is a label, a name and a description; what is longer than that is not written by tshark. */
const MAX_LINE = 1 << 20;

/** @throws EngineError */
export async function askRegistered(
  location: string,
  plugin: PluginFile,
  protocols: readonly string[],
): Promise<Registered> {
  const fields = await linesOf('fields', { location, plugin, protocols });
  const values = await linesOf('values', { location, plugin, protocols });
  const isOfOne = (name: string): boolean =>
    protocols.some((protocol) => name === protocol || name.startsWith(`${protocol}.`));
  return {
    fields: fields.flatMap(fieldOf).filter(({ filter, protocol }) => isOfOne(filter) || isOfOne(protocol)),
    values: values.flatMap(valueOf).filter(({ filter }) => isOfOne(filter)),
  };
}

interface Question {
  readonly location: string;
  readonly plugin: PluginFile;
  readonly protocols: readonly string[];
}

/** The lines about the protocols asked for, of a list that has everything. */
async function linesOf(
  list: 'fields' | 'values',
  { location, plugin, protocols }: Question,
): Promise<string[]> {
  const sieve = new Sieve(protocols);
  const result = await withWorkspace(async (workspace) =>
    launch(
      {
        location,
        // 4.0 and 4.4 take -G as the first argument only.
        arguments: ['-G', list, '-X', `lua_script:${await workspace.add(plugin.path)}`],
        folder: workspace.path,
        home: workspace.home,
        stdin: null,
        silenceLimitSeconds: SILENCE_LIMIT_SECONDS,
        signal: undefined,
      },
      (chunk) => sieve.push(chunk),
    ),
  );
  const messages = readMessages(result.stderr);
  if (messages.plugin.length > 0) throw new EngineError('plugin-not-loaded', firstLines(messages.plugin));
  if (result.code !== 0 || sieve.overflowed) {
    const why = sieve.overflowed ? 'the list is too long' : firstLines(messages.other);
    throw new EngineError('engine-failed', `"${location}" did not list its ${list}: ${why}`);
  }
  return sieve.lines;
}

/** Lines in which a name of one of the protocols stands between tabs. Most of a list is of no interest. */
class Sieve {
  readonly lines: string[] = [];
  overflowed = false;
  readonly #needles: readonly Buffer[];
  #rest: Buffer = Buffer.alloc(0);

  constructor(protocols: readonly string[]) {
    this.#needles = protocols.map((protocol) => Buffer.from(`\t${protocol}`));
  }

  /** @returns false when there is more than can be right */
  push(chunk: Buffer): boolean {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const end = data.lastIndexOf(0x0a) + 1;
    const whole = data.subarray(0, end);
    for (const needle of this.#needles) this.#search(whole, needle);
    this.#rest = Buffer.from(data.subarray(end));
    this.overflowed = this.lines.length > MAX_LINES || this.#rest.length > MAX_LINE;
    return !this.overflowed;
  }

  #search(whole: Buffer, needle: Buffer): void {
    for (let at = whole.indexOf(needle); at >= 0;) {
      const end = whole.indexOf(0x0a, at);
      const after = whole[at + needle.length];
      // A name ends at a tab, a part of it at a dot.
      if (after === 0x09 || after === 0x2e) {
        this.lines.push(whole.toString('utf8', whole.lastIndexOf(0x0a, at) + 1, end));
        at = whole.indexOf(needle, end);
      } else at = whole.indexOf(needle, at + 1);
    }
  }
}

/** `F`, label, name, type, protocol, base, mask, description. */
function fieldOf(line: string): RegisteredField[] {
  const [kind, label, filter, type, protocol, base, mask, ...description] = line.split('\t');
  if (kind !== 'F' || label === undefined || filter === undefined || type === undefined) return [];
  return [
    {
      filter,
      label,
      type,
      protocol: protocol ?? '',
      base: base ?? '',
      mask: numberOf(mask ?? '') ?? 0n,
      description: description.join('\t'),
    },
  ];
}

/** `V` or `V64`, name, number, text; `U`, name, unit, plural; `T`, name, text for true, for false. Ranges are not read. */
function valueOf(line: string): RegisteredValue[] {
  const [kind, filter, first, ...rest] = line.split('\t');
  if (filter === undefined || first === undefined) return [];
  const text = rest.join('\t');
  if (kind === 'V' || kind === 'V64') {
    const number = numberOf(first);
    return number === null ? [] : [{ filter, kind: 'value', number, text }];
  }
  if (kind === 'U') return [{ filter, kind: 'unit', number: 0n, text: first }];
  if (kind !== 'T') return [];
  return [
    { filter, kind: 'truth', number: 1n, text: first },
    { filter, kind: 'truth', number: 0n, text },
  ];
}

function numberOf(text: string): bigint | null {
  return /^(0x[0-9a-f]+|\d+)$/i.test(text) ? BigInt(text) : null;
}
