import { expect, test } from 'vitest';
import { FollowReader } from './follow-reader.ts';

const TWO_STREAMS = `peers:
  - peer: 0
    host: 127.0.0.1
    port: 443
  - peer: 1
    host: 
    port: 0
packets:
  - packet: 8
    peer: 1
    timestamp: 1795415949.203572989
    data: !!binary |
      R0VUIC9lY2hv
      IEhUVFAvMS4x
  - packet: 9
    peer: 0
    timestamp: 1795415949.5
    data: !!binary |
      SGk=
peers:
  - peer: 0
    host: ::1
    port: 50000
  - peer: 1
    host: ::1
    port: 443
packets:
  - packet: 12
    peer: 0
    timestamp: 7
    data: !!binary |
      AAEC
`;

function read(text: string, step: number, maxOctets = 1 << 20): FollowReader {
  const reader = new FollowReader(maxOctets);
  for (let at = 0; at < text.length; at += step) {
    if (!reader.push(Buffer.from(text.slice(at, at + step)))) break;
  }
  reader.end();
  return reader;
}

test.each([1, 7, 1 << 20])(
  'records keep packet, time, sender and octets, read %i octets at a time',
  (step) => {
    const [first, second] = read(TWO_STREAMS, step).streams;
    expect(first?.first).toEqual({ address: '127.0.0.1', port: 443 });
    expect(first?.pieces).toEqual([
      {
        frame: 8,
        time: 1_795_415_949_203_572_989n,
        fromFirst: false,
        bytes: new Uint8Array(Buffer.from('GET /echo HTTP/1.1')),
      },
      { frame: 9, time: 1_795_415_949_500_000_000n, fromFirst: true, bytes: Uint8Array.from([0x48, 0x69]) },
    ]);
    expect(second?.first).toEqual({ address: '::1', port: 50000 });
    expect(second?.pieces.map(({ frame, time, fromFirst }) => [frame, time, fromFirst])).toEqual([
      [12, 7_000_000_000n, true],
    ]);
  },
);

test('a stream of which nothing was decrypted is none', () => {
  expect(read('peers:\n  - peer: 0\n    host: a\n    port: 1\npackets:\n', 1000).streams).toEqual([]);
});

test('what is beyond the limit is left out, and said', () => {
  const reader = read(TWO_STREAMS, 1 << 20, 19);
  expect(reader.isCut).toBe(true);
  expect(reader.streams.map(({ pieces }) => pieces.length)).toEqual([1]);
});

test('a line without end is given up', () => {
  expect(read('x'.repeat(200_000), 1000).isCut).toBe(true);
});
