import { expect, test } from 'vitest';
import type { Conversation, Side, StreamEvent } from '../capture/stream.ts';
import { Http2Watch } from './http2-watch.ts';
import { TlsWatch } from './tls-watch.ts';

const CONVERSATION: Conversation = {
  stream: 0,
  client: { address: '10.0.0.1', port: 50000 },
  server: { address: '10.0.0.2', port: 443 },
  synSeen: true,
  firstFrame: 1,
};

interface Watch {
  push(event: StreamEvent): void;
}

/** Feeds octets of a direction, some at a time; packets are numbered from `frame`. */
function feed(watch: Watch, side: Side, hex: string, { step = 1 << 20, frame = 1 } = {}): void {
  const octets = Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
  for (let at = 0; at < octets.length; at += step) {
    watch.push({
      kind: 'data',
      conversation: CONVERSATION,
      side,
      position: at,
      bytes: octets.subarray(at, at + step),
      frame,
      time: 0n,
    });
  }
}

const RANDOM = '00112233445566778899aabbccddeeff'.repeat(2);
/** Record 22, length 39: handshake 1, length 35, version, random, an empty session id. */
const CLIENT_HELLO = `16 0301 0027 01 000023 0303 ${RANDOM} 00`;
const UNKNOWN_CA = '15 0303 0002 02 30';

test.each([1, 3, 1000])(
  'a TLS session tells its client random and alerts in the clear (%i at a time)',
  (step) => {
    const watch = new TlsWatch();
    feed(watch, 'c2s', `${CLIENT_HELLO} ${UNKNOWN_CA}`, { step, frame: 7 });
    expect(watch.clientRandom).toBe(RANDOM);
    expect(watch.alerts).toEqual([
      { side: 'c2s', level: 'fatal', description: 48, name: 'unknown CA', frame: 7 },
    ]);
  },
);

test('what looks like an alert after the keys have changed is encrypted, and tells nothing', () => {
  const watch = new TlsWatch();
  feed(watch, 's2c', `14 0303 0001 01 ${UNKNOWN_CA}`);
  expect(watch.alerts).toEqual([]);
});

test('records with application data are remembered by packet', () => {
  const watch = new TlsWatch();
  feed(watch, 'c2s', '17 0303 0003 aabbcc', { frame: 4 });
  feed(watch, 'c2s', '17 0303 0001 aa', { frame: 6 });
  expect(watch.lastData.c2s).toEqual([
    { frame: 4, length: 3 },
    { frame: 6, length: 1 },
  ]);
});

test('octets that are no TLS end the reading', () => {
  const watch = new TlsWatch();
  feed(watch, 'c2s', `47455420 2f ${CLIENT_HELLO}`);
  expect(watch.clientRandom).toBeNull();
});

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n').toString('hex');
const SETTINGS = '000006 04 00 00000000 0008 00000001';
const literal = (name: string): string => `00 ${name} 09 ${Buffer.from('websocket').toString('hex')}`;
const headers = (stream: string, block: string): string => {
  const length = (block.replaceAll(/\s/g, '').length / 2).toString(16).padStart(6, '0');
  return `${length} 01 04 ${stream} ${block}`;
};
const PLAIN = literal(`09 ${Buffer.from(':protocol').toString('hex')}`);
const HUFFMAN = literal('87 b95d8749c87a3f');

test.each([1, 5, 1000])(
  'an extended CONNECT is seen however its field name is written (%i at a time)',
  (step) => {
    const watch = new Http2Watch();
    const octets = `${PREFACE} ${SETTINGS} ${headers('00000001', PLAIN)} ${headers('00000003', '82')} ${headers('00000005', HUFFMAN)}`;
    feed(watch, 'c2s', octets, { step: 1000 });
    expect(watch.websockets).toEqual([1, 5]);
    const inPieces = new Http2Watch();
    feed(inPieces, 'c2s', PREFACE);
    feed(inPieces, 'c2s', octets.slice(PREFACE.length), { step });
    expect(inPieces.websockets).toEqual([1, 5]);
  },
);

test('the words in a body ask for no WebSocket', () => {
  const watch = new Http2Watch();
  feed(watch, 'c2s', `${PREFACE} 000009 00 00 00000001 ${Buffer.from(':protocol').toString('hex')}`);
  expect(watch.websockets).toEqual([]);
});
