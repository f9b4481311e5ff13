import { DiagnosticSink } from './diagnostics/diagnostic.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { lowerProtocol } from './ir/lower-protocol.ts';
import type { CommandLineBinds } from './ir/lower-binds.ts';
import type { Protocol } from './ir/protocol.ts';
import { assignTypeIds } from './passes/assign-type-ids.ts';
import { checkEncodings } from './passes/check-encodings.ts';
import { checkStyle } from './passes/check-style.ts';
import { declareNames } from './passes/declare-names.ts';
import { deriveParents } from './passes/derive-parents.ts';
import { loadImports } from './passes/load-imports.ts';
import type { LoadImport } from './passes/load-imports.ts';
import { resolveTypes } from './passes/resolve-types.ts';
import { TypedModel } from './passes/typed-model.ts';
import type { SourceText } from './source.ts';

export interface CompileInput {
  readonly main: SourceText;
  /** Finds an imported file; without it, a spec with imports does not compile. */
  readonly load?: LoadImport;
  /** `--tcp`, `--udp`: added to what the spec says itself. */
  readonly bind?: CommandLineBinds;
}

export interface Compiled {
  /** undefined when there are errors. */
  readonly protocol: Protocol | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Text -> IR. Every pass reports all it finds; what is wrong becomes a type that no later pass complains about. */
export function compileSpec(input: CompileInput): Compiled {
  const sink = new DiagnosticSink();
  const protocol = compile(input, sink);
  return { protocol: sink.hasErrors ? undefined : protocol, diagnostics: sink.sorted() };
}

function compile(input: CompileInput, sink: DiagnosticSink): Protocol | undefined {
  const files = loadImports(input.main, input.load, sink);
  if (files[0]?.source !== input.main) return undefined;
  const model = declareNames(files, sink);
  if (model === undefined) return undefined;
  resolveTypes(model, sink);
  assignTypeIds(model);
  deriveParents(model);
  const reachable = assignTypeIds(model);
  checkEncodings(model, sink);
  checkStyle(model, sink);
  return lowerProtocol(new TypedModel(model, sink), reachable, input.bind ?? {}, sink);
}
