import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import {
  analyzeCapture,
  ConversationBuilder,
  type PacketToWrite,
  type Side,
  type Subject,
  writeCapture,
} from '../../analyzer/index.ts';
import { findEngines } from '../../engines/index.ts';
import { generatePlugin } from '../../generator/index.ts';
import { compileSpec, type Protocol } from '../../spec/index.ts';
import { noteWithoutShared, SHARED } from '../../test/support-shared.ts';
import { compileWebsocket, ROOT } from '../../test/support-websocket.ts';
import { BEACON } from '../testing/suite-from.ts';
import { reduce, type Reduced } from './reduce.ts';

const ENGINES = (await findEngines({ want: 'auto' })).filter(({ name }) => name === 'tshark').slice(0, 1);
/** A busy machine is slow, and so is an engine that is asked again and again. */
const SLOW_MS = 120_000;
const ENGINE_MS = 300_000;

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-reduce-'));
let files = 0;
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Wanted {
  readonly anonymise?: boolean;
  readonly protocol?: Protocol;
  /** The plugin's text; without one no engine is asked. */
  readonly lua?: string;
}

async function reduced(file: string, keep: string, wanted: Wanted = {}): Promise<Reduced> {
  const { anonymise = false, protocol = compileWebsocket(), lua } = wanted;
  const own = join(folder, `${++files}`);
  mkdirSync(own, { mode: 0o755 });
  const plugin = join(own, 'plugin.lua');
  if (lua !== undefined) writeFileSync(plugin, lua);
  const subjects: readonly Subject[] = [{ protocol, plugin: { path: plugin, protocol: protocol.filter } }];
  const engines = lua === undefined ? [] : ENGINES;
  return reduce(file, 0, { keep, subjects, engines, anonymise, folder: own, onProgress: () => undefined });
}

function written(packets: readonly PacketToWrite[]): string {
  const file = join(folder, `${++files}.pcapng`);
  const capture = { format: 'pcapng', linkType: 1, nanoseconds: true, bigEndian: false, packets } as const;
  writeFileSync(file, writeCapture(capture));
  return file;
}

async function rulesIn(
  capture: Uint8Array,
  protocol: Protocol = compileWebsocket(),
): Promise<readonly string[]> {
  const file = join(folder, `${++files}.pcapng`);
  writeFileSync(file, capture);
  const subjects = [{ protocol, plugin: { path: '', protocol: protocol.filter } }];
  const { report } = await analyzeCapture(file, subjects, [], { strict: false });
  return report.connections.flatMap(({ findings }) => findings.map(({ rule }) => rule)).sort();
}

function yamlOf({ vector }: Reduced): string {
  if (vector.kind === 'none') throw new Error(vector.reason);
  return vector.yaml;
}

const CLIENT = { address: '10.20.30.40', port: 51234 };
const SERVER = { address: '10.20.30.50', port: 8080 };

const REQUEST = [
  'GET /beds/17?token=s3cretvalue HTTP/1.1',
  'Host: greenhouse.example',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Cookie: session=0123456789abcdef',
  'Authorization: Bearer waterlily-4711',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: orchid.telemetry',
  'Sec-WebSocket-Extensions: permessage-deflate',
];
const RESPONSE = [
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Set-Cookie: bed=seventeen-tulips',
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
];

function upgraded(
  request: readonly string[] = REQUEST,
  response: readonly string[] = RESPONSE,
): ConversationBuilder {
  const head = (lines: readonly string[]): Uint8Array => Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
  return new ConversationBuilder({ client: CLIENT, server: SERVER })
    .open()
    .send('c2s', head(request))
    .send('s2c', head(response));
}

const KEY = Uint8Array.from([0x37, 0xfa, 0x21, 0x3d]);

function frame(side: Side, first: number, payload: Uint8Array): Uint8Array {
  const isMasked = side === 'c2s';
  const length = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 0xff];
  length[0] = (length[0] ?? 0) | (isMasked ? 0x80 : 0);
  const body = isMasked ? payload.map((octet, index) => octet ^ (KEY[index % 4] ?? 0)) : payload;
  return Uint8Array.from([first, ...length, ...(isMasked ? KEY : []), ...body]);
}

function text(words: string): Uint8Array {
  return new Uint8Array(Buffer.from(words, 'latin1'));
}

/** As permessage-deflate has it: without the last four octets of the flush. */
function compressed(words: string): Uint8Array {
  return new Uint8Array(deflateRawSync(text(words), { finishFlush: 2 }).subarray(0, -4));
}

