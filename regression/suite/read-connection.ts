import { CLOSE_CAUSES, VERDICTS } from '../../analyzer/index.ts';
import { locate, type MapReader, type YamlNode } from '../../spec/index.ts';
import { rulesOfAnalyzer } from './rules.ts';
import type { VectorContext } from './read-vector.ts';
import type { ConnectionExpectation } from './suite.ts';

const MAX_COUNT = 1_000_000_000;

/** `connection`: what the analyzer must say of the whole conversation. */
export function readConnection(
  node: YamlNode | undefined,
  context: VectorContext,
): ConnectionExpectation | null {
  const { values, protocol } = context;
  const map = node === undefined ? undefined : values.mapReader(node, '"connection"');
  if (map === undefined) return null;
  const findings = map.get('findings');
  const expectation = {
    line: locate(map.headPlace.span).line,
    verdict: values.word(map.get('verdict'), '"verdict"', VERDICTS) ?? null,
    close: values.word(map.get('close'), '"close"', CLOSE_CAUSES) ?? null,
    findings:
      findings === undefined
        ? null
        : new Set(
            values
              .listOrOne(findings)
              .flatMap((item) => values.word(item, 'A rule in "findings"', rulesOfAnalyzer(protocol)) ?? []),
          ),
    counts: readCounts(map, context),
  };
  map.reportUnknown();
  return expectation;
}

/** `counts: {c2s: {text: 1}, s2c: {ping: 2}}` */
function readCounts(map: MapReader, { values }: VectorContext): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const node = map.get('counts');
  const sides = node === undefined ? undefined : values.mapReader(node, '"counts"');
  for (const side of ['c2s', 's2c'] as const) {
    const kinds = sides?.get(side);
    for (const { key, value } of (kinds === undefined ? undefined : values.map(kinds, `"${side}"`))
      ?.entries ?? []) {
      const count = values.integer(value, `"${key.text}"`, { min: 0, max: MAX_COUNT });
      if (count !== undefined) counts.set(`${side}.${key.text}`, count);
    }
  }
  sides?.reportUnknown();
  return counts;
}
