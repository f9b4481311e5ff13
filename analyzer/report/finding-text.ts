import type { Finding } from '../judge/finding.ts';
import { hintLines } from './hint-text.ts';
import type { PaintText, TextStyle } from './paint.ts';
import { plural } from './plural.ts';
import { printable } from './printable.ts';
import { wrap } from './wrap.ts';

/** Lines of findings per connection: with the others they are less than a screen; JSON has all. */
const MAX_LINES = 20;
/** Findings of one rule that are shown one by one; of mere notes, the first. */
const MAX_ALIKE = 3;
const MAX_NOTES_ALIKE = 1;
const INDENT = 6;

const STYLES: Readonly<Record<Finding['severity'], TextStyle>> = {
  error: 'fail',
  warning: 'warn',
  info: 'dim',
};
const WEIGHTS: Readonly<Record<Finding['severity'], number>> = { error: 0, warning: 1, info: 2 };

/** The worst first; findings of one rule together, with what to do about it. */
export function findingLines(findings: readonly Finding[], paint: PaintText): string[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.severity} ${finding.rule} ${finding.direction ?? ''}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [finding]);
    else known.push(finding);
  }
  const ordered = [...groups.values()].sort((a, b) => weight(a) - weight(b));
  const lines: string[] = [];
  let hidden = findings.length;
  for (const group of ordered) {
    const shown = groupLines(group, paint);
    if (lines.length > 0 && lines.length + shown.length > MAX_LINES) break;
    lines.push(...shown);
    hidden -= group.length;
  }
  return hidden > 0
    ? [...lines, `   … and ${plural(hidden, 'more finding')} (--format json lists all)`]
    : lines;
}

function weight([first]: readonly Finding[]): number {
  return first === undefined ? 0 : WEIGHTS[first.severity];
}

function groupLines(group: readonly Finding[], paint: PaintText): string[] {
  const [first] = group;
  if (first === undefined) return [];
  const shown = group.slice(0, first.severity === 'info' ? MAX_NOTES_ALIKE : MAX_ALIKE);
  const rest = group.length - shown.length;
  const lines = shown.flatMap((finding, at) => {
    const more = rest > 0 && at === shown.length - 1 ? `  (and ${rest} more)` : '';
    return findingText(finding, more).map((line) => paint(STYLES[finding.severity], line));
  });
  return [...lines, ...(first.hint === null ? [] : hintLines(first.hint, paint))];
}

function findingText({ severity, rule, frame, message, reference }: Finding, more: string): string[] {
  const letter = severity.slice(0, 1).toUpperCase();
  const where = reference === '' ? '' : `  [${reference}]`;
  const text = `${rule}  packet ${frame}  ${printable(message)}${where}${more}`;
  return wrap(text, INDENT).map((line, at) =>
    at === 0 ? `   ${letter}  ${line}` : `${' '.repeat(INDENT + 2)}${line}`,
  );
}
