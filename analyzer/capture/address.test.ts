import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressText } from './address.ts';
import { NO_TSHARK, TSHARK, tsharkFields } from './test-support/tshark.ts';
import { buildUdp } from './write/build-packet.ts';
import { parseAddress } from './write/parse-address.ts';
import { writeCapture } from './write/write-capture.ts';

const ADDRESSES = [
  '192.0.2.1',
  '255.255.255.255',
  '::',
  '::1',
  '::2',
  '::ffff',
  '::1.2.3.4',
  '::ffff:1.2.3.4',
  '::ffff:0.0.0.1',
  '::ffff:0:1',
  '::fffe:1:2',
  '1::',
  '1::2:0:0:3',
  '1:0:0:2::3',
  '1:2:3:4:5:6:7:8',
  '1:0:3:4:5:6:7:8',
  '0:2:3:4:5:6:7:8',
  '2001:db8::1',
  'fe80::1ff:fe23:4567:890a',
  'ff02::1:2',
];

function text(octets: Uint8Array): string {
  return addressText(octets, 0, octets.length === 4 ? 4 : 16);
}

test('reads back every address it prints', () => {
  const octets = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc
      .array(fc.constantFrom(0, 0, 0, 1, 255), { minLength: 16, maxLength: 16 })
      .map((list) => Uint8Array.from(list)),
  );
  fc.assert(
    fc.property(octets, (address) => {
      expect(parseAddress(text(address))).toEqual(address);
    }),
  );
});

test.each(['1.2.3', '1.2.3.256', '1:2', '1::2::3', '12345::', '1:2:3:4:5:6:7:8::', 'g::'])(
  'takes %j for no address',
  (wrong) => {
    expect(() => parseAddress(wrong)).toThrow(RangeError);
  },
);

test('prints addresses as tshark does', (context) => {
  if (TSHARK === undefined) context.skip(NO_TSHARK);
  const packets = ADDRESSES.flatMap((address) => {
    const end = { address, port: 7 };
    const under = { link: 'raw', vlans: [], fragmentOctets: null } as const;
    return buildUdp({ source: end, destination: end, payload: new Uint8Array(1) }, under, 1).map((bytes) => ({
      time: 0n,
      bytes,
    }));
  });
  const capture = writeCapture({
    format: 'pcap',
    nanoseconds: true,
    bigEndian: false,
    linkType: 101,
    packets,
  });
  const theirs = tsharkFields(capture, ['ip.src', 'ipv6.src']).map((addresses) => addresses.join(''));
  expect(ADDRESSES.map((address) => text(parseAddress(address)))).toEqual(theirs);
});
