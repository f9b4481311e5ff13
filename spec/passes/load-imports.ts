import type { DiagnosticSink } from '../diagnostics/diagnostic.ts';
import type { SourceText } from '../source.ts';
import { readSpec } from '../syntax/read-spec.ts';
import type { Located, SpecFile, TypeDecl } from '../syntax/spec-ast.ts';

/** Finds an imported file: `path` as written in `meta/imports`, `from` = name of the file that imports it. */
export type LoadImport = (path: string, from: string) => SourceText | undefined;

/** The largest closure of the Kaitai gallery has 12 files; a loader could make up endless ones. */
const MAX_FILES = 200;

/** The main file and everything it imports, each once, in the order in which they are first named. */
export function loadImports(
  main: SourceText,
  load: LoadImport | undefined,
  sink: DiagnosticSink,
): readonly SpecFile[] {
  const files: SpecFile[] = [];
  const loaded = new Set<string>([main.name]);
  const pending: SourceText[] = [main];
  for (let source = pending.shift(); source !== undefined; source = pending.shift()) {
    const file = readSpec(source, sink);
    if (file === undefined) continue;
    files.push(file);
    for (const { value: path, place } of importsOf(file.top)) {
      const found = loaded.size < MAX_FILES ? load?.(path, source.name) : undefined;
      if (found === undefined) {
        const help =
          load === undefined ? 'Imports can only be followed when the spec is read from a file.' : undefined;
        sink.report('spec/unknown-import', place, { path, from: source.name }, { help });
      } else if (!loaded.has(found.name)) {
        loaded.add(found.name);
        pending.push(found);
      }
    }
  }
  return files;
}

function importsOf(type: TypeDecl): readonly Located<string>[] {
  return [...type.meta.imports, ...type.types.flatMap(importsOf)];
}
