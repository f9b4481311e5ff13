import { expect, test } from 'vitest';
import type { TcpSegment } from '../../capture/segment.ts';
import type { Side } from '../../capture/stream.ts';
import { runSession } from '../../../test/support-transports.ts';

// Traffic of others, captured from the middle on: nothing of it may be taken for WebSocket.

type Random = () => number;

function seeded(seed: number): Random {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const below = (random: Random, limit: number): number => Math.floor(random() * limit);
const octets = (random: Random, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, () => below(random, 256));
const text = (random: Random, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, () => 0x20 + below(random, 95));
const join = (...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));
const ascii = (words: string): Uint8Array => new TextEncoder().encode(words);
const pick = <T>(random: Random, from: readonly [T, ...T[]]): T =>
  from[below(random, from.length)] ?? from[0];

type Message = (random: Random, side: Side) => Uint8Array;

function messagePackMap(random: Random): Uint8Array {
  const pairs = 1 + below(random, 4);
  const parts = Array.from({ length: pairs }, () => {
    const key = pick(random, ['id', 'type', 'value', 'name']);
    const length = 1 + below(random, 31);
    const value = random() < 0.5 ? join([0xa0 | length], text(random, length)) : [below(random, 128)];
    return join([0xa0 | key.length], ascii(key), value);
  });
  return join([0x80 | pairs], ...parts);
}

/** Elements as BER has them; in 09i they chain like unmasked frames. */
function tlv(random: Random, content: (random: Random, count: number) => Uint8Array): Uint8Array {
  const elements = 1 + below(random, 4);
  return join(
    ...Array.from({ length: elements }, () => {
      const length = below(random, 120);
      return join([pick(random, [0x81, 0x82]), length], content(random, length));
    }),
  );
}

function tlsRecord(random: Random): Uint8Array {
  const length = 20 + below(random, 1400);
  return join([0x17, 3, 3, length >> 8, length & 255], octets(random, length));
}

function http2Frame(random: Random): Uint8Array {
  const length = below(random, 300);
  return join(
    [0, length >> 8, length & 255, below(random, 10), below(random, 6), 0, 0, 0, 1],
    octets(random, length),
  );
}

function redis(random: Random, side: Side): Uint8Array {
  const value = text(random, below(random, 60));
  if (side === 's2c') return join(ascii(`$${value.length}\r\n`), value, ascii('\r\n'));
  return join(ascii(`*3\r\n$3\r\nSET\r\n$2\r\nk1\r\n$${value.length}\r\n`), value, ascii('\r\n'));
}

function mqttPublish(random: Random): Uint8Array {
  const payload = text(random, below(random, 90));
  return join([0x30 | below(random, 4), payload.length + 7, 0, 5], ascii('a/b/c'), payload);
}

function dns(random: Random): Uint8Array {
  const body = join(
    octets(random, 2),
    [0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 3],
    ascii('www'),
    octets(random, 30),
  );
  return join([body.length >> 8, body.length & 255], body);
}

function lengthPrefixed(random: Random): Uint8Array {
  const body = octets(random, below(random, 200));
  return join([0, 0, 0, body.length], body);
}

function httpMessage(random: Random, side: Side): Uint8Array {
  const body = octets(random, below(random, 400));
  const start = side === 'c2s' ? 'POST /x HTTP/1.1\r\nHost: a' : 'HTTP/1.1 200 OK\r\nServer: a';
  return join(ascii(`${start}\r\nContent-Length: ${body.length}\r\n\r\n`), body);
}

function chunk(random: Random): Uint8Array {
  const data = octets(random, 1 + below(random, 200));
  return join(ascii(`${data.length.toString(16)}\r\n`), data, ascii('\r\n'));
}

const serverSentEvent: Message = (random) =>
  join(ascii(`id: ${below(random, 1000)}\ndata: `), text(random, below(random, 80)), ascii('\n\n'));

