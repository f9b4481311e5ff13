import {
  type Diagnostic,
  DiagnosticSink,
  type MapReader,
  type Protocol,
  readYaml,
  type SourceText,
  ValueReader,
  type YamlNode,
} from '../../spec/index.ts';
import { readVector, type VectorContext } from './read-vector.ts';
import { readCaptures } from './read-captures.ts';
import { readCoverage, readFilters, readProperties } from './read-settings.ts';
import type { Suite, Vector } from './suite.ts';

/** The spec that a tests file names, and the ports it adds to the spec's own. */
export interface SpecReference {
  /** As written, relative to the tests file. */
  readonly path: string;
  readonly bind: { readonly tcp: readonly number[]; readonly udp: readonly number[] };
}

/** Compiles the spec; undefined: it has errors, of which the caller has told. */
export type LoadSpec = (reference: SpecReference) => Protocol | undefined;

export interface SuiteRead {
  /** undefined when there are errors, in the tests file or in the spec. */
  readonly suite: Suite | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** More vectors than that are a generator's work, not a file that somebody reads. */
const MAX_VECTORS = 20_000;

/** Reads a `NAME.tests.yaml` (docs/schema/tests.schema.json). Everything wrong with it is a diagnostic with its place. */
export function readSuite(source: SourceText, loadSpec: LoadSpec): SuiteRead {
  const sink = new DiagnosticSink();
  const suite = read(source, loadSpec, sink);
  return { suite: sink.hasErrors ? undefined : suite, diagnostics: sink.sorted() };
}

function read(source: SourceText, loadSpec: LoadSpec, sink: DiagnosticSink): Suite | undefined {
  const root = readYaml(source, sink);
  const values = new ValueReader(sink);
  const file = root === undefined ? undefined : values.mapReader(root, 'A tests file');
  if (file === undefined) return undefined;
  const reference = readReference(file, values);
  const captures = file.get('captures');
  const list = captures === undefined ? file.require('vectors') : file.get('vectors');
  const settings = {
    properties: readProperties(file.get('properties'), values),
    coverage: readCoverage(file.get('coverage'), values),
    filters: readFilters(file.get('filters'), values),
  };
  file.reportUnknown();
  if (reference === undefined || (list ?? captures) === undefined) return undefined;
  const protocol = loadSpec(reference);
  if (protocol === undefined) return undefined;
  const context = { protocol, values };
  return {
    source,
    protocol,
    vectors: list === undefined ? [] : readVectors(list, context),
    captures: readCaptures(captures, context),
    ...settings,
  };
}

function readReference(file: MapReader, values: ValueReader): SpecReference | undefined {
  const path = values.text(file.require('spec'), '"spec"');
  const transport = file.get('transport');
  const ports = transport === undefined ? undefined : values.mapReader(transport, '"transport"');
  const tcp = readPorts(ports?.get('tcp'), '"tcp"', values);
  const udp = readPorts(ports?.get('udp'), '"udp"', values);
  ports?.reportUnknown();
  return path === undefined ? undefined : { path, bind: { tcp, udp } };
}

function readPorts(node: YamlNode | undefined, what: string, values: ValueReader): readonly number[] {
  if (node === undefined) return [];
  return values.listOrOne(node).flatMap((item) => values.integer(item, what, { min: 1, max: 65535 }) ?? []);
}

function readVectors(list: YamlNode, context: VectorContext): readonly Vector[] {
  const { values } = context;
  const nodes = values.list(list, '"vectors"');
  if (list.kind === 'list' && (nodes.length === 0 || nodes.length > MAX_VECTORS)) {
    const found = `${nodes.length}`;
    const expected = `a list of 1 to ${MAX_VECTORS}`;
    values.sink.report('spec/bad-value', list.place, { what: '"vectors"', expected, found });
    return [];
  }
  const names = new Set<string>();
  return nodes.flatMap((node) => {
    const vector = readVector(node, context, names);
    return vector === undefined ? [] : [vector];
  });
}
