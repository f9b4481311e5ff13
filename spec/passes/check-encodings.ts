import type { DiagnosticSink } from '../diagnostics/diagnostic.ts';
import { canonicalEncoding, knownEncodings, readableEncoding } from '../expression/encodings.ts';
import type { Located } from '../syntax/spec-ast.ts';
import { abridged } from '../syntax/yaml-node.ts';
import type { SpecModel } from './symbols.ts';

/** Warns of encodings that are unknown, or known under another name. */
export function checkEncodings(model: SpecModel, sink: DiagnosticSink): void {
  for (const symbol of model.types) {
    checkEncoding(symbol.decl.meta.encoding, sink);
    for (const member of [...symbol.fields, ...symbol.instances]) checkEncoding(member.decl.encoding, sink);
  }
}

function checkEncoding(name: Located<string> | undefined, sink: DiagnosticSink): void {
  if (name === undefined) return;
  const found = abridged(name.value);
  const canonical = canonicalEncoding(name.value);
  if (canonical === undefined) {
    const help = /^UTF-?(16|32)$/i.test(found)
      ? `Say which order it has: "${found}LE" or "${found}BE".`
      : sink.suggest(found, knownEncodings);
    const readAs = readableEncoding(name.value);
    sink.report('spec/unknown-encoding', name.place, { found, readAs }, { help });
  } else if (canonical !== name.value) sink.report('spec/encoding-name', name.place, { found, canonical });
}
