import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isUtf8 } from './utf8.ts';

/** The platform's own judge, which throws. */
function judged(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

test('agrees with TextDecoder on every pair of octets, and on what may follow them', () => {
  for (let first = 0; first < 256; first += 1) {
    for (let second = 0; second < 256; second += 1) {
      for (const rest of [[], [0x80], [0xbf, 0x80], [0x41]]) {
        const bytes = Uint8Array.from([first, second, ...rest]);
        if (isUtf8(bytes) !== judged(bytes)) expect.fail(bytes.join(' '));
      }
    }
  }
});

test('agrees with TextDecoder on text with faults in it', () => {
  const text = fc.tuple(
    fc.string({ unit: 'binary' }),
    fc.array(fc.tuple(fc.nat(40), fc.nat(255)), { maxLength: 2 }),
  );
  fc.assert(
    fc.property(text, ([words, faults]) => {
      const bytes = new TextEncoder().encode(words);
      for (const [at, value] of faults) if (at < bytes.length) bytes[at] = value;
      expect(isUtf8(bytes)).toBe(judged(bytes));
    }),
    { numRuns: 2000 },
  );
});
