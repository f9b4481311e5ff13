import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readCapture } from '../capture/read-capture.ts';
import type { Side } from '../capture/stream.ts';
import { TcpReassembler } from '../capture/tcp/reassembler.ts';
import { NO_SHARED_CAPTURES, SHARED_CAPTURES } from '../capture/test-support/tshark.ts';
import { TransportDecoder } from '../capture/transport.ts';
import { type Handshake, readHandshake } from '../websocket/handshake.ts';
import { HttpConversation } from './http-conversation.ts';
import type { HttpEvent } from './http-event.ts';

const ReferenceFrame = z.object({
  offset: z.number(),
  fin: z.number(),
  rsv: z.number(),
  opcode: z.number(),
  masked: z.number(),
  lenbits: z.number(),
  length: z.number(),
  key: z.string().nullish(),
});
type ReferenceFrame = z.infer<typeof ReferenceFrame>;

/** A frame of which not even the header is there has no offset; nothing can be compared of it. */
const ReferenceFrames = z
  .array(z.union([ReferenceFrame, z.object({ truncated: z.literal(true) }).transform(() => undefined)]))
  .transform((frames) => frames.filter((frame) => frame !== undefined));

/** What an independent decoder wrote down of each stream (captures/README.md). */
const Reference = z.array(
  z.object({
    stream: z.number(),
    /** Text: the handshake was not seen. */
    ws: z.union([z.boolean(), z.string()]),
    key: z.string().nullish(),
    accept: z.string().nullish(),
    accept_ok: z.boolean().nullish(),
    extensions: z.string().nullish(),
    subprotocol: z.string().nullish(),
    frames: z.object({ c2s: ReferenceFrames, s2c: ReferenceFrames }).optional(),
  }),
);
type Reference = z.infer<typeof Reference>[number];

interface Stream {
  handshake: Handshake | undefined;
  readonly octets: Record<Side, Map<number, number>>;
}

/** Every stream of a capture, with the octets of what it was upgraded to by their offset. */
async function streamsOf(path: string): Promise<Map<number, Stream>> {
  const streams = new Map<number, Stream>();
  const followed = new Map<number, HttpConversation>();
  const decoder = new TransportDecoder();
  const reassembler = new TcpReassembler((event) => {
    const { conversation } = event;
    const stream = streams.get(conversation.stream) ?? {
      handshake: undefined,
      octets: { c2s: new Map(), s2c: new Map() },
    };
    streams.set(conversation.stream, stream);
    const http =
      followed.get(conversation.stream) ??
      new HttpConversation(conversation, 'websocket', (told) => note(stream, told));
    followed.set(conversation.stream, http);
    http.push(event);
  });
  await readCapture(path, (packet) => {
    const transport = decoder.decode(packet);
    if (transport?.kind === 'tcp') reassembler.push(transport);
  });
  reassembler.finish();
  return streams;
}

function note(stream: Stream, event: HttpEvent): void {
  if (event.kind === 'upgrade')
    stream.handshake = readHandshake(event.upgrade.request, event.upgrade.response);
  if (event.kind !== 'data') return;
  const { octets } = stream;
  event.bytes.forEach((octet, index) => octets[event.side].set(event.offset + index, octet));
}

/** First two octets and masking key of a frame, in hex. */
function expectedHeader({ fin, rsv, opcode, masked, lenbits, length, key }: ReferenceFrame): string {
  const short = lenbits === 7 ? length : lenbits === 16 ? 126 : 127;
  return hex((fin << 7) | (rsv << 4) | opcode) + hex((masked << 7) | short) + (key ?? '');
}

function foundHeader(
  octets: ReadonlyMap<number, number>,
  { offset, lenbits, masked }: ReferenceFrame,
): string {
  const keyAt = 2 + (lenbits === 64 ? 8 : lenbits === 16 ? 2 : 0);
  const places = masked === 1 ? [0, 1, keyAt, keyAt + 1, keyAt + 2, keyAt + 3] : [0, 1];
  return places.map((place) => hex(octets.get(offset + place) ?? NaN)).join('');
}

const hex = (octet: number): string => octet.toString(16).padStart(2, '0');

/** Returns how many frames were compared. */
function compare(stream: Stream | undefined, expected: Reference, where: string): number {
  if (expected.ws !== true) {
    expect(stream?.handshake, where).toBeUndefined();
    return 0;
  }
  expect(stream?.handshake, where).toMatchObject({
    seen: 'both',
    key: expected.key,
    accept: expected.accept,
    acceptOk: expected.accept_ok,
    extensions: expected.extensions,
    subprotocol: expected.subprotocol ?? null,
    status: 101,
    breaches: [],
  });
  const sides = (['c2s', 's2c'] as const).map((side) => {
    const frames = expected.frames?.[side] ?? [];
    const octets = stream?.octets[side] ?? new Map<number, number>();
    expect(
      frames.map((frame) => [frame.offset, foundHeader(octets, frame)]),
      `${where} ${side}`,
    ).toEqual(frames.map((frame) => [frame.offset, expectedHeader(frame)]));
    return frames.length;
  });
  return sides.reduce((sum, count) => sum + count, 0);
}

const REFERENCED = SHARED_CAPTURES.map((path) => ({
  path,
  reference: path.replace(/\.pcap.*$/u, '.ref.json'),
})).filter(({ reference }) => existsSync(reference));

test('finds every frame of the references where they say, and the handshakes', async (context) => {
  if (REFERENCED.length === 0) context.skip(NO_SHARED_CAPTURES);
  let compared = 0;
  for (const { path, reference } of REFERENCED) {
    const streams = await streamsOf(path);
    for (const expected of Reference.parse(JSON.parse(readFileSync(reference, 'utf8')))) {
      const where = `${basename(path)} stream ${expected.stream}`;
      compared += compare(streams.get(expected.stream), expected, where);
    }
  }
  expect(compared).toBeGreaterThan(1500);
});
