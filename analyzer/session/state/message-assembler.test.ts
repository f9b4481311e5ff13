import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileSpec } from '../../../spec/index.ts';
import { createDecoder, type Decoder } from '../../decode/index.ts';
import type { SessionMessage } from '../message.ts';
import { PduSequence } from '../pdu-sequence.ts';
import type { Side } from '../../capture/stream.ts';

const SPEC = new URL('../../../samples/websocket/websocket.ksy', import.meta.url);
const { protocol } = compileSpec({ main: { name: 'websocket.ksy', text: readFileSync(SPEC, 'utf8') } });
if (protocol === undefined) throw new Error('the spec of the sample does not compile');
const decoder = createDecoder(protocol);

const TEXT = 1;
const CONTINUATION = 0;
const PING = 9;

function frame(opcode: number, fin: boolean, payload: Uint8Array): Uint8Array {
  return Uint8Array.from([(fin ? 0x80 : 0) | opcode, payload.length, ...payload]);
}

/** Feeds frames from the server, one after the other; the messages they complete. */
function messagesOf(
  frames: readonly (readonly [Uint8Array, Side])[],
  by: Decoder = decoder,
): SessionMessage[] {
  const sequence = new PduSequence(by);
  return frames.flatMap(([bytes, side]) => {
    const outcome = by.decode(bytes, 0, bytes.length, sequence.params(side));
    if (outcome.kind !== 'pdu') throw new Error('a whole frame was given');
    return sequence.took({ side, offset: 0, bytes, decoded: outcome.pdu, problem: null }) ?? [];
  });
}

/** As it comes out: half of a surrogate pair goes in as a replacement character. */
const utf8 = (text: string): string => Buffer.from(text).toString();

const rulesOf = (message: SessionMessage | undefined): string[] =>
  (message?.breaches ?? []).map(({ check }) => check.id);

test('joins fragments with pings between, in both directions at once', () => {
  const cut = (text: string, side: Side): [Uint8Array, Side][] =>
    [...Buffer.from(text)].map((octet, i, all) => [
      frame(i === 0 ? TEXT : CONTINUATION, i === all.length - 1, Uint8Array.of(octet)),
      side,
    ]);
  const interleave = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 });
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 9 }),
      fc.string({ minLength: 1, maxLength: 9 }),
      interleave,
      (a, b, turns) => {
        const queues = { c2s: cut(a, 'c2s'), s2c: cut(b, 's2c') };
        const frames: [Uint8Array, Side][] = [];
        for (const turn of turns) {
          const next = queues[turn ? 'c2s' : 's2c'].shift();
          if (next !== undefined) frames.push(next, [frame(PING, true, Uint8Array.of(1)), next[1]]);
        }
        frames.push(...queues.c2s, ...queues.s2c);
        const messages = messagesOf(frames);
        const found = messages.map(
          ({ octets, parts }) => `${parts[0]?.direction} ${Buffer.from(octets).toString()}`,
        );
        expect(found.sort()).toEqual([`c2s ${utf8(a)}`, `s2c ${utf8(b)}`].sort());
        expect(messages.flatMap(rulesOf)).toEqual([]);
      },
    ),
    { numRuns: 50 },
  );
});

test('an empty last fragment ends a message', () => {
  const [message] = messagesOf([
    [frame(TEXT, false, Buffer.from('final')), 's2c'],
    [frame(CONTINUATION, true, new Uint8Array(0)), 's2c'],
  ]);
  expect(Buffer.from(message?.octets ?? []).toString()).toBe('final');
  expect(message?.parts.length).toBe(2);
});

test('a message inside another one ends it; what continues nothing is no message', () => {
  const messages = messagesOf([
    [frame(TEXT, false, Buffer.from('lost')), 's2c'],
    [frame(TEXT, true, Buffer.from('intruder')), 's2c'],
    [frame(CONTINUATION, true, Buffer.from('stray')), 's2c'],
  ]);
  expect(messages.map(({ octets }) => Buffer.from(octets).toString())).toEqual(['intruder']);
});

test('judges UTF-8 over the whole message', () => {
  const half = (first: readonly number[], second: readonly number[]): SessionMessage | undefined =>
    messagesOf([
      [frame(TEXT, false, Uint8Array.from(first)), 's2c'],
      [frame(CONTINUATION, true, Uint8Array.from(second)), 's2c'],
    ])[0];
  expect(rulesOf(half([0xc3], [0xa9]))).toEqual([]);
  expect(rulesOf(half([0xc3], [0x28]))).toEqual(['UTF8']);
  expect(rulesOf(half([0xed, 0xa0], [0x80]))).toEqual(['UTF8']);
});

test('a message over the limit is said to be not all there', () => {
  const limits = { ...protocol.limits, maxMessageOctets: 4 };
  const { reassembly } = protocol;
  const small = createDecoder({
    ...protocol,
    limits,
    reassembly: reassembly === null ? null : { ...reassembly, maxOctets: 4 },
  });
  const [message] = messagesOf([[frame(TEXT, true, Buffer.from('hello')), 's2c']], small);
  expect(message).toMatchObject({ decoded: null, incomplete: 'it has more than 4 octets' });
});
