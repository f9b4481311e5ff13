import { join, integer, zeros } from './octet-writer.ts';

const IPV6_LENGTH = 16;

/** Octets of an address in text: 4 or 16. */
export function parseAddress(text: string): Uint8Array {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): Uint8Array {
  const parts = text.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) {
    throw new RangeError(`"${text}" is not an IPv4 address.`);
  }
  return Uint8Array.from(parts);
}

function parseIpv6(text: string): Uint8Array {
  const [head = '', tail, ...more] = text.split('::');
  const before = groups(head);
  const after = groups(tail ?? '');
  const missing = IPV6_LENGTH - before.length - after.length;
  const whole = tail === undefined ? missing === 0 : missing > 0;
  if (!whole || more.length > 0) throw new RangeError(`"${text}" is not an IPv6 address.`);
  return join(before, zeros(missing), after);
}

function groups(text: string): Uint8Array {
  if (text === '') return zeros(0);
  return join(
    ...text.split(':').map((group) => {
      if (group.includes('.')) return parseIpv4(group);
      if (!/^[0-9A-Fa-f]{1,4}$/u.test(group))
        throw new RangeError(`"${group}" is no group of an IPv6 address.`);
      return integer(Number.parseInt(group, 16), 2);
    }),
  );
}
