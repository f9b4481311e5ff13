import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Engine, EngineError } from '../../engines/index.ts';
import type { Protocol } from '../../spec/index.ts';
import type { CheckContext } from '../checks/check-context.ts';
import type { CheckResult } from '../checks/check-result.ts';
import { readPlugin } from '../filters/lua/read-plugin.ts';
import { compareAliases } from './compare-aliases.ts';
import { compareField, type RegistrationFault } from './compare-fields.ts';
import { expectedExperts } from './expected-experts.ts';
import { expectedFields } from './expected-fields.ts';
import { fieldsOfEngine, fieldsOfPlugin, type FoundField } from './registered-fields.ts';

/** What somebody says of the plugin's registrations. */
interface Testimony {
  /** `tshark 4.0.17`, or `the plugin's text`. */
  readonly who: string;
  readonly faults: readonly RegistrationFault[];
  /** What was held against the spec. */
  readonly seen: string;
}

const TEXT = "the plugin's text";

/**
 * Holds what the plugin registers against the spec, without any octets: fields with types, masks, displays, names of
 * values and labels, expert infos, and the built-in's names that go on matching. Told by every Wireshark, and by the
 * text of the plugin: of several fields with one name Wireshark lists the first alone, and of expert infos no severity.
 */
export async function runRegistration(context: CheckContext): Promise<readonly CheckResult[]> {
  const { suite, engines } = context;
  const lua = context.lua ?? context.generate(suite.protocol);
  if (lua === undefined) return [skip('the plugin', 'No plugin can be generated from this spec.')];
  const testimonies: Testimony[] = [ofText(suite.protocol, lua)];
  const results: CheckResult[] = [];
  const path = join(context.folder, `${suite.protocol.id}-registration.lua`);
  if (engines.length > 0) writeFileSync(path, lua);
  for (const [index, engine] of engines.entries()) {
    context.progress('registrations', index, engines.length);
    const answer = await ofEngine(engine, path, suite.protocol);
    if ('group' in answer) results.push(answer);
    else testimonies.push(answer);
  }
  return [...faultResults(testimonies), ...testimonies.flatMap(passResult), ...results];
}

async function ofEngine(engine: Engine, path: string, protocol: Protocol): Promise<Testimony | CheckResult> {
  const who = `${engine.name} ${engine.version}`;
  if (engine.registered === undefined) {
    return skip(who, `${engine.location} does not tell what is registered.`);
  }
  const names = [protocol.filter, ...(protocol.replaces === null ? [] : [protocol.replaces.dissector])];
  try {
    const registered = await engine.registered({ path, protocol: protocol.filter }, names);
    const found = fieldsOfEngine(registered);
    const faults = [...faultsOf(protocol, found), ...compareAliases(protocol, found, engine.version)];
    return { who, faults, seen: seenText(protocol) };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { ...skip(who, error.message), status: 'fail' };
  }
}

function ofText(protocol: Protocol, lua: string): Testimony {
  const read = readPlugin(lua);
  const found = fieldsOfPlugin(read);
  const unread = read.unread.map(({ line, why }) => ({
    filter: `line ${line} of the plugin`,
    what: 'a registration',
    expected: 'written out',
    found: why,
  }));
  const faults = [...faultsOf(protocol, found), ...compareAliases(protocol, found, null), ...unread];
  return { who: TEXT, faults, seen: seenText(protocol) };
}

function faultsOf(protocol: Protocol, found: ReadonlyMap<string, FoundField>): readonly RegistrationFault[] {
  const fields = expectedFields(protocol).flatMap((field) => compareField(field, found.get(field.filter)));
  const experts = expectedExperts(protocol).flatMap(({ filter, label, severity, isOptional }) => {
    const own = found.get(filter);
    if (own === undefined && isOptional) return [];
    const faults = compareField(
      { ...EXPERT, filter, label },
      own === undefined ? undefined : { ...own, description: '' },
    );
    if (own === undefined || own.severity === null || own.severity === severity) return faults;
    return [...faults, { filter, what: 'the severity', expected: severity, found: own.severity }];
  });
  return [...fields, ...experts];
}

const EXPERT = {
  description: '',
  type: 'FT_NONE',
  base: null,
  mask: 0n,
  names: new Map<bigint, string>(),
  unit: '',
} as const;

function seenText(protocol: Protocol): string {
  const fields = expectedFields(protocol);
  const names = fields.reduce((sum, field) => sum + field.names.size, 0);
  return `${fields.length} fields, ${names} names of values and the rules are registered as the spec says.`;
}

interface Told {
  readonly fault: RegistrationFault;
  readonly who: string[];
}

/** The same fault, whoever tells it, is one result. */
function faultResults(testimonies: readonly Testimony[]): readonly CheckResult[] {
  const byFilter = new Map<
    string,
    Map<string, { readonly fault: RegistrationFault; readonly who: string[] }>
  >();
  for (const { who, faults } of testimonies) {
    for (const fault of faults) {
      const own = byFilter.get(fault.filter) ?? new Map<string, Told>();
      byFilter.set(fault.filter, own);
      const key = `${fault.what} ${fault.expected} ${fault.found}`;
      const known = own.get(key) ?? { fault, who: [] };
      own.set(key, known);
      known.who.push(who);
    }
  }
  return [...byFilter].map(([filter, faults]) => ({
    group: 'registration',
    name: filter,
    status: 'fail',
    line: null,
    messages: [...faults.values()].map(
      ({ fault: { what, expected, found }, who }) =>
        `${filter}: ${what} is ${found}, the spec has ${expected} (${who.join(', ')}).`,
    ),
    detail: [],
    data: { faults: [...faults.values()].map(({ fault, who }) => ({ ...fault, by: who })) },
  }));
}

function passResult({ who, faults, seen }: Testimony): readonly CheckResult[] {
  if (faults.length > 0) return [];
  return [{ ...skip(who, seen), status: 'pass' }];
}

function skip(name: string, why: string): CheckResult {
  return { group: 'registration', name, status: 'skip', line: null, messages: [why], detail: [], data: null };
}
