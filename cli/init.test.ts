import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, expect, test } from 'vitest';
import { compileSpec } from '../spec/index.ts';
import { CommandError, type ExitCode } from './exit-code.ts';
import { addInit } from './init.ts';
import { specText } from './init/spec-text.ts';
import { testOnce } from './test/test-once.ts';
import type { TestOptions } from './test/test-options.ts';

/** All engines of this machine, one after another, on a busy machine. */
const ENGINES_MS = 600_000;

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-init-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function init(...args: readonly string[]): Promise<ExitCode | CommandError> {
  let code: ExitCode = 3;
  const program = new Command().exitOverride();
  addInit(program, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(['init', ...args, '--quiet'], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
}

interface Report {
  readonly verdict: string;
  readonly suites: readonly {
    readonly vectors: readonly { readonly name: string; readonly status: string }[];
    readonly checks: readonly { readonly group: string; readonly status: string; readonly data: unknown }[];
  }[];
}

async function run(path: string, changes: Partial<TestOptions> = {}): Promise<[ExitCode, Report]> {
  const output = join(folder, 'report.json');
  const options = { engine: 'auto', tshark: [], color: false, format: 'json', variants: 'default' } as const;
  const code = await testOnce([path], { ...options, output, quiet: true, ...changes });
  return [code, JSON.parse(readFileSync(output, 'utf8')) as Report];
}

test.each(['tcp', 'udp'] as const)(
  'a starter over %s passes at once, in every Wireshark found, and covers its spec',
  async (transport) => {
    const dir = join(folder, transport);
    expect(await init('plantlink', '--dir', dir, ...(transport === 'udp' ? ['--udp'] : []))).toBe(0);
    expect(readdirSync(dir).sort()).toEqual(['README.md', 'plantlink.ksy', 'plantlink.tests.yaml']);
    const [code, { verdict, suites }] = await run(dir);
    const failed = suites.flatMap(({ vectors, checks }) => [...vectors, ...checks]);
    expect(failed.filter(({ status }) => status === 'fail')).toEqual([]);
    expect([code, verdict]).toEqual([0, 'pass']);
    const coverage = suites[0]?.checks.find(({ group }) => group === 'coverage');
    expect(coverage?.data).toMatchObject({ minimum: 100, all: { percent: 100 } });
  },
  ENGINES_MS,
);

test('a starter whose spec has a fault no longer passes', async () => {
  const dir = join(folder, 'faulty');
  expect(await init('plantlink', '--dir', dir)).toBe(0);
  const path = join(dir, 'plantlink.ksy');
  const spec = readFileSync(path, 'utf8');
  for (const [from, to] of FAULTS) {
    const changed = spec.replace(from, to);
    expect(changed, from).not.toBe(spec);
    writeFileSync(path, changed);
    const [code, { suites }] = await run(dir, { engine: 'none' });
    const wrong = suites.flatMap(({ vectors }) => vectors.filter(({ status }) => status === 'fail'));
    for (const kept of keptFolders(suites)) rmSync(kept, { recursive: true, force: true });
    expect([code, wrong.length > 0], `${from} -> ${to}`).toEqual([1, true]);
  }
});

const FAULTS = [
  ['endian: be', 'endian: le'],
  ['type: u2\n    doc: Octets', 'type: u1\n    doc: Octets'],
  ['type: s2', 'type: u2'],
  ['version == 1', 'version >= 1'],
  ['value <= 1000', 'value < 1000'],
  ['kind.to_i <= 3', 'kind.to_i <= 4'],
  ['size-eos: true ', 'size: 4 '],
  ['1: percent', '2: percent'],
  ['encoding: UTF-8', 'encoding: UTF-16BE'],
] as const;

/** A failing run keeps what it made for somebody to look at; here nobody will. */
function keptFolders(suites: Report['suites']): readonly string[] {
  return suites.flatMap((suite) => {
    const { capture } = suite as { readonly capture?: string | null };
    return typeof capture === 'string' ? [join(capture, '..', '..')] : [];
  });
}

test('what is there is never written over', async () => {
  const dir = join(folder, 'taken');
  expect(await init('plantlink', '--dir', dir)).toBe(0);
  rmSync(join(dir, 'plantlink.ksy'));
  writeFileSync(join(dir, 'README.md'), 'mine');
  const error = await init('plantlink', '--dir', dir);
  expect(error).toMatchObject({ exitCode: 2 });
  expect((error as CommandError).message).toMatch(/already: .*plantlink\.tests\.yaml, .*README\.md\.$/);
  expect(readFileSync(join(dir, 'README.md'), 'utf8')).toBe('mine');
  expect(existsSync(join(dir, 'plantlink.ksy'))).toBe(false);
});

test.each([
  ['My-Proto', 'small letters', 'wiretwin init my_proto'],
  ['9lives', 'small letters', 'wiretwin init lives'],
  ['a__b', 'small letters', 'wiretwin init a_b'],
  ['../x', 'small letters', 'wiretwin init x'],
  ['', 'small letters', 'wiretwin init plantlink'],
  ['mqtt', 'a protocol called "mqtt" of its own', 'wiretwin init my_mqtt'],
  ['tcp', 'a protocol called "tcp" of its own', 'wiretwin init my_tcp'],
])('nothing is called "%s", and a name that would do is said', async (name, message, hint) => {
  const error = await init(name, '--dir', join(folder, 'none'));
  expect(error).toMatchObject({ exitCode: 2 });
  expect((error as CommandError).message).toContain(message);
  expect((error as CommandError).hint).toContain(hint);
  expect(existsSync(join(folder, 'none'))).toBe(false);
});

test.each(['hello', 'body', 'kind', 'str', 'u1', 'true', 'and', 'end', 'a1_b2', 'x'])(
  'a spec may be called %s, though its text has that word too',
  (name) => {
    const { diagnostics, protocol } = compileSpec({
      main: { name: `${name}.ksy`, text: specText({ name, transport: 'tcp', port: 7070 }) },
    });
    expect(diagnostics.map(({ message }) => message)).toEqual([]);
    expect(protocol?.id).toBe(name);
  },
);

test('the README names only commands and options that exist', async () => {
  const dir = join(folder, 'readme');
  expect(await init('plantlink', '--dir', dir)).toBe(0);
  const readme = readFileSync(join(dir, 'README.md'), 'utf8');
  const lines = [...readme.matchAll(/^npx wiretwin (.*)$/gm)].map(([, line]) => line ?? '');
  expect(lines.length).toBeGreaterThan(6);
  const sources = ['test.ts', 'generate.ts', 'analyze.ts', 'decode.ts', 'options.ts', 'test/test-options.ts']
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
    .join('\n');
  for (const line of lines) {
    const [command = ''] = line.split(' ');
    expect(sources, line).toContain(`.command('${command}')`);
    for (const [option] of line.matchAll(/--[a-z-]+/g)) expect(sources, line).toContain(option);
  }
});
