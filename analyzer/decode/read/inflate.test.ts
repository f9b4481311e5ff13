import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inflateZlib } from './inflate.ts';

const CAP = 1 << 20;

function inflated(bytes: Uint8Array): Buffer | string {
  const result = inflateZlib(bytes, CAP);
  return result.kind === 'inflated' ? Buffer.from(result.bytes) : result.kind;
}

test('inflates what zlib deflates, at every level', () => {
  const text = fc.array(fc.constantFrom('telemetry ', 'greenhouse ', 'a', '\0'), { maxLength: 400 });
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 2000 }), text),
      fc.integer({ min: 0, max: 9 }),
      (input, level) => {
        const data = input instanceof Uint8Array ? Buffer.from(input) : Buffer.from(input.join(''));
        expect(inflated(deflateSync(data, { level }))).toEqual(data);
      },
    ),
  );
});

test('stops at the cap, whatever the data would become', () => {
  const bomb = deflateSync(Buffer.alloc(50 * CAP));
  expect(inflateZlib(bomb, CAP)).toEqual({ kind: 'too-big' });
  expect(inflateZlib(deflateSync(Buffer.alloc(10)), 10)).toMatchObject({ kind: 'inflated' });
  expect(inflateZlib(deflateSync(Buffer.alloc(11)), 10)).toEqual({ kind: 'too-big' });
});

function byZlib(bytes: Uint8Array): Buffer | string {
  try {
    return inflateSync(bytes);
  } catch {
    return 'corrupt';
  }
}

test('takes data cut or changed anywhere as zlib does, and never throws', () => {
  const good = deflateSync(Buffer.from('the greenhouse is warm, the greenhouse is wet'));
  for (let end = 0; end < good.length; end++) expect(inflated(good.subarray(0, end))).toBe('corrupt');
  for (let at = 0; at < good.length * 8; at++) {
    const changed = Uint8Array.from(good);
    changed[at >> 3] = (changed[at >> 3] ?? 0) ^ (1 << (at & 7));
    expect([at, inflated(changed)]).toEqual([at, byZlib(changed)]);
  }
});
