import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { specText } from '../init/spec-text.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const START_MS = 240_000;

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-update-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs `wiretwin test` in the folder, with nobody at a terminal; `told` is called with all of standard error so far. */
function wiretwin(
  args: readonly string[],
  told: (stderr: string, stop: () => void) => void = () => undefined,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const bin = join(ROOT, 'bin/wiretwin.mjs');
    const child = spawn(process.execPath, [bin, 'test', ...args, '--engine', 'none'], { cwd: folder });
    let [stdout, stderr] = ['', ''];
    child.stdin.end();
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => {
      stderr += text.toString();
      told(stderr, () => child.kill('SIGINT'));
    });
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

test(
  'a golden is written only when somebody agreed, and what was written passes',
  async () => {
    const capture = join(ROOT, 'samples/websocket/captures/gorilla-echo-chromium.pcapng');
    copyFileSync(capture, join(folder, 'echo.pcapng'));
    const spec = join(ROOT, 'samples/websocket/websocket.ksy');
    copyFileSync(spec, join(folder, 'websocket.ksy'));
    const tests = 'spec: ./websocket.ksy\ncaptures: [{file: echo.pcapng, golden: echo.ndjson}]\n';
    writeFileSync(join(folder, 'echo.tests.yaml'), tests);
    const asked = await wiretwin(['echo.tests.yaml', '--update']);
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain('+{"frame":');
    expect(asked.stderr).toContain('--update --yes');
    expect(existsSync(join(folder, 'echo.ndjson'))).toBe(false);
    const agreed = await wiretwin(['echo.tests.yaml', '--update', '--yes']);
    expect([agreed.code, agreed.stderr.includes('wrote echo.ndjson')]).toEqual([0, true]);
    expect(readFileSync(join(folder, 'echo.tests.yaml'), 'utf8')).toBe(tests);
  },
  START_MS,
);

test(
  'watching runs again when a file was replaced by another, tells of a broken spec, and ends with the last code',
  async () => {
    const path = join(folder, 'plantlink.ksy');
    const spec = specText({ name: 'plantlink', transport: 'tcp', port: 7070 });
    writeFileSync(path, spec);
    const tests = join(folder, 'plantlink.tests.yaml');
    writeFileSync(
      tests,
      'spec: ./plantlink.ksy\nvectors: [{name: a, hex: 01 03 0102 0001 00, expect: {number: 258}}]\n',
    );
    const put = (text: string): void => {
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
    };
    const steps = [
      (): void => put(spec.replace('version == 1', 'version == 2')),
      (): void => put(`${spec}x: [`),
      (): void => put(spec.replace('endian: be ', 'endian: le ')),
    ];
    let done = 0;
    const { code, stdout, stderr } = await wiretwin([tests, '--watch'], (told, stop) => {
      const waits = told.split('Waiting for changes').length - 1;
      if (waits <= done) return;
      done = waits;
      const step = steps[waits - 1];
      if (step === undefined) stop();
      else step();
    });
    expect(code).toBe(1);
    expect(stderr).toContain('spec/yaml-syntax');
    expect(stderr.split('plantlink.ksy changed')).toHaveLength(4);
    expect([...stdout.matchAll(/(\d) of 1 vectors pass/g)].map(([, count]) => count)).toEqual([
      '1',
      '0',
      '0',
    ]);
    for (const [, kept] of stdout.matchAll(/kept: (.*)/g))
      rmSync(join(kept ?? '', '..', '..'), { recursive: true, force: true });
  },
  START_MS,
);
