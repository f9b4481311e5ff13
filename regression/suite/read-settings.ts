import type { ValueReader, YamlNode } from '../../spec/index.ts';
import type { CoverageSettings, FilterSettings, PropertySettings } from './suite.ts';

/** More frames than that are a fuzzer's work. */
export const MAX_RUNS = 20_000;
const MAX_SEED = 2_147_483_647;

/** `properties: {runs: 500, seed: 42}` */
export function readProperties(node: YamlNode | undefined, values: ValueReader): PropertySettings {
  const map = node === undefined ? undefined : values.mapReader(node, '"properties"');
  const runs = values.integer(map?.get('runs'), '"runs"', { min: 0, max: MAX_RUNS });
  const seed = values.integer(map?.get('seed'), '"seed"', { min: 0, max: MAX_SEED });
  map?.reportUnknown();
  return { runs: runs ?? 0, seed: seed ?? null };
}

/** `coverage: {min: 95, except: {NAME: REASON}}` */
export function readCoverage(node: YamlNode | undefined, values: ValueReader): CoverageSettings {
  const map = node === undefined ? undefined : values.mapReader(node, '"coverage"');
  const minimum = values.integer(map?.get('min'), '"min"', { min: 0, max: 100 });
  const except = readReasons(map?.get('except'), '"except"', values);
  map?.reportUnknown();
  return { minimum: minimum ?? null, except };
}

/** `filters: {released: ../plugin.lua, accept: {ws.old: REASON}}` */
export function readFilters(node: YamlNode | undefined, values: ValueReader): FilterSettings {
  const map = node === undefined ? undefined : values.mapReader(node, '"filters"');
  const released = values.text(map?.get('released'), '"released"');
  const accepted = readReasons(map?.get('accept'), '"accept"', values);
  map?.reportUnknown();
  return { released: released ?? null, accepted };
}

/** Names, each with the reason that somebody will ask for. */
function readReasons(
  node: YamlNode | undefined,
  what: string,
  values: ValueReader,
): ReadonlyMap<string, string> {
  const entries = node === undefined ? [] : (values.map(node, what)?.entries ?? []);
  return new Map(
    entries.flatMap(({ key, value }) => {
      const reason = values.text(value, `The reason for "${key.text}"`);
      return reason === undefined ? [] : [[key.text, reason] as const];
    }),
  );
}
