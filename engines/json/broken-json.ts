/** Thrown by what reads JSON: from here on the octets are not what they should be. */
export class BrokenJson extends Error {}

export function unexpected(octet: number | undefined, expected: string): BrokenJson {
  const shown =
    octet !== undefined && octet > 0x20 && octet < 0x7f
      ? `"${String.fromCharCode(octet)}"`
      : `octet 0x${(octet ?? 0).toString(16).padStart(2, '0')}`;
  return new BrokenJson(`${shown} where ${expected} belongs`);
}
