import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { afterAll, expect, test } from 'vitest';
import { noteWithoutShared, SHARED } from './support-shared.ts';

// What the commands really print, against the published schemas.

const ROOT = join(import.meta.dirname, '..');
const CAPTURES = join(ROOT, 'samples/websocket/captures');
const WHOLE = join(CAPTURES, 'gorilla-echo-chromium.pcapng');
const LATE = join(CAPTURES, 'gorilla-echo-late.pcapng');

/** The embedded Wireshark is slow, on a busy machine very. */
const EMBEDDED_MS = 240_000;

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-schema-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, allErrors: true });
const schema = (name: string): ValidateFunction =>
  ajv.compile(
    JSON.parse(readFileSync(join(ROOT, `docs/schema/${name}.schema.json`), 'utf8')) as Record<
      string,
      unknown
    >,
  );
const validate = { decode: schema('decode'), messages: schema('messages'), analyze: schema('analyze') };

/** The capture's first half: cut inside a packet, and inside frames of both directions. */
function cutCapture(): string {
  const octets = readFileSync(WHOLE);
  const path = join(folder, 'cut.pcapng');
  writeFileSync(path, octets.subarray(0, octets.length / 2));
  return path;
}

function wiretwin(...args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const options = { cwd: ROOT, maxBuffer: 256 * 1024 * 1024 };
    const bin = join(ROOT, 'bin/wiretwin.mjs');
    const child = execFile(process.execPath, [bin, ...args], options, (_error, stdout, stderr) => {
      resolve({ status: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

/** Faults of each line, with the line's beginning; every line is checked. */
function faultsOfLines(name: 'decode' | 'messages', stdout: string): string[] {
  const lines = stdout.split('\n');
  expect(lines.pop()).toBe('');
  return lines.flatMap((line) => faultsOf(name, JSON.parse(line)).map((fault) => `${fault}: ${line}`));
}

function faultsOf(name: keyof typeof validate, value: unknown): string[] {
  if (validate[name](value)) return [];
  return (validate[name].errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}

const captures = [
  { name: 'the whole capture', path: WHOLE, status: 0, lines: 51 },
  { name: 'a cut capture', path: cutCapture(), status: 3, lines: 8 },
];

test('lines of PDUs inside other protocols are valid', async () => {
  const specs = ['samples/websocket/websocket.ksy', 'samples/chat-over-websocket/chat.ksy'];
  const capture = 'samples/chat-over-websocket/captures/chat.pcapng';
  const run = await wiretwin('decode', capture, ...specs.flatMap((spec) => ['--spec', spec]));
  expect(faultsOfLines('decode', run.stdout)).toEqual([]);
  const inner = run.stdout
    .split('\n')
    .filter((line) => line.includes('"parent":{"protocol":"websocket","stream":0}'));
  expect(inner).toHaveLength(18);
});

test.each(captures)('each line that decode prints of $name is valid', async ({ path, status, lines }) => {
  const run = await wiretwin('decode', path, '--format', 'ndjson');
  expect(faultsOfLines('decode', run.stdout)).toEqual([]);
  expect(run.stdout.split('\n').length).toBeGreaterThan(lines);
  expect(run.status).toBe(status);
});

test.each(captures)('each line that messages prints of $name is valid', async ({ path, status }) => {
  const run = await wiretwin('messages', path, '--format', 'ndjson');
  expect(faultsOfLines('messages', run.stdout)).toEqual([]);
  expect(run.stdout.split('\n').length).toBeGreaterThan(5);
  expect(run.status).toBe(status);
});

const analyses: readonly { readonly name: string; readonly args: readonly string[] }[] = [
  { name: 'of one capture with an engine', args: [WHOLE, '--engine', 'embedded'] },
  { name: 'of one capture without an engine', args: [WHOLE, '--engine', 'none'] },
  { name: 'of a late capture', args: [LATE, '--engine', 'none'] },
  { name: 'of a cut capture', args: [cutCapture(), '--engine', 'none'] },
  { name: 'of several captures', args: [WHOLE, LATE, '--engine', 'none'] },
];

test.each(analyses)(
  'the report $name is valid',
  async ({ args }) => {
    const { stdout, stderr } = await wiretwin('analyze', ...args, '--format', 'json');
    expect(stdout, stderr).not.toBe('');
    expect(faultsOf('analyze', JSON.parse(stdout))).toEqual([]);
  },
  EMBEDDED_MS,
);

noteWithoutShared();
// Violations, packets cut by the snapshot length, a hole, plain HTTP.
const HARD = ['07a-violations-client-vs-ws', '10b-snaplen400', '10k-capture-hole-frame-boundary'];

test.skipIf(SHARED === undefined).each(HARD)('what the commands print of %s is valid', async (name) => {
  const path = join(SHARED ?? '', 'captures', `${name}.pcapng`);
  const decode = await wiretwin('decode', path, '--format', 'ndjson');
  expect(faultsOfLines('decode', decode.stdout)).toEqual([]);
  const messages = await wiretwin('messages', path, '--format', 'ndjson');
  expect(faultsOfLines('messages', messages.stdout)).toEqual([]);
  const analysis = await wiretwin('analyze', path, '--engine', 'none', '--format', 'json');
  expect(faultsOf('analyze', JSON.parse(analysis.stdout))).toEqual([]);
});
