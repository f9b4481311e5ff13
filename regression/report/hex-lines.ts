import type { OctetRange } from '../../analyzer/index.ts';

const PER_LINE = 16;
/** Lines shown of a long vector: those with the marked octets, and one before. */
const MOST_LINES = 4;

/** Octets sixteen a line, those of `marked` underlined; of many, the lines around them. */
export function hexLines(octets: Uint8Array, marked: OctetRange | null): readonly string[] {
  const lines: string[] = [];
  const lineCount = Math.max(1, Math.ceil(octets.length / PER_LINE));
  const first = marked === null ? 0 : Math.max(0, Math.floor(marked.start / PER_LINE) - 1);
  const last = Math.min(lineCount, first + MOST_LINES);
  const width = octets.length.toString(16).length;
  for (let line = first; line < last; line += 1) {
    const start = line * PER_LINE;
    const row = octets.subarray(start, start + PER_LINE);
    const gutter = `${start.toString(16).padStart(width, '0')}  `;
    lines.push(gutter + [...row].map((octet) => octet.toString(16).padStart(2, '0')).join(' '));
    const under = underline(start, row.length, marked);
    if (under !== '') lines.push(' '.repeat(gutter.length) + under);
  }
  const left = octets.length - last * PER_LINE;
  if (left > 0) lines.push(`… ${left} more octets`);
  return lines;
}

function underline(start: number, length: number, marked: OctetRange | null): string {
  if (marked === null) return '';
  const from = Math.max(0, marked.start - start);
  const to = Math.min(length, marked.end - start);
  if (from >= to) return '';
  return `${' '.repeat(from * 3)}${'^'.repeat((to - from) * 3 - 1)}`;
}
