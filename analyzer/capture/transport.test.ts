import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CapturedPacket } from './captured-packet.ts';
import { MAXIMUM_EXTENSION_HEADERS, MAXIMUM_FRAGMENTED_DATAGRAMS, MAXIMUM_VLAN_TAGS } from './limits.ts';
import { readCapture } from './read-capture.ts';
import type { Transport } from './segment.ts';
import { TcpReassembler } from './tcp/reassembler.ts';
import {
  NO_TSHARK,
  NUMBERS_AS_CONTRACT,
  OTHER_NUMBERS,
  TSHARK,
  tsharkFields,
} from './test-support/tshark.ts';
import { TransportDecoder } from './transport.ts';
import { buildUdp, type Encapsulation, linkTypeOf, PLAIN_ETHERNET } from './write/build-packet.ts';
import { ConversationBuilder, USUAL_CONVERSATION } from './write/conversation-builder.ts';
import { integer, join, zeros } from './write/octet-writer.ts';
import { type PacketToWrite, writeCapture } from './write/write-capture.ts';

const HELLO = new TextEncoder().encode('hello world');
const RAW: Encapsulation = { link: 'raw', vlans: [], fragmentOctets: null };
const IPV6 = {
  client: { address: '2001:db8::1', port: 50000 },
  server: { address: '2001:db8::2', port: 8080 },
};

/** A packet with data. */
function packet(under: Encapsulation = RAW, ends: object = {}): Uint8Array {
  const packets = new ConversationBuilder({ ...ends, under }).send('c2s', HELLO).packets();
  return packets[0]?.bytes ?? zeros(0);
}

function captured(bytes: Uint8Array, linkType = 101, originalLength = bytes.length): CapturedPacket {
  return { frame: 1, time: 0n, linkType, bytes, originalLength };
}

function decode(bytes: Uint8Array, linkType = 101, originalLength = bytes.length): Transport | undefined {
  return new TransportDecoder().decode(captured(bytes, linkType, originalLength));
}

const GOOD = { kind: 'tcp', payload: HELLO, missing: 0 };

test('leaves out what follows the datagram: padding, a trailer', () => {
  expect(decode(join(packet(), zeros(9)))).toMatchObject(GOOD);
  expect(decode(join(packet(RAW, IPV6), zeros(9)))).toMatchObject(GOOD);
});

test('takes the whole packet when segmentation was left to the card (total length 0)', () => {
  const ipv4 = packet();
  ipv4.fill(0, 2, 4);
  expect(decode(ipv4)).toMatchObject(GOOD);
  const ipv6 = packet(RAW, IPV6);
  ipv6.fill(0, 4, 6);
  expect(decode(ipv6)).toMatchObject(GOOD);
});

test('believes no total length beyond the packet', () => {
  const long = packet();
  long.set(integer(1500, 2), 2);
  expect(decode(long)).toMatchObject(GOOD);
});

test('counts what the snaplen cut off', () => {
  const whole = packet();
  const cut = whole.subarray(0, whole.length - 4);
  expect(decode(cut, 101, whole.length)).toMatchObject({ payload: HELLO.subarray(0, 7), missing: 4 });
  // Padding on the wire is not missing data.
  expect(decode(cut, 101, whole.length + 6)).toMatchObject({ payload: HELLO.subarray(0, 7), missing: 4 });
  expect(decode(whole.subarray(0, 36), 101, whole.length)).toMatchObject({ payload: zeros(0), missing: 11 });
  expect(decode(whole.subarray(0, 35), 101, whole.length)).toBeUndefined();
});

test('reads SNAP frames and no more tags than the limit', () => {
  const snap = join(zeros(12), integer(8 + 51, 2), integer(0xaaaa03000000n, 6), integer(0x0800, 2), packet());
  expect(decode(snap, 1)).toMatchObject(GOOD);
  const tagged = (tags: number): Uint8Array =>
    packet({ ...PLAIN_ETHERNET, vlans: Array.from({ length: tags }, () => 1) });
  expect(decode(tagged(MAXIMUM_VLAN_TAGS), 1)).toMatchObject(GOOD);
  expect(decode(tagged(MAXIMUM_VLAN_TAGS + 1), 1)).toBeUndefined();
});

