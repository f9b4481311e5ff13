import type { Failure, VectorResult } from '../judge/failure.ts';

const AGREES = '=';
/** Rows that a failing vector shows. */
const MOST_ROWS = 12;

/** The fields that went wrong, side by side: what is expected, what our decoder has, what each engine shows. */
export function tableOf(result: VectorResult): readonly string[] {
  const rows = rowsOf(result.failures).slice(0, MOST_ROWS);
  if (rows.length === 0) return [];
  const engines = result.engines.flatMap(({ label, skipped }) => (skipped === null ? [label] : []));
  const columns = ['expected', 'decoder', ...engines];
  const several = result.pdus > 1;
  const cells = rows.map(({ pdu, field }) => [
    several ? `PDU ${pdu + 1} ${field}` : field,
    ...columns.map((column) => cellOf(result, { pdu, field, column })),
  ]);
  return aligned([['', ...columns], ...cells]);
}

interface Row {
  readonly pdu: number;
  readonly field: string;
}

function rowsOf(failures: readonly Failure[]): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const { pdu, field, rule } of failures) {
    if (pdu !== null && field !== null && rule === undefined) rows.set(`${pdu} ${field}`, { pdu, field });
  }
  return [...rows.values()];
}

function cellOf(
  { failures, observations }: VectorResult,
  { pdu, field, column }: Row & { readonly column: string },
): string {
  const ofField = failures.filter((failure) => failure.pdu === pdu && failure.field === field);
  const own = ofField.find(({ party }) =>
    column === 'decoder' ? party.kind === 'decoder' : party.kind === 'engine' && party.engine === column,
  );
  if (own !== undefined) return own.found ?? '';
  const seen = observations.find(
    (item) => item.pdu === pdu && item.field === field && item.source === column,
  );
  if (seen !== undefined) return seen.text;
  // Compared by the cross-check alone: the tests file is silent, our decoder has what the engine was held against.
  if (column === 'expected') return '';
  return column === 'decoder' ? (ofField[0]?.expected ?? '') : AGREES;
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
