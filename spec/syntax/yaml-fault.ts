import type { DiagnosticSink } from '../diagnostics/diagnostic.ts';
import type { SourceText } from '../source.ts';

/** A file that is not YAML at all gives one fault a line; more than these help nobody. */
const MAX_SYNTAX_ERRORS = 20;
const LONGEST_MESSAGE = 200;

/** What the package says of a fault. */
interface YamlFault {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** Reports what the YAML parser found; one mistake often makes it complain twice of one place. */
export function reportYamlFaults(
  faults: readonly YamlFault[],
  source: SourceText,
  sink: DiagnosticSink,
): void {
  const seen = new Set<number>();
  for (const fault of faults) {
    const { start, end, detail } = translate(fault, source.text);
    if (seen.has(start) || seen.size >= MAX_SYNTAX_ERRORS) continue;
    seen.add(start);
    sink.report('spec/yaml-syntax', { span: { source, start, end }, path: '/' }, { detail });
  }
}

interface Translated {
  readonly start: number;
  readonly end: number;
  readonly detail: string;
}

function translate(fault: YamlFault, text: string): Translated {
  const start = Math.min(fault.pos[0], text.length);
  const end = Math.min(Math.max(fault.pos[1], start), text.length);
  if (fault.code === 'BLOCK_AS_IMPLICIT_KEY' || fault.code === 'MULTILINE_IMPLICIT_KEY') {
    // The parser names the beginning of what it took for a key; what people must look at is its colon.
    const colon = start + Math.max(text.slice(start).search(/:(?=\s|$)/), 0);
    const detail = 'A ":" cannot stand here: indent the line as its neighbours, or put the text in quotes.';
    return { start: colon, end: colon + 1, detail };
  }
  if (fault.code === 'TAB_AS_INDENT') {
    return { start, end, detail: 'Lines are indented by blanks, not by tabs.' };
  }
  return { start, end, detail: asSentence(fault.message) };
}

function asSentence(message: string): string {
  const first = message.split('\n')[0] ?? '';
  const short = first.length <= LONGEST_MESSAGE ? first : `${first.slice(0, LONGEST_MESSAGE)}...`;
  return /[.!?]$/.test(short) ? short : `${short}.`;
}
