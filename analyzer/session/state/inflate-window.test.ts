import { constants, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { InflateProcess } from '../../../spec/index.ts';
import { InflateWindow } from './inflate-window.ts';

const PROCESS: InflateProcess = {
  name: 'pmd_inflate',
  append: Uint8Array.of(0, 0, 0xff, 0xff),
  window: 'direction',
  reset: null,
  windowBits: null,
  maxOctets: 1_000_000,
};
const TERMS = { reset: false, windowBits: 15 };

function octets(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

/** What a sender does that keeps its window (RFC 7692 section 7.2.1): flush, and leave the last four octets out. */
function sender(windowBits = 15): (message: Uint8Array) => Uint8Array {
  let sent: Uint8Array = new Uint8Array(0);
  return (message) => {
    const dictionary = sent.subarray(Math.max(0, sent.length - 2 ** windowBits));
    const flushed = deflateRawSync(message, {
      finishFlush: constants.Z_SYNC_FLUSH,
      windowBits,
      ...(dictionary.length === 0 ? {} : { dictionary }),
    });
    sent = Buffer.concat([sent, message]);
    return flushed.subarray(0, flushed.length - 4);
  };
}

function textOf(window: InflateWindow, bytes: Uint8Array, process = PROCESS, terms = TERMS): string {
  const { result } = window.inflate(bytes, process, terms);
  return result.kind === 'inflated' ? Buffer.from(result.bytes).toString() : result.kind;
}

// RFC 7692 section 7.2.3: the examples, octet by octet.
test.each([
  ['one block', ['f2 48 cd c9 c9 07 00'], ['Hello']],
  ['a window that is kept', ['f2 48 cd c9 c9 07 00', 'f2 00 11 00 00'], ['Hello', 'Hello']],
  ['a window that is not needed', ['f2 48 cd c9 c9 07 00', 'f2 48 cd c9 c9 07 00'], ['Hello', 'Hello']],
  ['a stored block', ['00 05 00 fa ff 48 65 6c 6c 6f 00'], ['Hello']],
  ['a final block', ['f3 48 cd c9 c9 07 00 00'], ['Hello']],
  ['two blocks', ['f2 48 05 00 00 00 ff ff ca c9 c9 07 00'], ['Hello']],
  ['an empty message', ['00'], ['']],
])('inflates %s', (_, messages, texts) => {
  const window = new InflateWindow();
  expect(messages.map((message) => textOf(window, octets(message)))).toEqual(texts);
});

test('goes on behind a final block inside a message', () => {
  const first = deflateRawSync(Buffer.from('one '), { finishFlush: constants.Z_FINISH });
  const second = sender()(Buffer.from('two'));
  expect(textOf(new InflateWindow(), Buffer.concat([first, second]))).toBe('one two');
});

test('follows any messages of a sender that keeps its window, of whatever size', () => {
  const sizes = [64, 256, 1024, 4096, 32_768];
  const messages = fc.array(
    fc.oneof(
      fc.string({ maxLength: 60 }).map((text) => Buffer.from(text)),
      fc
        .tuple(fc.constantFrom(...sizes), fc.integer({ min: 1, max: 255 }))
        .map(([size, step]) => Buffer.from(Array.from({ length: size }, (_, i) => (i * step) & 0xff))),
    ),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(messages, fc.constantFrom(9, 12, 15), (list, windowBits) => {
      const send = sender(windowBits);
      const window = new InflateWindow();
      for (const message of list) {
        const { result, breach } = window.inflate(send(message), PROCESS, { reset: false, windowBits });
        expect(breach).toBeNull();
        expect(result.kind).toBe('inflated');
        if (result.kind === 'inflated') expect(Buffer.from(result.bytes).equals(message)).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

test('names a message that looks back though the window was to be empty', () => {
  const send = sender();
  const window = new InflateWindow();
  const terms = { reset: true, windowBits: 15 };
  const text = Buffer.from('the very same words');
  window.inflate(send(text), PROCESS, terms);
  const { result, breach } = window.inflate(send(text), PROCESS, terms);
  expect(result).toMatchObject({ kind: 'inflated' });
  expect(breach).toMatchObject({ rule: 'inflate-reset' });
});

test('names a message that looks back further than was negotiated', () => {
  const send = sender(15);
  const window = new InflateWindow();
  const far = Buffer.concat([Buffer.from('needle in a haystack'), Buffer.alloc(2000, 'x')]);
  window.inflate(send(far), PROCESS, { reset: false, windowBits: 9 });
  const { result, breach } = window.inflate(send(Buffer.from('needle in a haystack')), PROCESS, {
    reset: false,
    windowBits: 9,
  });
  expect(result).toMatchObject({ kind: 'inflated' });
  expect(breach).toMatchObject({ rule: 'inflate-window' });
});

test('after a hole, says of messages that look back behind it that they cannot be had, and reads the others', () => {
  const send = sender();
  const window = new InflateWindow();
  const words = Buffer.from('words that come again and again');
  window.inflate(send(words), PROCESS, TERMS);
  window.lose('a packet is missing');
  const lost = window.inflate(send(words), PROCESS, TERMS);
  expect(lost).toMatchObject({
    breach: null,
    unrecoverable: 'a packet is missing',
    result: { kind: 'corrupt' },
  });
  expect(textOf(window, sender()(words))).toBe(words.toString());
  const garbage = window.inflate(octets('ff ff'), PROCESS, { reset: true, windowBits: 15 });
  expect(garbage).toMatchObject({ breach: { rule: 'inflate-data' }, unrecoverable: null });
});

test('stops at the limit: 20 MB out of 19 KB are never made', () => {
  const bomb = sender()(Buffer.alloc(20_000_000));
  expect(bomb.length).toBeLessThan(25_000);
  const inflated = new InflateWindow().inflate(bomb, PROCESS, TERMS);
  expect(inflated.result).toEqual({ kind: 'too-big' });
  expect(inflated.breach).toMatchObject({ rule: 'inflate-limit' });
});

test('never throws, whatever the octets are, and ends', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 8, max: 15 }), (bytes, windowBits) => {
      const window = new InflateWindow();
      for (const reset of [false, true]) window.inflate(bytes, PROCESS, { reset, windowBits });
    }),
    { numRuns: 500 },
  );
  // Final blocks of two octets, one after the other.
  const many = Uint8Array.from({ length: 100_000 }, (_, i) => (i % 2 === 0 ? 0x03 : 0x00));
  expect(new InflateWindow().inflate(many, PROCESS, TERMS).result.kind).toBe('corrupt');
});
