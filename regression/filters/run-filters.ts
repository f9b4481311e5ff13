import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Engine, EngineError, type Registered } from '../../engines/index.ts';
import type { CheckContext } from '../checks/check-context.ts';
import type { CheckResult } from '../checks/check-result.ts';
import { type Comparison, comparePlugins } from './compare-plugins.ts';
import { readPlugin } from './lua/read-plugin.ts';
import type { PluginFilter, PluginRegistrations } from './lua/registrations.ts';

/** New names told of; the JSON has them all. */
const MOST_ADDED = 20;

/**
 * Holds the names and types of the plugin against those of the plugin that people have: a filter that is gone, has
 * another name or another type breaks what they saved, and is a failure unless the tests file accepts it.
 */
export async function runFilters(context: CheckContext): Promise<readonly CheckResult[]> {
  const { suite } = context;
  const { released, accepted } = suite.filters;
  if (released === null) {
    const none =
      accepted.size === 0 ? [] : [result('accept', 'fail', ['"accept" says something without "released".'])];
    return [...none, result('released plugin', 'skip', [NO_RELEASE])];
  }
  const path = resolve(dirname(suite.source.name), released);
  const text = textOf(path);
  const lua = context.lua ?? context.generate(suite.protocol);
  if (text === undefined)
    return [
      result(released, 'fail', [`There is no file "${path}": "released" is relative to the tests file.`]),
    ];
  if (lua === undefined) return [result(released, 'skip', ['No plugin can be generated from this spec.'])];
  const before = readPlugin(text);
  const asked =
    before.unread.length === 0 ? null : await askEngine(context, path, protocolsOf(before, context));
  const filters = [...before.filters, ...(asked?.filters ?? [])];
  const comparison = comparePlugins(filters, readPlugin(lua).filters);
  return [
    ...unreadResults(before, asked),
    ...breakResults(comparison, accepted),
    ...unusedResults(comparison, accepted),
    summaryOf(released, comparison),
  ];
}

const NO_RELEASE = 'The tests file names no released plugin ("filters: {released: ./NAME.lua}").';

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function protocolsOf({ filters }: PluginRegistrations, { suite }: CheckContext): readonly string[] {
  const own = filters.filter(({ kind }) => kind === 'protocol').map(({ filter }) => filter);
  return own.length === 0 ? [suite.protocol.filter] : own;
}

interface Asked {
  readonly filters: readonly PluginFilter[];
  /** null: nobody could be asked, or did not answer. */
  readonly engine: string | null;
  readonly why: string;
}

/** What the text of the released plugin does not tell, Wireshark does. */
async function askEngine(
  { engines }: CheckContext,
  path: string,
  protocols: readonly string[],
): Promise<Asked> {
  const engine = engines.find((one) => one.registered !== undefined);
  if (engine === undefined) return { filters: [], engine: null, why: 'There is no tshark to ask instead.' };
  try {
    return { filters: await filtersOf(engine, path, protocols), engine: labelOf(engine), why: '' };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { filters: [], engine: null, why: error.message };
  }
}

async function filtersOf(
  engine: Engine,
  path: string,
  protocols: readonly string[],
): Promise<readonly PluginFilter[]> {
  const registered = await engine.registered?.({ path, protocol: protocols[0] ?? '' }, protocols);
  // Wireshark's own protocols may have names that begin in the same way.
  return (registered?.fields ?? []).filter(({ protocol }) => protocols.includes(protocol)).map(ofEngine);
}

function ofEngine({
  filter,
  label,
  type,
  base,
  mask,
  description,
}: Registered['fields'][number]): PluginFilter {
  const shown = { base, mask, description, names: null, unit: '', severity: null, line: 0 };
  return { ...shown, kind: 'field', filter, label, types: [type] };
}

function labelOf({ name, version }: Engine): string {
  return `${name} ${version}`;
}

function unreadResults({ unread }: PluginRegistrations, asked: Asked | null): readonly CheckResult[] {
  return unread.map(({ line, why }) => {
    const name = `line ${line} of the released plugin`;
    if (asked?.engine != null)
      return result(name, 'pass', [`Not read from the text, for ${why}; ${asked.engine} told.`]);
    return result(name, 'skip', [`What it registers is not known: ${why}. ${asked?.why ?? ''}`.trim()]);
  });
}

function breakResults({ breaks }: Comparison, accepted: ReadonlyMap<string, string>): readonly CheckResult[] {
  return breaks.map(({ filter, messages, renamedTo }) => {
    const reason = accepted.get(filter);
    const data = { filter, breaks: messages, renamedTo, accepted: reason ?? null };
    if (reason !== undefined)
      return { ...result(filter, 'pass', [`${messages.join(' ')} Accepted: ${reason}`]), data };
    const next = `Keep what people have, or say in the tests file that it is meant: "filters: {accept: {${filter}: WHY}}".`;
    return { ...result(filter, 'fail', [...messages, next]), data };
  });
}

function unusedResults(
  { breaks }: Comparison,
  accepted: ReadonlyMap<string, string>,
): readonly CheckResult[] {
  const broken = new Set(breaks.map(({ filter }) => filter));
  return [...accepted.keys()]
    .filter((filter) => !broken.has(filter))
    .map((filter) =>
      result(filter, 'fail', [`${filter} does not break (any more): take it out of "accept".`]),
    );
}

function summaryOf(released: string, { kept, added }: Comparison): CheckResult {
  const shown = added.slice(0, MOST_ADDED).join(', ');
  const more = added.length > MOST_ADDED ? ` and ${added.length - MOST_ADDED} more` : '';
  const news = added.length === 0 ? 'nothing is new' : `new: ${shown}${more}`;
  return {
    ...result(released, 'pass', [`${kept} filters of it do what they did; ${news}.`]),
    data: { kept, added },
  };
}

function result(name: string, status: CheckResult['status'], messages: readonly string[]): CheckResult {
  return { group: 'filters', name, status, line: null, messages, detail: [], data: null };
}