const KINDS: readonly (readonly [string, Message])[] = [
  ['random octets', (random) => octets(random, 1 + below(random, 400))],
  ['zeros', (random) => new Uint8Array(1 + below(random, 400))],
  ['counting octets', (random) => Uint8Array.from({ length: 1 + below(random, 600) }, (_, i) => i & 255)],
  ['MessagePack', messagePackMap],
  ['TLV of octets', (random) => tlv(random, octets)],
  ['TLS records', tlsRecord],
  ['HTTP/2 frames', http2Frame],
  ['Redis', redis],
  ['MQTT', mqttPublish],
  ['DNS over TCP', dns],
  ['length-prefixed octets', lengthPrefixed],
  ['HTTP keep-alive', httpMessage],
  ['chunks', chunk],
  ['server-sent events', serverSentEvent],
  ['lines of text', (random) => join(text(random, below(random, 100)), [10])],
];

const ENDS = {
  client: { address: '192.0.2.1', port: 50_000 },
  server: { address: '192.0.2.2', port: 8080 },
} as const;

/** A conversation without SYN: each message a segment, or several to a segment cut anywhere. */
function conversation(message: Message, sides: readonly Side[], random: Random): TcpSegment[] {
  const next: Record<Side, number> = { c2s: 1, s2c: 1 };
  const segments: TcpSegment[] = [];
  const merged = random() < 0.4;
  let drop = random() < 0.5;
  const waiting: Record<Side, Uint8Array> = { c2s: new Uint8Array(0), s2c: new Uint8Array(0) };
  const count = 8 + below(random, 40);
  for (let i = 0; i < count; i++) {
    const side = sides[below(random, sides.length)] ?? 'c2s';
    let payload = join(waiting[side], message(random, side));
    const keep = merged ? below(random, payload.length + 1) : 0;
    waiting[side] = payload.slice(payload.length - keep);
    payload = payload.slice(0, payload.length - keep);
    // The capture begins in the middle of a message.
    if (drop) payload = payload.slice(below(random, payload.length));
    drop = false;
    if (payload.length === 0) continue;
    const [source, destination] = side === 'c2s' ? [ENDS.client, ENDS.server] : [ENDS.server, ENDS.client];
    segments.push({
      kind: 'tcp',
      frame: segments.length + 1,
      time: BigInt(segments.length),
      source,
      destination,
      sequence: next[side],
      acknowledgement: next[side === 'c2s' ? 's2c' : 'c2s'],
      flags: { syn: false, ack: true, fin: false, rst: false },
      window: 1000,
      payload,
      missing: 0,
    });
    next[side] += payload.length;
  }
  return segments;
}

/** Times 45 kinds of traffic: more than a thousand streams. */
const STREAMS = 25;
const SIDES: readonly (readonly [string, readonly Side[]])[] = [
  ['both ways', ['c2s', 's2c']],
  ['the client only', ['c2s']],
  ['the server only', ['s2c']],
];
const TRAFFIC = KINDS.flatMap(([kind, message]) =>
  SIDES.map(([way, sides]) => ({ kind, way, message, sides })),
);

test.each(TRAFFIC)('takes no $kind ($way) for WebSocket', ({ message, sides }) => {
  for (let seed = 1; seed <= STREAMS; seed++) {
    const { connections, found } = runSession(conversation(message, sides, seeded(seed)));
    expect({ seed, connections: connections.map((one) => one.recovered), pdus: found.length }).toEqual({
      seed,
      connections: [],
      pdus: 0,
    });
  }
});

test('takes TLV of texts in both directions for nobody', () => {
  for (let seed = 1; seed <= STREAMS; seed++) {
    const message: Message = (random) => tlv(random, text);
    expect(runSession(conversation(message, ['c2s', 's2c'], seeded(seed))).connections).toEqual([]);
  }
});

function frame(random: Random, side: Side): Uint8Array {
  const payload = text(random, 5 + below(random, 100));
  if (side === 's2c') return join([0x81, payload.length], payload);
  const key = octets(random, 4);
  return join(
    [0x81, 0x80 | payload.length],
    key,
    payload.map((octet, i) => octet ^ (key[i % 4] ?? 0)),
  );
}

test.each(SIDES)('finds WebSocket in the same way: %s', (_, sides) => {
  for (let seed = 1; seed <= STREAMS; seed++) {
    const { connections, found } = runSession(conversation(frame, sides, seeded(seed)));
    expect({ seed, connections: connections.length }).toEqual({ seed, connections: 1 });
    expect(found.every(({ pdu }) => (pdu.confidence ?? 0) >= 0.75)).toBe(true);
  }
});
