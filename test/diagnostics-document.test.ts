import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CATALOGUE } from '../spec/diagnostics/catalogue.ts';

/** docs/diagnostics.md is made from the catalogue; `UPDATE_GOLDEN=1` writes it anew. */
const root = join(import.meta.dirname, '..');
const file = join(root, 'docs', 'diagnostics.md');

const HEAD = `# Diagnostics

What the compiler says about a spec. A code is never reused for something else: search for it, or match it in scripts.
Errors stop compilation, warnings do not. Every fault of a spec is reported in one run; a name that cannot be found is said
once, and what depends on it is not complained about again.

Made from \`spec/diagnostics/catalogue.ts\` and the examples in \`test/diagnostics/\` by \`test/diagnostics-document.test.ts\`.
`;

function example(code: string): string {
  const expected = join(root, 'test', 'diagnostics', code.replace('spec/', ''), 'expected.txt');
  if (!existsSync(expected)) return '';
  const first = readFileSync(expected, 'utf8').split(/\n\n/)[0] ?? '';
  return `\n\`\`\`text\n${first.trimEnd()}\n\`\`\`\n`;
}

function render(): string {
  const sections = Object.entries(CATALOGUE).map(
    ([code, entry]) => `\n## ${code}\n\n*${entry.severity}* ${entry.explanation}\n${example(code)}`,
  );
  return HEAD + sections.join('');
}

test('docs/diagnostics.md is what the catalogue says', () => {
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, render());
  expect(readFileSync(file, 'utf8')).toBe(render());
});
