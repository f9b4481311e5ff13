import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const CHAT = join(ROOT, 'samples/chat-over-websocket/captures/chat.pcapng');
const SPEC = join(ROOT, 'samples/websocket/websocket.ksy');
/** Each start of the program takes seconds on a busy machine. */
const START_MS = 120_000;

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-cli-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function wiretwin(...args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const bin = join(ROOT, 'bin/wiretwin.mjs');
    const child = execFile(process.execPath, [bin, ...args], { cwd: folder }, (_error, stdout, stderr) => {
      resolve({ status: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, allErrors: true });
const isReduced = ajv.compile(
  JSON.parse(readFileSync(join(ROOT, 'docs/schema/reduce.schema.json'), 'utf8')) as Record<string, unknown>,
);

test(
  'writes the capture beside nobody, shows how to see the finding, and the vector passes where it is pasted',
  async () => {
    const { status, stdout, stderr } = await wiretwin('reduce', CHAT, '--keep', 'tcp-first', '--anonymise');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('chat.reduced.pcapng: TCP-FIRST');
    expect(stdout).toMatch(/packets +30 -> 10/);
    expect(stdout).toContain('See it:  wiretwin analyze chat.reduced.pcapng --engine none');
    const seen = await wiretwin('analyze', 'chat.reduced.pcapng', '--engine', 'none');
    expect(seen.stdout).toContain('TCP-FIRST');
    const vector = stdout.slice(stdout.indexOf('  - name:'));
    writeFileSync(join(folder, 'pasted.tests.yaml'), `spec: ${relative(folder, SPEC)}\nvectors:\n${vector}`);
    const tested = await wiretwin('test', 'pasted.tests.yaml', '--engine', 'none', '--quiet');
    expect(tested.stdout).toContain('TCP-FIRST');
    expect({ status: tested.status, stderr: tested.stderr }).toEqual({ status: 0, stderr: '' });
  },
  2 * START_MS,
);

test(
  'the report for scripts is as its schema says',
  async () => {
    const out = ['-o', 'scripted.pcapng', '--format', 'json'];
    const { status, stdout } = await wiretwin('reduce', CHAT, '--keep', 'TCP-FIRST', ...out);
    const report = JSON.parse(stdout) as unknown;
    expect(isReduced(report), JSON.stringify(isReduced.errors)).toBe(true);
    expect(report).toMatchObject({
      keep: 'TCP-FIRST',
      direction: 'c2s',
      form: 'conversation',
      noVector: null,
    });
    expect(status).toBe(0);
  },
  START_MS,
);

test(
  'never overwrites what is there, and the capture itself under no circumstances',
  async () => {
    const [capture, there] = [join(folder, 'own.pcapng'), join(folder, 'there.pcapng')];
    copyFileSync(CHAT, capture);
    writeFileSync(there, 'somebody needs this');
    const refused = await wiretwin('reduce', capture, '--keep', 'TCP-FIRST', '-o', there);
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toContain('is there already');
    expect(readFileSync(there, 'utf8')).toBe('somebody needs this');
    const itself = await wiretwin('reduce', capture, '--keep', 'TCP-FIRST', '-o', capture, '--force');
    expect(itself).toMatchObject({ status: 2, stdout: '' });
    expect(itself.stderr).toContain('is the capture itself');
    const forced = await wiretwin('reduce', capture, '--keep', 'TCP-FIRST', '-o', there, '--force');
    expect(forced.status).toBe(0);
    expect(readFileSync(there).length).toBeGreaterThan(500);
  },
  2 * START_MS,
);

test(
  'says which rule was meant, what the capture shows, and what cannot be read',
  async () => {
    const unknown = await wiretwin('reduce', CHAT, '--keep', 'TCPFIRST');
    expect(unknown).toMatchObject({ status: 2, stdout: '' });
    expect(unknown.stderr).toContain('Did you mean "TCP-FIRST"?');
    const absent = await wiretwin('reduce', CHAT, '--keep', 'UTF8', '-o', 'absent.pcapng');
    expect(absent).toMatchObject({ status: 4, stdout: '' });
    expect(absent.stderr).toContain('It shows TCP-FIRST.');
    expect(existsSync(join(folder, 'absent.pcapng'))).toBe(false);
    const missing = await wiretwin('reduce', 'missing.pcapng', '--keep', 'UTF8');
    expect(missing).toMatchObject({ status: 3, stdout: '' });
    const none = await wiretwin('reduce', CHAT, '--keep', 'difference', '--engine', 'none');
    expect(none).toMatchObject({ status: 2, stdout: '' });
  },
  2 * START_MS,
);
