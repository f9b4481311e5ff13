import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileSpec, formatDiagnostic, type Protocol } from '../../spec/index.ts';
import { EncodeError } from '../encode/encode-error.ts';
import { BEACON } from '../testing/suite-from.ts';
import { pduArbitrary } from './given-arbitrary.ts';
import { roundTrip } from './round-trip.ts';

const SEED = 42;

function compiled(text: string): Protocol {
  const { protocol, diagnostics } = compileSpec({ main: { name: 'spec.ksy', text } });
  if (protocol === undefined) throw new Error(diagnostics.map(formatDiagnostic).join(''));
  return protocol;
}

/** Runs until so many PDUs went there and back; values that contradict one another are passed over. */
function check(protocol: Protocol, runs: number): number {
  let written = 0;
  const property = fc.property(pduArbitrary(protocol), fc.boolean(), (given, fromClient) => {
    let difference: string | null;
    try {
      difference = roundTrip(protocol, given, fromClient ? 'c2s' : 's2c');
    } catch (error) {
      if (!(error instanceof EncodeError)) throw error;
      fc.pre(false);
      return;
    }
    written += 1;
    expect(difference?.slice(0, 200) ?? null).toBeNull();
  });
  fc.assert(property, { seed: SEED, numRuns: runs, maxSkipsPerRun: 200 });
  return written;
}

test('WebSocket frames are read as they were written', () => {
  expect(check(compiled(readFileSync('samples/websocket/websocket.ksy', 'utf8')), 150)).toBe(150);
});

test('beacons with readings are read as they were written', () => {
  expect(check(compiled(BEACON), 100)).toBe(100);
});

const SHARED = process.env['WIRETWIN_SHARED'] ?? join('..', 'shared');
const FORMATS = join(SHARED, 'kaitai', 'tests', 'formats');

test
  .skipIf(!existsSync(FORMATS))
  .each([
    'enum_0',
    'bits_byte_aligned',
    'bits_enum',
    'expr_array',
    'floating_points',
    'nested_types',
    'integers',
    'process_xor_const',
    'process_rotate',
    'repeat_n_struct',
    'repeat_eos_struct',
    'str_encodings_utf16',
    'switch_manual_int',
    'str_pad_term',
    'buffered_struct',
  ])('%s of the Kaitai formats is read as it was written: needs ../shared', (name) => {
  const file = join(FORMATS, `${name}.ksy`);
  const text = existsSync(file) ? `${readFileSync(file, 'utf8')}\n` : '';
  expect(check(compiled(text), 30)).toBe(30);
});
