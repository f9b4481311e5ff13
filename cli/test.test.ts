import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..');
const SPEC = join(ROOT, 'samples/websocket/websocket.ksy');
/** Wireshark is slow on a busy machine, the embedded one very. */
const ENGINE_MS = 900_000;
/** Each start of the program takes seconds on a busy machine. */
const START_MS = 120_000;

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-cli-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, allErrors: true });
const isTestsFile = schema('tests');
const isReport = schema('test-report');

function schema(name: string): ValidateFunction {
  const text = readFileSync(join(ROOT, `docs/schema/${name}.schema.json`), 'utf8');
  return ajv.compile(JSON.parse(text) as Record<string, unknown>);
}

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function wiretwin(...args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const bin = join(ROOT, 'bin/wiretwin.mjs');
    const options = { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(process.execPath, [bin, 'test', ...args], options, (_error, stdout, stderr) => {
      resolve({ status: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

/** A tests file beside the sample's spec, so to say. */
function testsFile(name: string, vectors: string): string {
  const path = join(folder, `${name}.tests.yaml`);
  writeFileSync(path, `spec: ${relative(folder, SPEC)}\nvectors:\n${vectors}`);
  return path;
}

const WRONG = testsFile('wrong', "  - {name: hello, hex: '81 00', from: server, expect: {opcode: binary}}\n");

interface Report {
  readonly verdict: string;
  readonly suites: readonly {
    readonly capture: string | null;
    readonly vectors: readonly { readonly failures: readonly { readonly message: string }[] }[];
  }[];
}

test(
  'the tests of the samples pass on the Wireshark of this machine',
  async () => {
    const { status, stdout, stderr } = await wiretwin('samples', '--format', 'json');
    const report = JSON.parse(stdout) as Report;
    expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
    expect(report.suites.flatMap(({ vectors }) => vectors.flatMap(({ failures }) => failures))).toEqual([]);
    expect({ status, stderr, verdict: report.verdict }).toEqual({ status: 0, stderr: '', verdict: 'pass' });
    expect(report.suites.map(({ capture }) => capture)).toEqual([null, null]);
  },
  ENGINE_MS,
);

test(
  'without a Wireshark it says so and tests our decoder, unless one is asked for',
  async () => {
    const alone = await wiretwin('samples/websocket', '--engine', 'none');
    expect(alone.status).toBe(0);
    expect(alone.stderr).toContain('Not tested in Wireshark');
    expect(alone.stdout).toMatch(/^ {2}(\d+) of \1 vectors pass: our decoder;/m);
    const required = await wiretwin('samples/websocket', '--engine', 'none', '--require-tshark');
    expect(required.status).toBe(3);
    expect(required.stderr).toContain('No tshark was found');
  },
  START_MS,
);

test(
  'a vector that fails exits 1, is told of, and leaves its capture',
  async () => {
    const text = await wiretwin(WRONG, '--engine', 'none');
    expect(text.status).toBe(1);
    expect(text.stdout).toContain('FAIL hello');
    expect(text.stdout).toContain('our decoder: PDU 1, octet 0: opcode is 1, expected binary');
    const json = await wiretwin(WRONG, '--engine', 'none', '--format', 'json', '--quiet');
    expect(json).toMatchObject({ status: 1, stderr: '' });
    const report = JSON.parse(json.stdout) as Report;
    expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
    expect(report.verdict).toBe('fail');
    const kept = report.suites[0]?.capture ?? '';
    expect(existsSync(kept)).toBe(true);
    expect(text.stdout).toMatch(/^ +kept: .*websocket\.pcapng$/m);
    const other = /kept: (.*)/.exec(text.stdout)?.[1] ?? '';
    for (const path of [kept, other]) rmSync(dirname(dirname(path)), { recursive: true });
  },
  START_MS,
);

test(
  'what is wrong with a tests file or its spec exits 2 with the place',
  async () => {
    const faulty = testsFile('faulty', '  - {name: hello, hex: 8, expect: {opcod: 1}}\n');
    const { status, stdout, stderr } = await wiretwin(faulty, WRONG);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('faulty.tests.yaml:3:24');
    expect(stderr).toContain('Did you mean "opcode"?');
    expect(stderr).toContain('A tests file has errors.');
    const noSpec = join(folder, 'no-spec.tests.yaml');
    writeFileSync(noSpec, 'spec: ./nowhere.ksy\nvectors: [{name: a, hex: 00}]\n');
    expect((await wiretwin(noSpec)).stderr).toContain('nowhere.ksy');
    expect(await wiretwin('nowhere')).toMatchObject({ status: 2 });
  },
  START_MS,
);

test(
  'a folder without tests is nothing to pass',
  async () => {
    const empty = mkdtempSync(join(folder, 'empty-'));
    const { status, stderr } = await wiretwin(empty, '--engine', 'none');
    expect({ status, stderr }).toEqual({
      status: 4,
      stderr: expect.stringContaining('No *.tests.yaml') as string,
    });
  },
  START_MS,
);

test("the sample's tests file is as the schema says, and a misspelt key is not", () => {
  const text = readFileSync(join(ROOT, 'samples/websocket/websocket.tests.yaml'), 'utf8');
  expect(isTestsFile(parse(text)), JSON.stringify(isTestsFile.errors)).toBe(true);
  expect(isTestsFile(parse(text.replace('expect_findings', 'expect_finding')))).toBe(false);
  expect(isTestsFile(parse(text.replace('from: server', 'from: gardener')))).toBe(false);
  expect(isTestsFile(parse(text.replace('hex: 81 05', 'hex: 81 0g')))).toBe(false);
});
