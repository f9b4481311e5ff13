import type { Span } from '../source.ts';
import { codeFrame } from './code-frame.ts';
import type { Diagnostic, DiagnosticNote } from './diagnostic.ts';
import { locate } from './locate.ts';

/**
 * A diagnostic as people read it:
 * ```
 * error[spec/unknown-key]: Unknown key "szie" in an attribute.
 *  --> samples/beacon.ksy:9:5
 *   |
 * 9 |     szie: 4
 *   |     ^^^^
 * help: Did you mean "size"?
 * ```
 */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const lines = [
    `${diagnostic.severity}[${diagnostic.code}]: ${oneLine(diagnostic.message)}`,
    ...placed(diagnostic.span),
    ...diagnostic.notes.flatMap(noteLines),
  ];
  if (diagnostic.help !== undefined) lines.push(`help: ${oneLine(diagnostic.help)}`);
  return `${lines.join('\n')}\n`;
}

function noteLines(note: DiagnosticNote): readonly string[] {
  const head = `note: ${oneLine(note.message)}`;
  return note.place === undefined ? [head] : [head, ...placed(note.place.span)];
}

function placed(span: Span): readonly string[] {
  const { line, column } = locate(span);
  return [` --> ${oneLine(span.source.name)}:${String(line)}:${String(column)}`, ...codeFrame(span)];
}

/** Texts quote the spec: a line break or an escape sequence in it must not reach the terminal. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, ' ');
}
