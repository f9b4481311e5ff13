/** Below this many octets setting up a word view costs more than it saves. */
const WORTH_WORDS = 48;

/** `data[start, end)` with a repeated key xor'ed over it, as a copy. The key is not empty. */
export function xorOctets(data: Uint8Array, start: number, end: number, key: Uint8Array): Uint8Array {
  // `slice` of a Node Buffer is no copy: the caller's octets would change.
  const result = new Uint8Array(data.subarray(start, end));
  const period = key.length;
  let at = 0;
  if (result.length >= WORTH_WORDS && (period === 4 || period === 2 || period === 1)) {
    at = xorWords(result, key);
  }
  for (; at < result.length; at++) result[at] = (result[at] ?? 0) ^ (key[at % period] ?? 0);
  return result;
}

/** Four octets at a time, in the machine's own order because the key word is read the same way. Returns where it ends. */
function xorWords(result: Uint8Array, key: Uint8Array): number {
  const keyOctets = new Uint8Array(4);
  for (let i = 0; i < 4; i++) keyOctets[i] = key[i % key.length] ?? 0;
  const word = new Int32Array(keyOctets.buffer)[0] ?? 0;
  const words = new Int32Array(result.buffer, result.byteOffset, result.length >> 2);
  for (let i = 0; i < words.length; i++) words[i] = (words[i] ?? 0) ^ word;
  return words.length * 4;
}

/** Each octet rotated left by 0 to 7 bits. */
export function rotateOctets(data: Uint8Array, start: number, end: number, bits: number): Uint8Array {
  return new Uint8Array(data.subarray(start, end)).map((octet) => (octet << bits) | (octet >> (8 - bits)));
}
