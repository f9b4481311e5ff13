import { expect, test } from 'vitest';
import { DatagramStreams } from './datagram-streams.ts';
import { readCapture } from './read-capture.ts';
import type { Endpoint } from './segment.ts';
import { NO_TSHARK, TSHARK, tsharkFields } from './test-support/tshark.ts';
import { TransportDecoder } from './transport.ts';
import { buildUdp } from './write/build-packet.ts';
import { writeCapture } from './write/write-capture.ts';

const [A, B, C]: readonly [Endpoint, Endpoint, Endpoint] = [
  { address: '192.0.2.1', port: 5000 },
  { address: '192.0.2.2', port: 7001 },
  { address: '2001:db8::3', port: 5000 },
];
const D: Endpoint = { address: '2001:db8::4', port: 7001 };

test('numbers datagrams as udp.stream', async (context) => {
  const sent: readonly (readonly [Endpoint, Endpoint])[] = [
    [A, B],
    [C, D],
    [B, A],
    [A, { ...B, port: 7002 }],
    [D, C],
    [A, B],
    [A, A],
    [
      { ...A, port: 7001 },
      { ...B, port: 5000 },
    ],
  ];
  const under = { link: 'raw', vlans: [], fragmentOctets: null } as const;
  const packets = sent.flatMap(([source, destination]) =>
    buildUdp({ source, destination, payload: Uint8Array.of(1) }, under, 1).map((bytes) => ({
      time: 0n,
      bytes,
    })),
  );
  const capture = writeCapture({
    format: 'pcap',
    nanoseconds: true,
    bigEndian: false,
    linkType: 101,
    packets,
  });

  const decoder = new TransportDecoder();
  const streams = new DatagramStreams();
  const numbers: number[] = [];
  await readCapture([capture], (packet) => {
    const datagram = decoder.decode(packet);
    if (datagram?.kind === 'udp') numbers.push(streams.numberOf(datagram));
  });
  expect(numbers).toEqual([0, 1, 0, 2, 1, 0, 3, 4]);
  if (TSHARK === undefined) context.skip(NO_TSHARK);
  expect(tsharkFields(capture, ['udp.stream']).flat().map(Number)).toEqual(numbers);
});
