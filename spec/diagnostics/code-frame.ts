import type { Span } from '../source.ts';
import { lineText, locate } from './locate.ts';

/** Longer lines are shown in part: the place and its surroundings. */
const WINDOW = 110;
const BEFORE_PLACE = 40;
const ELLIPSIS = '...';
const TAB = '    ';

/**
 * The line a span begins on, and carets under it:
 * ```
 *  3 |   - id: Fin
 *    |         ^^^
 * ```
 */
export function codeFrame(span: Span): readonly string[] {
  const { line, column } = locate(span);
  const text = lineText(span.source, line);
  const start = column - 1;
  const end = Math.max(start + 1, Math.min(start + (span.end - span.start), text.length));
  const view = windowOf(text, start, end);
  const gutter = String(line);
  const blank = ' '.repeat(gutter.length);
  const lead = view.prefix + printable(text.slice(view.from, start));
  const marked = printable(text.slice(start, Math.min(end, view.to)));
  const shown = view.prefix + printable(text.slice(view.from, view.to)) + view.suffix;
  const carets = '^'.repeat(Math.max(1, displayWidth(marked)));
  return [
    ` ${blank} |`,
    ` ${gutter} | ${shown}`.trimEnd(),
    ` ${blank} | ${' '.repeat(displayWidth(lead))}${carets}`,
  ];
}

interface LineWindow {
  readonly from: number;
  readonly to: number;
  readonly prefix: string;
  readonly suffix: string;
}

function windowOf(text: string, start: number, end: number): LineWindow {
  if (text.length <= WINDOW) return { from: 0, to: text.length, prefix: '', suffix: '' };
  let from = Math.max(0, start - BEFORE_PLACE);
  let to = Math.min(text.length, Math.max(from + WINDOW, Math.min(end, from + WINDOW)));
  from = Math.max(0, Math.min(from, to - WINDOW));
  // Never cut a surrogate pair in two.
  if (isLowSurrogate(text, from)) from -= 1;
  if (isLowSurrogate(text, to)) to += 1;
  return { from, to, prefix: from > 0 ? ELLIPSIS : '', suffix: to < text.length ? ELLIPSIS : '' };
}

function isLowSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}

/** Tabs become blanks and control characters a visible mark: a spec must not be able to drive the terminal. */
function printable(text: string): string {
  return text
    .replaceAll('\t', TAB)
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '\ufffd');
}

/** Columns a terminal gives the text: 2 for East Asian wide characters and emoji, 0 for combining marks. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character.codePointAt(0) ?? 0);
  return width;
}

const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
];
const ZERO_WIDTH = /^\p{Mn}$|^[\u200b-\u200d\ufe00-\ufe0f]$/u;

function characterWidth(code: number): number {
  if (code < 0x300) return 1;
  if (ZERO_WIDTH.test(String.fromCodePoint(code))) return 0;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}
