import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compileSpec } from '../spec/index.ts';

/** docs/spec-state.md: every example compiles, without a warning. */
const text = readFileSync(join(import.meta.dirname, '..', 'docs', 'spec-state.md'), 'utf8');
const examples = [...text.matchAll(/```yaml\n([^]*?)```/g)].map(([, example]) => example ?? '');
const idOf = (example: string): string => /id: (\w+)/.exec(example)?.[1] ?? '';

test('there are examples', () => expect(examples.length).toBeGreaterThan(5));

test.each(examples.map((example) => [idOf(example), example]))('%s compiles', (name, example) => {
  const { diagnostics, protocol } = compileSpec({ main: { name: `${name}.ksy`, text: example } });
  expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
  expect(protocol?.id).toBe(name);
});
