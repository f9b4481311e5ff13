import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Analysis, analyzeJson } from '../analyzer/index.ts';
import { generatePlugin } from '../generator/index.ts';
import { exitOf } from '../cli/analysis-exit.ts';
import { noteWithoutTshark, tsharkJson, TSHARKS, withFolder } from './support-tshark.ts';
import { compileWebsocket, ROOT } from './support-websocket.ts';

const CAPTURE = join(ROOT, 'samples/websocket/captures/gorilla-echo-chromium.pcapng');

noteWithoutTshark();

function plugin(): string {
  const generated = generatePlugin(compileWebsocket(), {
    version: '0.0.0',
    specPath: 'websocket.ksy',
    command: 'test',
  });
  if (!('lua' in generated)) throw new Error('the websocket spec must have a plugin');
  return generated.lua;
}

async function analyze(json: string): Promise<Analysis> {
  const fd = openUnlinked(json);
  try {
    return await analyzeJson([compileWebsocket()], {
      fd,
      name: 'run.json',
      capture: null,
      strict: false,
      requirePlugin: false,
    });
  } finally {
    closeSync(fd);
  }
}

/** A descriptor on the text, whose file is gone already. */
function openUnlinked(text: string): number {
  return withFolder((folder) => {
    const file = join(folder, 'run.json');
    writeFileSync(file, text);
    return openSync(file, 'r');
  });
}

/** The first `ws` layer of the packet that has one, as text: from its key to its closing brace. */
function firstLayer(json: string): { start: number; end: number } {
  const start = json.indexOf('"ws": {');
  let depth = 0;
  for (let at = json.indexOf('{', start); at < json.length; at += 1) {
    if (json[at] === '{') depth += 1;
    if (json[at] === '}' && (depth -= 1) === 0) return { start, end: at + 1 };
  }
  throw new Error('no ws layer');
}

/** Changes the first match at or behind the first ws layer. */
function inLayer(json: string, pattern: RegExp, replacement: string): string {
  const { start } = firstLayer(json);
  const head = json.slice(0, start);
  const tail = json.slice(start);
  const changed = tail.replace(pattern, replacement);
  if (changed === tail) throw new Error(`nothing matches ${String(pattern)}`);
  return head + changed;
}

interface Fault {
  readonly name: string;
  readonly args: readonly string[];
  readonly spoil: (json: string) => string;
  readonly field: string;
  readonly octets: object | null;
}

const FAULTS: readonly Fault[] = [
  {
    name: 'one opcode changed',
    args: [],
    spoil: (json) => inLayer(json, /"ws\.opcode": "1"/, '"ws.opcode": "2"'),
    field: 'ws.opcode',
    octets: { start: 0, end: 1 },
  },
  {
    name: 'one payload octet changed',
    args: [],
    spoil: (json) => inLayer(json, /"ws\.payload\.data": "77:65:72"/, '"ws.payload.data": "77:64:72"'),
    field: 'ws.payload.data',
    octets: { start: 0, end: 3 },
  },
  {
    name: 'one payload octet changed, with positions',
    args: ['-x'],
    spoil: (json) =>
      inLayer(json, /"ws\.payload\.data_raw": \[\s*"776572"/, '"ws.payload.data_raw": ["776472"'),
    field: 'ws.payload.data',
    octets: { start: 0, end: 3 },
  },
  {
    name: 'one position changed',
    args: ['-x'],
    spoil: (json) => inLayer(json, /("ws\.masking_key_raw": \[\s*"56df3c17",\s*)68/, '$169'),
    field: 'ws.masking_key',
    octets: { start: 2, end: 6 },
  },
  {
    name: 'one layer deleted',
    args: [],
    spoil: (json) => {
      const { start, end } = firstLayer(json);
      return `${json.slice(0, start)}"_ws.nothing": ""${json.slice(end)}`;
    },
    field: 'ws',
    octets: { start: 0, end: 9 },
  },
  {
    name: 'one layer doubled',
    args: [],
    spoil: (json) => {
      const { start, end } = firstLayer(json);
      return `${json.slice(0, end)}, ${json.slice(start, end)}${json.slice(end)}`;
    },
    field: 'ws',
    octets: null,
  },
];

const GOOD = new Map<string, string>();

function goodRun(tshark: { version: string; path: string }, args: readonly string[]): string {
  const key = `${tshark.version} ${args.join(' ')}`;
  const known = GOOD.get(key) ?? tsharkJson(tshark.path, CAPTURE, plugin(), args);
  GOOD.set(key, known);
  return known;
}

for (const tshark of TSHARKS) {
  test.each([[[]], [['-x']], [['--no-duplicate-keys']]])(
    `agrees on every field with tshark ${tshark.version} %s`,
    async (args: string[]) => {
      const { report, failures, differenceCount } = await analyze(goodRun(tshark, args));
      expect(failures).toEqual([]);
      expect(differenceCount).toBe(0);
      expect(report.crossCheck).toMatchObject({ against: 'plugin', pdus: 51, explained: [] });
      expect(report.crossCheck?.agreed).toBe(report.crossCheck?.fields);
      expect(report.crossCheck?.fields).toBeGreaterThanOrEqual(51 * 8);
    },
  );

  test.each(FAULTS)(
    `sees $name in the JSON of tshark ${tshark.version}`,
    async ({ args, spoil, field, octets }) => {
      const analysis = await analyze(spoil(goodRun(tshark, args)));
      expect(exitOf([analysis], 'error')).toBe(5);
      expect(analysis.report.crossCheck?.differences).toEqual([
        expect.objectContaining({ frame: 21, field, byteRange: octets }),
      ]);
    },
  );
}

if (TSHARKS.length === 0) test.skip('compares tshark with the decoder: no tshark found', () => undefined);
