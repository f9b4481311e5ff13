import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { traceObjects } from '../../analyzer/index.ts';
import { compileSpec, formatDiagnostic, type Protocol } from '../../spec/index.ts';
import { VectorDecoder } from '../run/decode-vector.ts';
import { BEACON } from '../testing/suite-from.ts';
import { makeFrames, type MadeFrames } from './make-frames.ts';
import { roundTrip } from './round-trip.ts';

const SEED = 42;

function compiled(text: string): Protocol {
  const { protocol, diagnostics } = compileSpec({ main: { name: 'spec.ksy', text } });
  if (protocol === undefined) throw new Error(diagnostics.map(formatDiagnostic).join(''));
  return protocol;
}

const WEBSOCKET = compiled(readFileSync('samples/websocket/websocket.ksy', 'utf8'));

function made(protocol: Protocol, runs: number, seed = SEED): MadeFrames {
  return makeFrames(protocol, { runs, seed, vectors: [] });
}

function hexOf({ frames }: MadeFrames): readonly string[] {
  return frames.map(({ vector }) =>
    vector.parts.map(({ side, octets }) => `${side} ${Buffer.from(octets).toString('hex')}`).join(', '),
  );
}

/** What is not read as it was written. */
function brokenTrips(protocol: Protocol, { frames }: MadeFrames): readonly string[] {
  return frames.flatMap(({ written, vector }) =>
    (written ?? []).flatMap((pdu) => {
      const failure = roundTrip(protocol, pdu, vector.params);
      return failure === null ? [] : [`${vector.name}: ${failure.message}`];
    }),
  );
}

test('the same seed makes the same frames, another one others', () => {
  const first = hexOf(made(WEBSOCKET, 60));
  expect(first).toHaveLength(60);
  expect(hexOf(made(WEBSOCKET, 60))).toEqual(first);
  expect(hexOf(made(WEBSOCKET, 60, 43))).not.toEqual(first);
});

test('every kind of frame is made, with both sides sending', () => {
  const { frames } = made(WEBSOCKET, 200);
  expect(new Set(frames.map(({ kind }) => kind))).toEqual(new Set(['systematic', 'random', 'invalid']));
  expect(new Set(frames.map(({ vector }) => vector.parts.length))).toEqual(new Set([1, 2, 3, 4]));
  expect(frames.some(({ vector }) => new Set(vector.parts.map(({ side }) => side)).size === 2)).toBe(true);
  const decoder = new VectorDecoder(WEBSOCKET);
  const problems = frames.flatMap(({ vector }) => decoder.decode(vector).pdus.map(({ problem }) => problem));
  expect(new Set(problems)).toEqual(new Set([null, 'truncated', 'limit']));
});

test('the lengths at which WebSocket changes its form are all there', () => {
  const decoder = new VectorDecoder(WEBSOCKET);
  const { frames } = made(WEBSOCKET, 220);
  const lengths = frames.flatMap(({ vector }) =>
    decoder.decode(vector).pdus.map(({ decoded }) => {
      const [item] = decoded.root.items.filter(({ member }) => member.id === 'len_payload');
      return Number(item?.value);
    }),
  );
  for (const length of [0, 1, 125, 126, 127, 65_535, 65_536]) expect(lengths).toContain(length);
  expect(lengths.filter((length) => length >= 65_535 && length < 70_000).length).toBeLessThan(12);
});

const STATION = `
meta: {id: station, endian: le}
-wireshark:
  filter: wtstation
  bind: [{tcp: 7001}]
  checks:
    - {id: QUIET, expect: not loud or kind == kind::wind, severity: error, message: Only the wind is loud}
seq:
  - {id: kind, type: u2, enum: kind}
  - {id: loud, type: b1}
  - {id: extra, type: b1}
  - {id: spare, type: b6}
  - {id: note, type: u2, if: extra}
  - {id: body, type: {switch-on: kind, cases: {'kind::air': air, 'kind::soil': soil, 'kind::wind': u4}}}
  - {id: count, type: u1}
  - {id: marks, type: s2, repeat: expr, repeat-expr: count}
types:
  air: {seq: [{id: heat, type: s1}, {id: deep, type: {switch-on: heat, cases: {-1: u1, 7: u2}}}]}
  soil: {seq: [{id: len, type: u1}, {id: name, type: str, size: len, encoding: ASCII}]}
enums:
  kind: {3: air, 8: soil, 513: wind}
`;

test('every value, arm, condition, count and rule of a spec is met', () => {
  const protocol = compiled(STATION);
  const decoder = new VectorDecoder(protocol);
  const seen = new Set<string>();
  const { frames, missed } = made(protocol, 150);
  for (const { vector, kind } of frames) {
    if (kind !== 'systematic') continue;
    for (const { decoded } of decoder.decode(vector).pdus) {
      for (const { type, members, checks } of traceObjects(decoded)) {
        for (const { member, outcome, occurrences } of members) {
          seen.add(`${type.path.at(-1) ?? ''}.${member.id} ${outcome}`);
          seen.add(`${member.id} ${occurrences.length}`);
          for (const { arm, value } of occurrences) {
            seen.add(`${member.id} arm ${arm ?? ''}`);
            seen.add(`${member.id} = ${typeof value === 'object' ? '' : String(value)}`);
          }
        }
        for (const { check, held } of checks) seen.add(`${check.id} ${String(held)}`);
      }
    }
  }
  const wanted = [
    ...['kind = 3', 'kind = 8', 'kind = 513', 'kind = 0', 'kind = 65535'],
    ...['loud = true', 'loud = false', 'station.note present', 'station.note absent', 'note = 65535'],
    ...['body arm 0', 'body arm 1', 'body arm 2', 'station.body no-arm'],
    ...['deep arm 0', 'deep arm 1', 'air.deep no-arm', 'heat = -128', 'heat = 127'],
    ...['marks 0', 'marks 1', 'marks 2', 'marks 3', 'marks = -32768', 'QUIET true', 'QUIET false'],
  ];
  expect(wanted.filter((one) => !seen.has(one))).toEqual([]);
  expect(missed).toEqual([]);
});

test('what is written is read as it was written', () => {
  expect(brokenTrips(WEBSOCKET, made(WEBSOCKET, 120))).toEqual([]);
  expect(brokenTrips(compiled(BEACON), made(compiled(BEACON), 100))).toEqual([]);
  expect(brokenTrips(compiled(STATION), made(compiled(STATION), 120))).toEqual([]);
});

test('of a spec that cannot be written there are frames of random octets', () => {
  const ksy =
    'meta: {id: odd}\n-wireshark: {bind: [{tcp: 7001}]}\nseq: [{id: a, size: 4, process: odd.process(1), type: in}]\ntypes: {in: {seq: [{id: b, type: u1}]}}';
  const { frames, refusal } = made(compiled(ksy), 20);
  expect(refusal).toContain('odd.process');
  expect(frames.map(({ kind }) => kind)).toEqual(Array.from({ length: 20 }, () => 'invalid'));
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
  const protocol = compiled(existsSync(file) ? `${readFileSync(file, 'utf8')}\n` : '');
  const frames = made(protocol, 40);
  expect(frames.refusal).toBeNull();
  expect(brokenTrips(protocol, frames)).toEqual([]);
});