function chatter(
  conversation: ConversationBuilder,
  first: number,
  words: (words: string) => Uint8Array,
): string {
  for (let count = 0; count < 6; count += 1) {
    conversation.send('c2s', frame('c2s', first, words(`the orchids of bed ${count} are thirsty`)));
    conversation.send('s2c', frame('s2c', first, words(`valve ${count} was opened for them`)));
  }
  conversation.send('c2s', frame('c2s', first, words('irrigation plan \xff of the owner')));
  conversation.send('s2c', frame('s2c', first, words('irrigation plan was taken')));
  return written(conversation.close().packets());
}

test('one frame is left of a long talk, and the vector that breaks the same rule', async () => {
  const file = chatter(upgraded(), 0x81, text);
  const result = await reduced(file, 'UTF8');
  expect(result.form).toBe('conversation');
  expect(result.before.packets).toBe(22);
  expect(result.after).toMatchObject({ packets: 6, connections: 1 });
  expect(yamlOf(result)).toBe(
    '  - name: UTF8\n    from: client\n    hex: 81 81 37fa213d c8\n    end: open\n    expect_findings: [UTF8]\n',
  );
  expect(await rulesIn(result.capture)).toEqual(['UTF8']);
});

test('the same capture comes out every time', async () => {
  const file = chatter(upgraded(), 0x81, text);
  const [one, other] = [await reduced(file, 'UTF8'), await reduced(file, 'UTF8')];
  expect(Buffer.compare(one.capture, other.capture)).toBe(0);
});

const SECRETS = [
  'orchid',
  'thirsty',
  'valve',
  'irrigation',
  'owner',
  'tulips',
  'waterlily',
  's3cret',
  'greenhouse',
];

function secretsIn(capture: Uint8Array): readonly string[] {
  const octets = Buffer.from(capture);
  const addresses = [Buffer.from([10, 20, 30, 40]), Buffer.from([10, 20, 30, 50])];
  const found = SECRETS.filter((secret) => octets.includes(secret));
  return addresses.some((address) => octets.includes(address)) ? [...found, 'address'] : found;
}

test('nothing of the original is left in an anonymous capture, compressed or not', async () => {
  const deflated = [...RESPONSE, 'Sec-WebSocket-Extensions: permessage-deflate'];
  for (const file of [
    chatter(upgraded(), 0x81, text),
    chatter(upgraded(REQUEST, deflated), 0xc1, compressed),
  ]) {
    const result = await reduced(file, 'UTF8', { anonymise: true });
    expect(secretsIn(result.capture)).toEqual([]);
    expect(result.notes).toEqual([]);
    expect(await rulesIn(result.capture)).toEqual(['UTF8']);
    expect(yamlOf(result)).toContain('expect_findings: [UTF8]');
  }
});

test('a handshake that breaks a rule keeps what breaks it, as a change to the usual heads', async () => {
  const wrong = RESPONSE.map((line) => line.replace('s3pPLMBi', 's4pPLMBi'));
  const file = written(
    upgraded(REQUEST, wrong)
      .send('s2c', frame('s2c', 0x81, text('hello')))
      .close()
      .packets(),
  );
  const accept = await reduced(file, 'HS-ACCEPT');
  expect(await rulesIn(accept.capture)).toEqual(['HS-ACCEPT']);
  const chosen = [...RESPONSE, 'Sec-WebSocket-Protocol: lilies.of-somebody'];
  const other = written(
    upgraded(REQUEST, chosen)
      .send('s2c', frame('s2c', 0x81, text('hello')))
      .close()
      .packets(),
  );
  const subprotocol = await reduced(other, 'HS-SUBPROTO', { anonymise: true });
  expect(await rulesIn(subprotocol.capture)).toEqual(['HS-SUBPROTO']);
  expect(Buffer.from(subprotocol.capture).includes('lilies')).toBe(false);
});

test('a compressed message that cannot be inflated stays so', async () => {
  const deflated = [...RESPONSE, 'Sec-WebSocket-Extensions: permessage-deflate'];
  const conversation = upgraded(REQUEST, deflated)
    .send('c2s', frame('c2s', 0xc1, compressed('tell me of the orchids')))
    .send('s2c', frame('s2c', 0xc1, text('\x07these octets are no deflate at all')));
  const result = await reduced(written(conversation.close().packets()), 'PMD-INFLATE', { anonymise: true });
  expect(await rulesIn(result.capture)).toEqual(['PMD-INFLATE']);
  expect(result.after.packets).toBe(6);
  expect(yamlOf(result)).toContain('permessage-deflate');
});

