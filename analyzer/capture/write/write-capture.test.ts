import { expect, test } from 'vitest';
import type { CapturedPacket } from '../captured-packet.ts';
import { readCapture } from '../read-capture.ts';
import { NO_TSHARK, TSHARK, tsharkFields } from '../test-support/tshark.ts';
import { TransportDecoder } from '../transport.ts';
import { buildUdp, type Encapsulation, linkTypeOf, type LinkLayer, PLAIN_ETHERNET } from './build-packet.ts';
import { ConversationBuilder } from './conversation-builder.ts';
import { join } from './octet-writer.ts';
import { type CaptureToWrite, cutPackets, writeCapture } from './write-capture.ts';

const GREETING = new TextEncoder().encode('soil moisture 0.31');
const ANSWER = new TextEncoder().encode('valve open');

const LINKS: readonly LinkLayer[] = ['ethernet', 'sll', 'sll2', 'null', 'loop', 'raw'];
const ENDS = [
  { client: { address: '192.0.2.1', port: 50000 }, server: { address: '192.0.2.2', port: 7001 } },
  { client: { address: '2001:db8::1', port: 50000 }, server: { address: '2001:db8:0:1::2', port: 7001 } },
];

const ENCAPSULATIONS: readonly Encapsulation[] = LINKS.flatMap((link) => {
  const vlans = link === 'null' || link === 'loop' || link === 'raw' ? [[]] : [[], [7], [100, 7]];
  return vlans.flatMap((tags) => [
    { link, vlans: tags, fragmentOctets: null },
    { link, vlans: tags, fragmentOctets: 16 },
  ]);
});

function conversation(under: Encapsulation, ends: (typeof ENDS)[number]): ConversationBuilder {
  return new ConversationBuilder({ ...ends, under })
    .open()
    .send('c2s', GREETING, 7)
    .send('s2c', ANSWER)
    .close();
}

const FORMATS: readonly Pick<CaptureToWrite, 'format' | 'nanoseconds' | 'bigEndian'>[] = [
  { format: 'pcap', nanoseconds: false, bigEndian: false },
  { format: 'pcap', nanoseconds: true, bigEndian: true },
  { format: 'pcapng', nanoseconds: true, bigEndian: false },
  { format: 'pcapng', nanoseconds: false, bigEndian: true },
];

async function packetsOf(capture: Uint8Array): Promise<CapturedPacket[]> {
  const packets: CapturedPacket[] = [];
  await readCapture([capture], (packet) => packets.push(packet));
  return packets;
}

test.each(FORMATS)('reads back what was written: %j', async (format) => {
  const packets = conversation(PLAIN_ETHERNET, ENDS[0] ?? raise()).packets();
  const capture = writeCapture({ ...format, linkType: 1, packets: cutPackets(packets, 60) });
  const read = await packetsOf(capture);
  expect(read.map(({ time, bytes, originalLength }) => ({ time, bytes, originalLength }))).toEqual(
    packets.map(({ time, bytes }) => ({
      time: format.nanoseconds ? time : (time / 1000n) * 1000n,
      bytes: bytes.subarray(0, 60),
      originalLength: bytes.length,
    })),
  );
});

test('keeps packets of several link types in one pcapng', async () => {
  const packets = LINKS.flatMap((link) => {
    const under = { link, vlans: [], fragmentOctets: null };
    const linkType = linkTypeOf(under);
    return conversation(under, ENDS[0] ?? raise())
      .packets()
      .map((packet) => ({ ...packet, linkType }));
  });
  const capture = writeCapture({
    format: 'pcapng',
    linkType: 1,
    nanoseconds: true,
    bigEndian: false,
    packets,
  });
  const read = await packetsOf(capture);
  expect(read.map(({ linkType }) => linkType)).toEqual(packets.map(({ linkType }) => linkType));
});

test.each(ENCAPSULATIONS)('decodes what was built: %j', async (under) => {
  for (const ends of ENDS) {
    const builder = conversation(under, ends);
    const capture = writeCapture({
      format: 'pcap',
      nanoseconds: true,
      bigEndian: false,
      linkType: linkTypeOf(under),
      packets: builder.packets(),
    });
    const decoder = new TransportDecoder();
    const segments = (await packetsOf(capture)).map((packet) => decoder.decode(packet));
    const whole = segments.filter((segment) => segment !== undefined);
    expect(whole).toMatchObject(builder.segments.map((segment) => ({ kind: 'tcp', ...segment, missing: 0 })));
  }
});

const STRICT = ['tcp', 'ip', 'udp'].flatMap((protocol) => ['-o', `${protocol}.check_checksum:TRUE`]);
const SHOWN = [
  'tcp.seq_raw',
  'tcp.payload',
  'tcp.checksum.status',
  'ip.checksum.status',
  'udp.checksum.status',
  'udp.payload',
];
const GOOD = '1';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

/** A conversation and a datagram as a capture, and the rows that tshark must print of them. */
function example(
  under: Encapsulation,
  ends: (typeof ENDS)[number],
  format: (typeof FORMATS)[number],
): { capture: Uint8Array; rows: string[][] } {
  const builder = conversation(under, ends);
  const datagram = { source: ends.client, destination: ends.server, payload: GREETING };
  const time = 1_700_000_100_123_456_789n;
  const udp = buildUdp(datagram, under, 99).map((bytes) => ({ time, bytes }));
  const packets = [...builder.packets(), ...udp];
  const ip = ends.client.address.includes(':') ? '' : GOOD;
  const tcpRows = builder.segments.map(({ sequence, payload }) => [
    `${sequence}`,
    hex(payload),
    GOOD,
    ip,
    '',
    '',
  ]);
  return {
    capture: writeCapture({ ...format, linkType: linkTypeOf(under), packets }),
    rows: [...tcpRows, ['', '', '', ip, GOOD, hex(GREETING)]],
  };
}

test('builds packets that tshark takes as intended, checksums included', (context) => {
  if (TSHARK === undefined) context.skip(NO_TSHARK);
  const [usual = raise()] = ENDS;
  const sections = FORMATS.filter(({ format }) => format === 'pcapng');
  // Sections of one pcapng file may have any link type: one run of tshark shows them all.
  const examples = ENCAPSULATIONS.flatMap((under, index) =>
    ENDS.map((ends) => example(under, ends, sections[index % sections.length] ?? raise())),
  );
  const all = {
    capture: join(...examples.map(({ capture }) => capture)),
    rows: examples.flatMap(({ rows }) => rows),
  };
  const files = FORMATS.filter(({ format }) => format === 'pcap').map((format) =>
    example(PLAIN_ETHERNET, usual, format),
  );
  for (const { capture, rows } of [all, ...files]) {
    const shown = tsharkFields(capture, SHOWN, STRICT);
    const whole = shown.filter(([sequence, , , , udpStatus]) => sequence !== '' || udpStatus !== '');
    expect(whole).toEqual(rows);
  }
});

function raise(): never {
  throw new Error('the list is not empty');
}
