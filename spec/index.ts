/**
 * The frame-spec language: Kaitai Struct `.ksy` with one more key, `-wireshark`.
 *
 * In comes the text of a spec (and of what it imports); out comes the typed IR, or diagnostics with places.
 * This room reads no files and prints nothing.
 */
export { compileSpec } from './compile-spec.ts';
export type { Compiled, CompileInput } from './compile-spec.ts';
export type { Diagnostic, DiagnosticNote, Place } from './diagnostics/diagnostic.ts';
export { formatDiagnostic } from './diagnostics/format-diagnostic.ts';
export { locate } from './diagnostics/locate.ts';
export type { LineColumn } from './diagnostics/locate.ts';
export type * from './source.ts';
export type * from './ir/protocol.ts';
export type * from './ir/state.ts';
export type * from './ir/expression.ts';
export { visitExpr } from './ir/expr-children.ts';
export { isSafeInt, SAFE_MAX } from './ir/value-type.ts';
export type { ValueType } from './ir/value-type.ts';
// Files that stand beside a spec (NAME.tests.yaml) are read and reported on in the same way.
export { DiagnosticSink } from './diagnostics/diagnostic.ts';
export { didYouMean } from './diagnostics/did-you-mean.ts';
export { MapReader, ValueReader } from './syntax/map-reader.ts';
export { readYaml } from './syntax/read-yaml.ts';
export type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from './syntax/yaml-node.ts';
