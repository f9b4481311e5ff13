import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './support-websocket.ts';

function explain(...args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const command = [join(ROOT, 'bin/wiretwin.mjs'), 'explain', ...args];
    const child = execFile(process.execPath, command, { cwd: ROOT }, (_error, stdout, stderr) => {
      resolve({ status: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

test('explains a rule of the spec, in any case, with its display filter', async () => {
  const { status, stdout } = await explain('mask-c2s');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^MASK-C2S: /);
  for (const part of ['RFC 6455 5.1', 'ws.rule.mask_c2s', 'severity   error', 'scope      frame']) {
    expect(stdout).toContain(part);
  }
}, 30_000);

test('lists every rule, of each scope', async () => {
  const { stdout } = await explain();
  const ids = stdout.split('\n').map((line) => line.split(' ')[0]);
  expect(ids).toEqual(expect.arrayContaining(['HS-ACCEPT', 'UTF8', 'PONG-MISSING', 'REACTION', 'TRUNCATED']));
}, 30_000);

test('asks what was meant', async () => {
  const { status, stderr } = await explain('PONG-MISING');
  expect(status).toBe(2);
  expect(stderr).toContain('Did you mean "PONG-MISSING"?');
}, 30_000);
