import { CLOSE_CAUSES, VERDICTS } from '../../analyzer/index.ts';
import { locate, type MapReader, type ValueReader, type YamlNode } from '../../spec/index.ts';
import { readRequires, type VectorContext } from './read-vector.ts';
import { rulesOfAnalyzer } from './rules.ts';
import type { CaptureExpectation, PinnedCapture } from './suite.ts';

const MAX_CAPTURES = 10_000;
const COUNT = { min: 0, max: 1_000_000_000 };

/** `captures`: files with what must come of them. */
export function readCaptures(list: YamlNode | undefined, context: VectorContext): readonly PinnedCapture[] {
  if (list === undefined) return [];
  const { values } = context;
  const files = new Set<string>();
  const nodes = values.list(list, '"captures"');
  if (nodes.length > MAX_CAPTURES) {
    const [expected, found] = [`a list of at most ${MAX_CAPTURES}`, `${nodes.length}`];
    values.sink.report('spec/bad-value', list.place, { what: '"captures"', expected, found });
    return [];
  }
  return nodes.flatMap((node) => {
    const map = values.mapReader(node, 'A capture');
    const capture = map === undefined ? undefined : readCapture(map, context);
    map?.reportUnknown();
    if (capture === undefined) return [];
    if (files.has(capture.file)) {
      values.sink.report('spec/duplicate-id', node.place, { what: 'a capture', id: capture.file });
    }
    files.add(capture.file);
    return [capture];
  });
}

function readCapture(map: MapReader, context: VectorContext): PinnedCapture | undefined {
  const { values } = context;
  const file = values.text(map.require('file'), '"file"');
  const specs = map.get('specs');
  const capture = {
    line: locate(map.headPlace.span).line,
    origin: values.text(map.get('origin'), '"origin"') ?? '',
    specs:
      specs === undefined
        ? []
        : values.listOrOne(specs).flatMap((item) => values.text(item, 'A spec in "specs"') ?? []),
    keylog: values.text(map.get('keylog'), '"keylog"') ?? null,
    expect: readCaptureExpect(map.get('expect'), context),
    golden: values.text(map.get('golden'), '"golden"') ?? null,
    requires: readRequires(map.get('requires'), values),
  };
  return file === undefined ? undefined : { file, ...capture };
}

function readCaptureExpect(node: YamlNode | undefined, context: VectorContext): CaptureExpectation {
  const { values } = context;
  const map = node === undefined ? undefined : values.mapReader(node, '"expect" of a capture');
  const closes = map?.get('closes');
  const expectation = {
    verdict: values.word(map?.get('verdict'), '"verdict"', VERDICTS) ?? null,
    pdus: values.integer(map?.get('pdus'), '"pdus"', COUNT) ?? null,
    messages: values.integer(map?.get('messages'), '"messages"', COUNT) ?? null,
    connections: values.integer(map?.get('connections'), '"connections"', COUNT) ?? null,
    closes:
      closes === undefined
        ? null
        : values.listOrOne(closes).flatMap((item) => values.word(item, 'A close cause', CLOSE_CAUSES) ?? []),
    findings: readCounts(map?.get('findings'), context),
  };
  map?.reportUnknown();
  return expectation;
}

/** `findings: {MASK-C2S: 2}`: all that are found, and how often. */
function readCounts(
  node: YamlNode | undefined,
  { protocol, values }: VectorContext,
): ReadonlyMap<string, number> | null {
  if (node === undefined) return null;
  return new Map(
    (values.map(node, '"findings"')?.entries ?? []).flatMap(({ key, value }) => {
      const rule = knownRule(key, rulesOfAnalyzer(protocol), values);
      const count = values.integer(value, `"${key.text}"`, COUNT);
      return rule === undefined || count === undefined ? [] : [[rule, count] as const];
    }),
  );
}

/** Of a capture that several specs decode, a rule may be another's. */
function knownRule(key: YamlNode, known: readonly string[], values: ValueReader): string | undefined {
  const text = values.text(key, 'A rule in "findings"');
  if (text === undefined || /^[A-Z][A-Z0-9-]*$/.test(text)) return text;
  return values.word(key, 'A rule in "findings"', known);
}
