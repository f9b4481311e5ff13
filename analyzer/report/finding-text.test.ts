import { expect, test } from 'vitest';
import type { Finding } from '../judge/finding.ts';
import { findingLines } from './finding-text.ts';
import { PLAIN } from './paint.ts';

function finding(
  rule: string,
  severity: Finding['severity'],
  frame: number,
  hint: string | null = null,
): Finding {
  const at = { direction: 'c2s' as const, frame, offset: null, reference: 'RFC 6455 5.1', hex: null };
  return { rule, severity, ...at, message: 'a frost alarm', hint };
}

test('shows the worst first, and what to do once for findings of one rule', () => {
  const lines = findingLines(
    [
      finding('NOTE', 'info', 1),
      finding('RULE', 'error', 7, 'Close the greenhouse.'),
      finding('RULE', 'error', 9, 'Close the greenhouse.'),
    ],
    PLAIN,
  );
  expect(lines).toEqual([
    '   E  RULE  packet 7  a frost alarm  [RFC 6455 5.1]',
    '   E  RULE  packet 9  a frost alarm  [RFC 6455 5.1]',
    '              -> Close the greenhouse.',
    '   I  NOTE  packet 1  a frost alarm  [RFC 6455 5.1]',
  ]);
});

test('never fills more than a screen, and counts what it leaves out', () => {
  const many = Array.from({ length: 200 }, (_, at) => finding(`RULE-${at % 50}`, 'error', at + 1, 'Look.'));
  const lines = findingLines(many, PLAIN);
  expect(lines.length).toBeLessThanOrEqual(21);
  const shown = new Set(lines.join('\n').match(/RULE-\d+/g)).size;
  expect(lines.at(-1)).toContain(`and ${200 - 4 * shown} more findings`);
});
