import type { OctetRange } from '../../analyzer/index.ts';

const PER_LINE = 16;
/** Lines shown of a vector: of a long one those with marked octets, each with the line before it. */
const MOST_LINES = 6;

/** Octets sixteen a line, the marked ones underlined. */
export function hexLines(octets: Uint8Array, marked: readonly OctetRange[]): readonly string[] {
  const lineCount = Math.max(1, Math.ceil(octets.length / PER_LINE));
  const width = Math.max(2, octets.length.toString(16).length);
  const gap = `${' '.repeat(width)}  …`;
  const lines: string[] = [];
  let next = 0;
  for (const line of linesToShow(lineCount, marked)) {
    if (line > next) lines.push(gap);
    const start = line * PER_LINE;
    const row = octets.subarray(start, start + PER_LINE);
    const gutter = `${start.toString(16).padStart(width, '0')}  `;
    lines.push(gutter + [...row].map((octet) => octet.toString(16).padStart(2, '0')).join(' '));
    const under = underline(start, row.length, marked);
    if (under !== '') lines.push(' '.repeat(gutter.length) + under);
    next = line + 1;
  }
  if (next < lineCount) lines.push(`${gap} ${octets.length} octets in all`);
  return lines;
}

function linesToShow(lineCount: number, marked: readonly OctetRange[]): readonly number[] {
  const wanted = new Set<number>();
  if (marked.length === 0) for (let line = 0; line < MOST_LINES; line += 1) wanted.add(line);
  for (const { start, end } of marked) {
    const first = Math.floor(start / PER_LINE);
    const last = Math.floor(Math.max(start, end - 1) / PER_LINE);
    for (let line = first - 1; line <= Math.min(last, first + MOST_LINES); line += 1) wanted.add(line);
  }
  return [...wanted]
    .filter((line) => line >= 0 && line < lineCount)
    .sort((a, b) => a - b)
    .slice(0, MOST_LINES);
}

function underline(start: number, length: number, marked: readonly OctetRange[]): string {
  let text = '';
  for (let index = 0; index < length; index += 1) {
    const at = start + index;
    const isMarked = marked.some((range) => range.start <= at && at < range.end);
    const goesOn = isMarked && marked.some((range) => range.start <= at + 1 && at + 1 < range.end);
    text += isMarked ? `^^${goesOn ? '^' : ' '}` : '   ';
  }
  return text.trimEnd();
}
