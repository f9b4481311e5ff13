/**
 * Whether the octets are well-formed UTF-8 (RFC 3629 section 4: no surrogates, nothing overlong, at most U+10FFFF).
 * Not TextDecoder: it says no by throwing, which costs more than looking.
 */
export function isUtf8(bytes: Uint8Array): boolean {
  const { length } = bytes;
  let at = 0;
  while (at < length) {
    const first = bytes[at] ?? 0;
    if (first < 0x80) {
      at += 1;
      continue;
    }
    const more = followers(first, bytes[at + 1] ?? 0);
    if (more === 0 || at + more >= length) return false;
    for (let i = 2; i <= more; i += 1) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return false;
    at += more + 1;
  }
  return true;
}

/** How many octets follow the first of a character; 0: it is none, or the second does not go with it. */
function followers(first: number, second: number): number {
  if (first < 0xc2 || first > 0xf4) return 0;
  if (first < 0xe0) return (second & 0xc0) === 0x80 ? 1 : 0;
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  return first < 0xf0 ? 2 : 3;
}
