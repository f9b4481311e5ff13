import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { analyzeCapture } from '../analyzer/index.ts';
import { type Engine, findEngines } from '../engines/index.ts';
import { generatePlugin } from '../generator/index.ts';
import { noteWithoutTshark, TSHARKS } from './support-tshark.ts';
import { compileWebsocket, ROOT } from './support-websocket.ts';

/**
 * One constant of the generated Lua is changed at a time: an offset, a length, a mask, a byte order, a weight. The
 * cross-check must see every one. A mutant that does not load, or raises, is counted apart: it was not the comparison
 * that saw it.
 */
const CAPTURE = join(ROOT, 'samples/websocket/captures/gorilla-echo-chromium.pcapng');
const LEAST_CAUGHT = 20;

noteWithoutTshark();

interface Mutation {
  readonly what: string;
  readonly from: RegExp;
  readonly to: string;
}

const MUTATIONS: readonly Mutation[] = [
  { what: 'mask of fin', from: /("ws\.fin",.*?)0x80/, to: '$10x40' },
  { what: 'mask of rsv1', from: /("ws\.rsv1",.*?)0x40/, to: '$10x20' },
  { what: 'mask of rsv2', from: /("ws\.rsv2",.*?)0x20/, to: '$10x10' },
  { what: 'mask of rsv3', from: /("ws\.rsv3",.*?)0x10/, to: '$10x08' },
  { what: 'mask of opcode', from: /("ws\.opcode",.*?)0x0f/, to: '$10x07' },
  { what: 'mask of is_masked', from: /("ws\.is_masked",.*?)0x80/, to: '$10x40' },
  { what: 'mask of len_payload_7', from: /("ws\.len_payload_7",.*?)0x7f/, to: '$10x3f' },
  { what: 'offset of the first octet', from: /tvb\(start, 1\)/, to: 'tvb(start + 1, 1)' },
  { what: 'offset of the second octet', from: /tvb\(start \+ 1, 1\)/, to: 'tvb(start, 1)' },
  { what: 'offset of len_payload_16', from: /tvb\(start \+ 2, 2\)/, to: 'tvb(start + 3, 2)' },
  { what: 'length of len_payload_16', from: /tvb\(start \+ 2, 2\)/, to: 'tvb(start + 2, 1)' },
  {
    what: 'byte order of len_payload_16',
    from: /tree:add\(fields\.len_payload_16/,
    to: 'tree:add_le(fields.len_payload_16',
  },
  {
    what: 'offset of len_payload_64',
    from: /_len_payload_64_start - 1, 8\)/,
    to: '_len_payload_64_start - 2, 8)',
  },
  {
    what: 'length of len_payload_64',
    from: /_len_payload_64_start - 1, 8\)/,
    to: '_len_payload_64_start - 1, 7)',
  },
  {
    what: 'byte order of len_payload_64',
    from: /tree:add\(fields\.len_payload_64/,
    to: 'tree:add_le(fields.len_payload_64',
  },
  { what: 'offset of masking_key', from: /_masking_key_start - 1, 4\)/, to: '_masking_key_start - 2, 4)' },
  { what: 'length of masking_key', from: /_masking_key_start - 1, 4\)/, to: '_masking_key_start - 1, 3)' },
  {
    what: 'byte order of the close code',
    from: /tree:add\(fields\.close_code/,
    to: 'tree:add_le(fields.close_code',
  },
  { what: 'offset of the close reason', from: /_reason_start - 1, o/, to: '_reason_start - 2, o' },
  {
    what: 'length of the header',
    from: /at = at \+ 2\n {2}if o\.len_payload_7 == 126/,
    to: 'at = at + 3\n  if o.len_payload_7 == 126',
  },
  {
    what: 'size of the 16-bit length',
    from: /(len_payload_16 = u2be\(io, at\)\n\s+at = at \+ )2/,
    to: '$11',
  },
  {
    what: 'size of the 64-bit length',
    from: /(len_payload_64 = u8be\(io, at\)\n\s+at = at \+ )8/,
    to: '$17',
  },
  { what: 'size of the masking key', from: /skip\(io, at, 4\)/, to: 'skip(io, at, 5)' },
  { what: 'bits of the 7-bit length', from: /len_payload_7 = b2 % 128/, to: 'len_payload_7 = b2 % 64' },
  { what: 'bits of the opcode', from: /opcode = b1 % 16/, to: 'opcode = b1 % 8' },
  { what: 'bit that says masked', from: /is_masked = b2 >= 128/, to: 'is_masked = b2 >= 256' },
  { what: 'value that says 16 bits', from: /len_payload_7 == 126 then/, to: 'len_payload_7 == 124 then' },
  { what: 'weight of a high octet', from: /return b1 \* 256 \+ b2/, to: 'return b1 * 128 + b2' },
  { what: 'key of an unmasked payload', from: /"\\000"/, to: '"\\001"' },
  { what: 'order of the key octets', from: /= byte\(key, 1, 4\)/, to: '= byte(key .. key, 2, 5)' },
];

type Fate = 'caught' | 'raised' | 'survived' | 'not there';

async function fateOf(lua: string, mutation: Mutation, engine: Engine): Promise<Fate> {
  const mutant = lua.replace(mutation.from, mutation.to);
  if (mutant === lua) return 'not there';
  const folder = mkdtempSync(join(tmpdir(), 'wiretwin-mutant-'));
  try {
    chmodSync(folder, 0o755);
    const path = join(folder, 'websocket.lua');
    writeFileSync(path, mutant);
    const protocol = compileWebsocket();
    const subject = { protocol, plugin: { path, protocol: protocol.filter } };
    const { failures, differenceCount } = await analyzeCapture(CAPTURE, [subject], [engine], {
      strict: false,
    });
    if (failures.length > 0) return 'raised';
    return differenceCount > 0 ? 'caught' : 'survived';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.runIf(TSHARKS.length > 0)(
  'sees every changed constant of the generated Lua: no tshark found where this is skipped',
  async () => {
    const generated = generatePlugin(compileWebsocket(), {
      version: '0.0.0',
      specPath: 'websocket.ksy',
      command: 'test',
    });
    if (!('lua' in generated)) throw new Error('the websocket spec must have a plugin');
    const [engine] = await findEngines({ want: 'tshark' });
    if (engine === undefined) throw new Error('no tshark');
    const fates = new Map<Fate, string[]>([
      ['caught', []],
      ['raised', []],
      ['survived', []],
      ['not there', []],
    ]);
    for (const mutation of MUTATIONS) {
      fates.get(await fateOf(generated.lua, mutation, engine))?.push(mutation.what);
    }
    console.log(
      [...fates]
        .map(([fate, names]) => `${fate}: ${names.length}${fate === 'caught' ? '' : ` ${names.join(', ')}`}`)
        .join('\n'),
    );
    expect(fates.get('survived')).toEqual([]);
    expect(fates.get('not there')).toEqual([]);
    expect(fates.get('caught')?.length).toBeGreaterThanOrEqual(LEAST_CAUGHT);
  },
  600_000,
);
