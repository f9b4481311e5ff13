import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Difference, EngineTally } from '../../analyzer/index.ts';
import { type Engine, EngineError, type PluginFile } from '../../engines/index.ts';
import type { CheckContext } from '../checks/check-context.ts';
import type { CheckResult } from '../checks/check-result.ts';
import { cell } from '../judge/texts.ts';
import type { BuiltinDeviation, Vector } from '../suite/suite.ts';
import { isInRange } from '../suite/version-range.ts';
import { checkAliases } from './own-aliases.ts';
import { askBuiltin } from './second-oracle.ts';
import { wholeCases, type WholeCases } from './whole-cases.ts';

/** What is wrong with one vector, told by one engine. */
interface Complaint {
  readonly vector: Vector;
  readonly about: 'builtin' | 'aliases';
  readonly who: string;
  readonly messages: readonly string[];
}

/** What one engine's own dissector came to over all vectors. */
interface Sum {
  pdus: number;
  agreed: number;
  declared: number;
  readonly explained: Map<string, number>;
}

/** Differences of one vector told by one engine. */
const MOST_TOLD = 8;

/**
 * Wireshark's own dissector as second oracle: without our plugin it must see in every vector what we do, but for what
 * the analyzer knows to be its ways (docs/diagnoses.md) and what the tests file declares; and what is declared must
 * still be so. The names of the built-in that our plugin goes on having must have the values that the spec says.
 */
export async function runBuiltin(context: CheckContext): Promise<readonly CheckResult[]> {
  const { suite, engines, folder } = context;
  const { replaces } = suite.protocol;
  if (replaces === null) return withoutBuiltin(suite.vectors);
  const name = `Wireshark's own "${replaces.dissector}"`;
  if (engines.length === 0) return [result(name, 'skip', ['There is no Wireshark to ask.'])];
  const groups = await wholeCases(suite, folder);
  if (groups.length === 0) return [result(name, 'skip', ['No vector can be put into a capture.'])];
  const plugin = writePlugin(context);
  const complaints: Complaint[] = [];
  const results: CheckResult[] = [];
  for (const [index, engine] of engines.entries()) {
    context.progress('built-in dissector', index, engines.length);
    const asked = await askOne(engine, { groups, plugin, dissector: replaces.dissector });
    complaints.push(...asked.complaints);
    results.push(...asked.results);
  }
  return [...complaintResults(complaints, groups), ...results];
}

function withoutBuiltin(vectors: readonly Vector[]): readonly CheckResult[] {
  const declared = vectors.filter(({ builtin }) => builtin.length > 0);
  if (declared.length === 0) {
    return [
      result('second oracle', 'skip', [
        'The spec takes no dissector\'s place ("replaces"): there is none to ask.',
      ]),
    ];
  }
  return declared.map(({ name, line }) => ({
    ...result(name, 'fail', [
      '"builtin" tells of a dissector, and the spec takes none\'s place ("replaces").',
    ]),
    line,
  }));
}

/** undefined: no plugin was generated. */
function writePlugin({ lua, suite: { protocol }, folder }: CheckContext): PluginFile | undefined {
  if (lua === undefined) return undefined;
  const path = join(folder, `${protocol.id}-aliases.lua`);
  writeFileSync(path, lua);
  return { path, protocol: protocol.filter };
}

interface Question {
  readonly groups: readonly WholeCases[];
  /** The built-in's name. */
  readonly dissector: string;
  readonly plugin: PluginFile | undefined;
}

interface Answer {
  readonly complaints: readonly Complaint[];
  readonly results: readonly CheckResult[];
}