test('what only packets show keeps its packets, with others in their payloads', async () => {
  const conversation = upgraded();
  const lost = conversation.segments.length + 1;
  for (let count = 0; count < 4; count += 1) {
    conversation.send('c2s', frame('c2s', 0x81, text(`the orchids of bed ${count} are thirsty`)));
  }
  conversation.close().segments.splice(lost, 1);
  const file = written(conversation.packets());
  const plain = await reduced(file, 'GAP');
  expect(plain.form).toBe('packets');
  expect(plain.vector.kind).toBe('none');
  expect(await rulesIn(plain.capture)).toContain('GAP');
  const anonymous = await reduced(file, 'GAP', { anonymise: true });
  expect(secretsIn(anonymous.capture)).toEqual([]);
  expect(await rulesIn(anonymous.capture)).toContain('GAP');
});

function compileBeacon(): Protocol {
  const { protocol } = compileSpec({ main: { name: 'beacon.ksy', text: BEACON } });
  if (protocol === undefined) throw new Error('the beacon spec has errors');
  return protocol;
}

test('a protocol of its own is written by its own spec', async () => {
  const protocol = compileBeacon();
  const conversation = new ConversationBuilder({
    client: CLIENT,
    server: { address: '10.20.30.50', port: 7001 },
  });
  conversation.open();
  for (const station of [3, 4, 5, 200, 6]) {
    conversation.send('c2s', Uint8Array.from([0, 8, station, 2, 20, ...text('ab'), 30, ...text('cd')]));
  }
  const result = await reduced(written(conversation.close().packets()), 'STATION', {
    protocol,
    anonymise: true,
  });
  expect(await rulesIn(result.capture, protocol)).toEqual(['STATION']);
  expect(result.after.packets).toBe(4);
  expect(yamlOf(result)).toContain('expect_findings: [STATION]');
});

test('says what the capture shows where it does not show the rule', async () => {
  const file = chatter(upgraded(), 0x81, text);
  await expect(reduced(file, 'RSV')).rejects.toMatchObject({
    code: 'not-shown',
    hint: 'It shows MASK-REUSE, REACTION, UTF8.',
  });
});

function websocketLua(protocol: Protocol, change: (lua: string) => string): string {
  const options = { version: '0.0.0', specPath: 'x.ksy', command: 'test' };
  const generated = generatePlugin(protocol, options);
  if ('diagnostics' in generated) throw new Error('no plugin can be generated');
  const changed = change(generated.lua);
  expect(changed).not.toBe(generated.lua);
  return changed;
}

test.runIf(ENGINES.length > 0)(
  'a difference is kept of a plugin with a seeded fault: needs tshark',
  async () => {
    const protocol = compileWebsocket();
    const lua = websocketLua(protocol, (own) => own.replace(/("ws\.opcode",.*?)0x0f/, '$10x07'));
    const conversation = upgraded()
      .send('s2c', frame('s2c', 0x81, text('water the orchids')))
      .send('s2c', frame('s2c', 0x89, text('are you there')));
    const file = written(conversation.close().packets());
    const result = await reduced(file, 'difference', { lua, anonymise: true });
    expect(result.goal).toMatchObject({ kind: 'difference', field: 'ws.opcode' });
    expect(result.after.packets).toBe(6);
    expect(secretsIn(result.capture)).toEqual([]);
  },
  ENGINE_MS,
);

if (SHARED === undefined) noteWithoutShared();

const RULES = [
  'AFTER-CLOSE',
  'CLOSE-CODE',
  'CLOSE-ECHO',
  'CTL-FRAG',
  'CTL-LEN',
  'FRAG-NEST',
  'FRAG-ORPHAN',
  'LEN-MIN',
  'LEN-MSB',
  'MASK-C2S',
  'OPCODE',
  'REACTION',
  'RSV',
  'TRUNCATED',
  'UTF8',
  'UTF8-CLOSE',
];

test.skipIf(SHARED === undefined)(
  'each rule that 74 connections break is left in one, with a vector: needs ../shared',
  async () => {
    const file = join(SHARED ?? '', 'captures', '07a-violations-client-vs-ws.pcapng');
    for (const rule of RULES) {
      const result = await reduced(file, rule, { anonymise: true });
      expect(await rulesIn(result.capture), rule).toContain(rule);
      expect(result.after.packets, rule).toBeLessThanOrEqual(9);
      expect(result.after.connections, rule).toBe(1);
      expect(yamlOf(result), rule).toContain(rule);
      expect(result.notes, rule).toEqual([]);
    }
  },
  SLOW_MS,
);

test('who ended TCP first is left of a real capture, as a vector', async () => {
  const file = join(ROOT, 'samples/chat-over-websocket/captures/chat.pcapng');
  const result = await reduced(file, 'TCP-FIRST', { anonymise: true });
  expect(result.after).toMatchObject({ packets: 10, connections: 1 });
  expect(await rulesIn(result.capture)).toEqual(['TCP-FIRST']);
  expect(yamlOf(result)).toContain('connection: { findings: [TCP-FIRST] }');
});