/** An IPv6 packet with extension headers put in; each gives its own kind, and octets without the next header's. */
function extended(...headers: readonly (readonly [kind: number, octets: Uint8Array])[]): Uint8Array {
  const plain = packet(RAW, IPV6);
  const kinds = [...headers.map(([kind]) => kind), plain[6] ?? 0];
  const chain = headers.map(([, octets], index) => join(integer(kinds[index + 1] ?? 0, 1), octets));
  const length = integer(plain.length - 40 + chain.reduce((sum, { length: octets }) => sum + octets, 0), 2);
  return join(
    plain.subarray(0, 4),
    length,
    integer(kinds[0] ?? 0, 1),
    plain.subarray(7, 40),
    ...chain,
    plain.subarray(40),
  );
}

test('passes over IPv6 extension headers, as many as are bounded', () => {
  const hopByHop = [0, zeros(7)] as const;
  const longOptions = [60, join(integer(2, 1), zeros(22))] as const;
  const authentication = [51, join(integer(4, 1), zeros(22))] as const;
  const atomicFragment = [44, zeros(7)] as const;
  expect(decode(extended(hopByHop, longOptions, authentication, atomicFragment))).toMatchObject(GOOD);
  const many = (count: number): Uint8Array => extended(...Array.from({ length: count }, () => longOptions));
  expect(decode(many(MAXIMUM_EXTENSION_HEADERS))).toMatchObject(GOOD);
  expect(decode(many(MAXIMUM_EXTENSION_HEADERS + 1))).toBeUndefined();
});

test('reads IP inside IP, to a depth', () => {
  const wrap = (inner: Uint8Array): Uint8Array => {
    const header = packet().slice(0, 20);
    header.set(integer(20 + inner.length, 2), 2);
    header[9] = (inner[0] ?? 0) >> 4 === 4 ? 4 : 41;
    return join(header, inner);
  };
  expect(decode(wrap(packet(RAW, IPV6)))).toMatchObject({ ...GOOD, source: IPV6.client });
  expect(decode(wrap(wrap(wrap(wrap(packet())))))).toBeUndefined();
});

test('reads UDP, its length, and what the snaplen left', () => {
  const datagram = { source: IPV6.client, destination: IPV6.server, payload: HELLO };
  const [bytes = zeros(0)] = buildUdp(datagram, RAW, 1);
  expect(decode(bytes)).toMatchObject({ kind: 'udp', ...datagram, missing: 0 });
  expect(decode(bytes.subarray(0, -3), 101, bytes.length)).toMatchObject({
    payload: HELLO.subarray(0, 8),
    missing: 3,
  });
  bytes.set(integer(8 + 5, 2), 44);
  expect(decode(bytes)).toMatchObject({ payload: HELLO.subarray(0, 5), missing: 0 });
  bytes.set(integer(3, 2), 44);
  expect(decode(bytes)).toBeUndefined();
});

const FRAGMENTED: Encapsulation = { link: 'raw', vlans: [], fragmentOctets: 8 };

test.each([[{}], [IPV6]])('joins fragments in any order, doubled or not, once: %j', (ends) => {
  const fragments = new ConversationBuilder({ ...ends, under: FRAGMENTED }).send('c2s', HELLO).packets();
  expect(fragments.length).toBe(4);
  fc.assert(
    fc.property(
      fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
      fc.array(fc.nat(3), { maxLength: 3 }),
      (order, copies) => {
        const decoder = new TransportDecoder();
        const arrived = [...copies.filter((copy) => copy !== order.at(-1)), ...order];
        const decoded = arrived.map((index) => decoder.decode(captured(fragments[index]?.bytes ?? zeros(0))));
        expect(decoded.slice(0, -1).every((one) => one === undefined)).toBe(true);
        expect(decoded.at(-1)).toMatchObject(GOOD);
      },
    ),
  );
});

test('is not fooled by fragments that lie beyond the last one', () => {
  const [first, , , last] = new ConversationBuilder({ under: FRAGMENTED }).send('c2s', HELLO).packets();
  const beyond = last?.bytes.slice() ?? zeros(0);
  beyond.set(integer(20, 2), 6);
  const decoder = new TransportDecoder();
  const pieces = [last?.bytes, beyond, first?.bytes].map((bytes) => captured(bytes ?? zeros(0)));
  expect(pieces.map((piece) => decoder.decode(piece))).toEqual([undefined, undefined, undefined]);
});