async function askOne(engine: Engine, { groups, dissector, plugin }: Question): Promise<Answer> {
  const who = `${engine.name} ${engine.version}`;
  const sum: Sum = { pdus: 0, agreed: 0, declared: 0, explained: new Map() };
  const complaints: Complaint[] = [];
  let aliases = 0;
  try {
    for (const group of groups) {
      for (const [{ vector }, tally] of await askBuiltin(engine, group)) {
        if (isAsked(vector, engine))
          complaints.push(...judge(vector, { tally, engine, who: `${who}, "${dissector}"` }, sum));
      }
      const isShown = plugin !== undefined && showsHidden(engine);
      const faults = isShown ? await checkAliases(engine, group, plugin) : null;
      for (const [{ vector }, messages] of faults ?? []) {
        if (!isAsked(vector, engine)) continue;
        aliases += 1;
        if (messages.length > 0) complaints.push({ vector, about: 'aliases', who, messages });
      }
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { complaints, results: [result(who, 'fail', [error.message])] };
  }
  return { complaints, results: passResults({ engine, who, dissector, sum, complaints, aliases }) };
}

interface Asked {
  readonly engine: Engine;
  readonly who: string;
  readonly dissector: string;
  readonly sum: Sum;
  readonly complaints: readonly Complaint[];
  /** Cases whose aliases were looked at. */
  readonly aliases: number;
}

function passResults({ engine, who, dissector, sum, complaints, aliases }: Asked): readonly CheckResult[] {
  const isWrong = (about: Complaint['about']): boolean => complaints.some((one) => one.about === about);
  const name = `names of "${dissector}" in the plugin on ${who}`;
  const results = isWrong('builtin') ? [] : [result(who, 'pass', [sumText(sum)])];
  if (!showsHidden(engine))
    results.push(result(name, 'skip', ['It does not show hidden items; a tshark does.']));
  else if (!isWrong('aliases') && aliases > 0) {
    results.push(result(name, 'pass', [`They have the values of the spec in ${aliases} cases.`]));
  }
  return results;
}

/** The embedded build reads no setting that makes hidden items visible. */
function showsHidden({ name }: Engine): boolean {
  return name !== 'embedded';
}

function isAsked({ requires }: Vector, { version }: Engine): boolean {
  return requires === null || isInRange(version, requires);
}

function sumText({ pdus, agreed, declared, explained }: Sum): string {
  const causes = [...explained].map(([diagnosis, count]) => `${count} times ${diagnosis}`);
  const parts = [`${agreed} values of ${pdus} PDUs are as we have them`];
  if (causes.length > 0) parts.push(`known ways of it: ${causes.join(', ')}`);
  if (declared > 0) parts.push(`${declared} deviations are as declared`);
  return `${parts.join('; ')}.`;
}

interface Seen {
  readonly tally: EngineTally;
  readonly engine: Engine;
  readonly who: string;
}

function judge(vector: Vector, { tally, engine, who }: Seen, sum: Sum): readonly Complaint[] {
  sum.pdus += tally.pdus;
  sum.agreed += tally.agreed;
  for (const { diagnosis, count } of tally.explained) {
    sum.explained.set(diagnosis, (sum.explained.get(diagnosis) ?? 0) + count);
  }
  const declared = vector.builtin.filter(
    ({ tshark }) => tshark === null || isInRange(engine.version, tshark),
  );
  const known = new Set(declared.flatMap(({ filters }) => [...filters]));
  const differing = new Set(tally.differences.map(({ field }) => field));
  const undeclared = tally.differences.filter(({ field }) => !known.has(field));
  const gone = declared.flatMap((deviation) => goneFrom(deviation, differing, tally));
  sum.declared += [...known].filter((filter) => differing.has(filter)).length;
  const messages = [
    ...undeclaredTexts(undeclared, engine),
    ...gone.map((text) => `Wireshark ${engine.version} ${text}`),
  ];
  return messages.length === 0 ? [] : [{ vector, about: 'builtin', who, messages }];
}

function goneFrom(
  { filters, reason }: BuiltinDeviation,
  differing: ReadonlySet<string>,
  { explained }: EngineTally,
): readonly string[] {
  const diagnoses = explained.map(({ diagnosis }) => diagnosis).join(', ');
  const why = diagnoses === '' ? 'now agrees' : `agrees, or does what is known of it (${diagnoses}),`;
  return [...filters]
    .filter((filter) => !differing.has(filter))
    .map(
      (filter) =>
        `${why} in ${filter} (declared: ${reason}): take it out of "builtin", or narrow its versions.`,
    );
}

function undeclaredTexts(differences: readonly Difference[], { version }: Engine): readonly string[] {
  if (differences.length === 0) return [];
  const told = differences.slice(0, MOST_TOLD).map(differenceText);
  const more = differences.length > told.length ? [`… and ${differences.length - told.length} more.`] : [];
  const filters = [...new Set(differences.map(({ field }) => field))].join(', ');
  const next = `If Wireshark is wrong: "builtin: {filters: [${filters}], tshark: '=${version}', reason: WHY}".`;
  return [...told, ...more, next];
}

function differenceText({ field, kind, decoded, tshark, frame }: Difference): string {
  const [ours, theirs] = [decoded, tshark].map((text) => (text === null ? '(absent)' : cell(text)));
  const what = kind === 'range' ? 'covers' : 'is';
  return `packet ${frame}: ${field} ${what} ${theirs}, we have ${ours}.`;
}

/** What several engines say of a vector in the same words is told once. */
function complaintResults(
  complaints: readonly Complaint[],
  groups: readonly WholeCases[],
): readonly CheckResult[] {
  const captures = groups.map(({ capture }) => capture).join(', ');
  const byName = new Map<string, Complaint[]>();
  for (const complaint of complaints) {
    const name =
      complaint.about === 'aliases' ? `names in the plugin: ${complaint.vector.name}` : complaint.vector.name;
    byName.set(name, [...(byName.get(name) ?? []), complaint]);
  }
  return [...byName].map(([name, own]) => {
    const byText = new Map<string, string[]>();
    for (const { who, messages } of own) {
      for (const message of messages) byText.set(message, [...(byText.get(message) ?? []), who]);
    }
    const messages = [...byText].map(([message, who]) => `${[...new Set(who)].join(', ')}: ${message}`);
    const line = own[0]?.vector.line ?? null;
    return { ...result(name, 'fail', messages), line, detail: [`kept: ${captures}`] };
  });
}

function result(name: string, status: CheckResult['status'], messages: readonly string[]): CheckResult {
  return { group: 'builtin', name, status, line: null, messages, detail: [], data: null };
}
