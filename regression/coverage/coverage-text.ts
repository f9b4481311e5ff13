import type { CoverageKind } from './coverage-items.ts';
import { type Counts, type Coverage, percentText } from './run-coverage.ts';

const WORDS: Readonly<Record<CoverageKind, string>> = {
  field: 'fields',
  value: 'values of enums and flags',
  arm: 'switch arms',
  if: 'if: present and absent',
  repeat: 'repeats: 0, 1, many',
  end: 'ends: terminated, padded',
  instance: 'instances',
  valid: 'valid: held and broken',
  rule: 'rules: held and broken',
  message: 'messages',
  session: 'session variables',
  state: 'changes of state',
};

/** `kind, how many there are, by vectors, by captures, percent` in columns. */
export function coverageTable({ kinds, all }: Coverage): readonly string[] {
  const hasCaptures = all.captures !== null;
  const head = ['', 'items', 'vectors', ...(hasCaptures ? ['captures'] : []), 'covered', ''];
  const row = (name: string, counts: Counts): readonly string[] => [
    name,
    ...[counts.items, counts.vectors, ...(hasCaptures ? [counts.captures ?? 0] : []), counts.covered].map(
      String,
    ),
    percentText(counts.percent),
  ];
  const rows = [head, ...kinds.map((counts) => row(WORDS[counts.kind], counts)), row('in all', all)];
  const widths = head.map((_, column) => Math.max(...rows.map((cells) => (cells[column] ?? '').length)));
  return rows.map((cells) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
}

/** More are in the report that machines read. */
const MOST_LINES = 200;

/** What nothing exercises, by name, with its place in the spec. */
export function missingLines({ missing, excepted }: Coverage): readonly string[] {
  const lines = missing
    .slice(0, MOST_LINES)
    .map(({ name, file, line }) => `  ${name}${file === null ? '' : `  (${file}:${line ?? 0})`}`);
  const more = missing.length - lines.length;
  return [
    ...(lines.length === 0 ? [] : ['', 'Not exercised:', ...lines]),
    ...(more > 0 ? [`  and ${more} more`] : []),
    ...(excepted.length === 0
      ? []
      : ['', 'Left out:', ...excepted.map(({ name, reason }) => `  ${name}: ${reason}`)]),
  ];
}