test('keeps the fragments of so many datagrams', () => {
  const fragments = (identification: number): CapturedPacket[] => {
    const { client: source, server: destination } = USUAL_CONVERSATION;
    return buildUdp({ source, destination, payload: HELLO }, FRAGMENTED, identification).map((bytes) =>
      captured(bytes),
    );
  };
  const decoder = new TransportDecoder();
  const starts = Array.from({ length: MAXIMUM_FRAGMENTED_DATAGRAMS + 1 }, (_, index) => fragments(index));
  for (const [first] of starts) if (first !== undefined) decoder.decode(first);
  // The newest first: the oldest was given up for the last one.
  const whole = starts.map(([, ...others]) => others).reverse();
  const ended = whole.map((others) => others.map((other) => decoder.decode(other)).at(-1) !== undefined);
  expect(ended).toEqual([...Array.from({ length: MAXIMUM_FRAGMENTED_DATAGRAMS }, () => true), false]);
});

test('never throws, whatever the octets and the link type', () => {
  const decoder = new TransportDecoder();
  const linkTypes = [0, 1, 12, 14, 101, 108, 113, 147, 228, 229, 276];
  fc.assert(
    fc.property(
      fc.constantFrom(...linkTypes),
      fc.uint8Array({ maxLength: 120 }),
      fc.nat(200),
      (linkType, bytes, more) => {
        const transport = decoder.decode(captured(bytes, linkType, bytes.length + more));
        if (transport !== undefined) expect(transport.missing).toBeGreaterThanOrEqual(0);
      },
    ),
    { numRuns: 3000 },
  );
});

/** The packet cut everywhere, and with each bit of its headers turned. */
function mishaps(under: Encapsulation, ends: object): PacketToWrite[] {
  const whole = packet(under, ends);
  const time = USUAL_CONVERSATION.start;
  const cuts = Array.from(whole, (_, length) => [
    { time, bytes: whole.subarray(0, length), originalLength: whole.length },
    { time, bytes: whole.subarray(0, length) },
  ]).flat();
  const headers = whole.subarray(0, whole.length - HELLO.length);
  const turned = Array.from(headers, (octet, at) =>
    Array.from({ length: 8 }, (_, bit) => {
      const bytes = whole.slice();
      bytes[at] = octet ^ (1 << bit);
      return { time, bytes };
    }),
  ).flat();
  return [...cuts, ...turned];
}

test('reads cut and damaged headers as tshark does', async (context) => {
  if (TSHARK === undefined) context.skip(NO_TSHARK);
  if (!NUMBERS_AS_CONTRACT) context.skip(OTHER_NUMBERS);
  const under: Encapsulation = { link: 'ethernet', vlans: [7], fragmentOctets: null };
  const packets = [...mishaps(under, {}), ...mishaps(PLAIN_ETHERNET, IPV6)];
  const linkType = linkTypeOf(under);
  const capture = writeCapture({ format: 'pcap', nanoseconds: true, bigEndian: false, linkType, packets });
  const fields = ['tcp.stream', 'tcp.seq_raw', 'tcp.len', 'tcp.payload', 'tcp.flags.reset', 'tcp.hdr_len'];
  const theirs = tsharkFields(capture, fields);

  const decoder = new TransportDecoder();
  const reassembler = new TcpReassembler(() => undefined);
  const ours: string[][] = [];
  await readCapture([capture], (each) => {
    const transport = decoder.decode(each);
    if (transport?.kind !== 'tcp') ours.push(['', '', '', '']);
    else {
      const { sequence, payload, missing } = transport;
      const length = payload.length + missing;
      ours.push([
        `${reassembler.push(transport)}`,
        `${sequence}`,
        `${length}`,
        Buffer.from(payload).toString('hex'),
      ]);
    }
  });
  const comparable = theirs.map(
    ([stream = '', sequence = '', length = '', payload = '', reset, headerLength], index) => {
      const own = ours[index]?.slice(2) ?? [];
      // A RST's data is shown as its reason; a header that cannot be has a length all the same. Neither has data for us.
      const dataUnknown = reset === '1' || reset === 'True' || length === '' || Number(headerLength) < 20;
      return [stream, sequence, ...(dataUnknown && stream !== '' ? own : [length, payload])];
    },
  );
  expect(ours).toEqual(comparable);
});
