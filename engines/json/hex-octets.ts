const NO_DIGIT = 0xff;
const COLON = 0x3a;

/** Value of each hex digit by its character. */
const DIGITS = new Uint8Array(256).fill(NO_DIGIT);
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16);
  DIGITS[digit.charCodeAt(0)] = value;
  DIGITS[digit.toUpperCase().charCodeAt(0)] = value;
}

/**
 * The octets of hex text as tshark writes it: `81:85:37` as a value, `818537` with `-x`.
 * null: it is neither.
 */
export function hexOctets(text: Buffer, start: number, end: number): Uint8Array | null {
  const length = end - start;
  if (length === 0) return new Uint8Array(0);
  const stride = length > 2 && text[start + 2] === COLON ? 3 : 2;
  // With colons the last pair has none behind it.
  if ((length + stride - 2) % stride !== 0) return null;
  const octets = new Uint8Array((length + stride - 2) / stride);
  let bad = 0;
  for (let at = start, index = 0; index < octets.length; index++, at += stride) {
    const high = DIGITS[text[at] as number] as number;
    const low = DIGITS[text[at + 1] as number] as number;
    bad |= high | low;
    octets[index] = (high << 4) | low;
  }
  if (bad > 0x0f) return null;
  return stride === 2 || hasColons(text, start, end) ? octets : null;
}

function hasColons(text: Buffer, start: number, end: number): boolean {
  for (let at = start + 2; at < end; at += 3) if (text[at] !== COLON) return false;
  return true;
}
