import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { specText } from '../cli/init/spec-text.ts';
import { testOnce } from '../cli/test/test-once.ts';

/** docs/testing.md: every example is of the starter's spec or of WebSocket's, and passes. */
const text = readFileSync(join(import.meta.dirname, '..', 'docs', 'testing.md'), 'utf8');
const examples = [...text.matchAll(/```yaml\n([^]*?)```/g)].map(([, example]) => example ?? '');

const WEBSOCKET = join(import.meta.dirname, '..', 'samples/websocket/websocket.ksy');

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-document-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('there are examples', () => expect(examples.length).toBeGreaterThan(4));

test.each(examples.map((example) => [/name: ([^,\n]+)/.exec(example)?.[1] ?? '', example]))(
  'the example "%s" passes',
  async (name, example) => {
    const own = join(folder, name.replaceAll(' ', '-'));
    mkdirSync(own);
    writeFileSync(join(own, 'plantlink.ksy'), specText({ name: 'plantlink', transport: 'tcp', port: 7070 }));
    copyFileSync(WEBSOCKET, join(own, 'websocket.ksy'));
    writeFileSync(join(own, 'example.tests.yaml'), example);
    const output = join(own, 'report.txt');
    const options = {
      engine: 'none',
      tshark: [],
      color: false,
      format: 'text',
      variants: 'default',
    } as const;
    const code = await testOnce([own], { ...options, output, quiet: true });
    expect([code, readFileSync(output, 'utf8')]).toEqual([0, expect.any(String)]);
  },
  60_000,
);
