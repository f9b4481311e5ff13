import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants, inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';

/** The official compiler and its runtime are the outside judges of `websocket.ksy`: plain Kaitai must read it. */
const root = new URL('..', import.meta.url).pathname;
const require = createRequire(import.meta.url);

interface Frame {
  readonly fin: boolean;
  readonly opcode: number;
  readonly isMasked: boolean;
  readonly lenPayload: number;
  readonly maskingKey?: Uint8Array;
  readonly payload: { readonly data?: Uint8Array; readonly code?: number; readonly reason?: string };
}
interface Message {
  readonly inflated?: { readonly text?: string };
  readonly plain?: { readonly text?: string };
}
interface Parser {
  new (io: unknown, parent: null, root: null, ...params: readonly unknown[]): Frame;
  readonly Message: new (
    io: unknown,
    parent: null,
    root: null,
    opcode: number,
    compressed: boolean,
  ) => Message;
}

/** What the official runtime calls for \`process: pmd_inflate\`. */
class PmdInflate {
  decode(octets: Uint8Array): Uint8Array {
    const tail = [0x00, 0x00, 0xff, 0xff];
    return inflateRawSync(Uint8Array.from([...octets, ...tail]), { finishFlush: constants.Z_SYNC_FLUSH });
  }
}

function compileWebsocket(): Parser {
  const output = execFileSync(process.execPath, ['test/ksc/compile.mjs', 'samples/websocket/websocket.ksy'], {
    cwd: root,
    encoding: 'utf8',
  });
  const code = (JSON.parse(output) as Record<string, string>)['Websocket.js'] ?? '';
  const exported: { Websocket?: Parser } = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the official compiler's output, made above
  const load = new Function('exports', 'require', code) as (exports: object, load: NodeJS.Require) => void;
  const find = ((name: string): unknown =>
    name.endsWith('PmdInflate') ? { PmdInflate } : require(name)) as NodeJS.Require;
  load(exported, find);
  if (exported.Websocket === undefined) throw new Error('the official compiler made no class Websocket');
  return exported.Websocket;
}

const Websocket = compileWebsocket();
const KaitaiStream = require('kaitai-struct/KaitaiStream') as new (buffer: ArrayBuffer) => unknown;

function decode(hex: string, fromClient: boolean): Frame {
  const octets = Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  return new Websocket(new KaitaiStream(octets.buffer), null, null, fromClient);
}

// RFC 6455 section 5.7: a single-frame masked text message.
test('the official compiler unmasks the masked "Hello" of RFC 6455', () => {
  const frame = decode('81 85 37fa213d 7f9f4d5158', true);
  expect(frame.isMasked).toBe(true);
  expect(frame.lenPayload).toBe(5);
  expect(Buffer.from(frame.maskingKey ?? []).toString('hex')).toBe('37fa213d');
  expect(Buffer.from(frame.payload.data ?? []).toString()).toBe('Hello');
});

test('the official compiler reads an unmasked frame with a 16-bit length', () => {
  const frame = decode(`82 7e 0100 ${'ab'.repeat(256)}`, false);
  expect(frame.opcode).toBe(2);
  expect(frame.payload.data?.length).toBe(256);
});

test('the official compiler reads a Close frame with a code and a reason, with a code, and with neither', () => {
  expect(decode('88 05 03e8 627965', false).payload).toMatchObject({ code: 1000, reason: 'bye' });
  expect(decode('88 02 03e9', false).payload).toMatchObject({ code: 1001, reason: '' });
  expect(decode('88 00', false).payload.code).toBeUndefined();
});

// RFC 7692 section 7.2.3.1: one compressed "Hello".
test('the official compiler inflates a message, with a process of the test', () => {
  const octets = Uint8Array.from(Buffer.from('f248cdc9c90700', 'hex'));
  const message = new Websocket.Message(new KaitaiStream(octets.buffer), null, null, 1, true);
  expect(message.inflated?.text).toBe('Hello');
  const plain = new Websocket.Message(new KaitaiStream(octets.buffer), null, null, 2, false);
  expect(plain.inflated).toBeUndefined();
});
