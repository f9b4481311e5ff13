import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeCapture, type SessionPdu, toLine } from '../analyzer/index.ts';
import { compileWebsocket } from './support-websocket.ts';
import { capturesWith, noteWithoutShared, SHARED } from './support-shared.ts';

interface ReferenceFrame {
  readonly offset: number;
  readonly fin: number;
  readonly rsv: number;
  readonly opcode: number;
  readonly masked: number;
  readonly lenbits: 7 | 16 | 64;
  readonly length: number;
  readonly key?: string;
}

interface ReferenceStream {
  readonly stream: number;
  readonly frames?: Record<'c2s' | 's2c', ReferenceFrame[]>;
}

/** Captures cut in the middle of connections: recovery is not what this test is about. */
const MID_STREAM = /^02/;
/** The reference stops at a hole; ours may go on. */
const WITH_HOLES = /^10[bk]/;

interface Line {
  readonly offset: number;
  readonly fields: Record<string, unknown>;
}

async function decode(capture: string): Promise<Map<string, Line[]>> {
  const lines = new Map<string, Line[]>();
  await decodeCapture(capture, [compileWebsocket()], {
    opened: () => undefined,
    pdu: (_connection, pdu: SessionPdu) => {
      const key = `${pdu.stream} ${pdu.direction}`;
      const line = JSON.parse(toLine(pdu, false)) as Line;
      lines.set(key, [...(lines.get(key) ?? []), line]);
    },
  });
  return lines;
}

function asReference({ offset, fields }: Line): object {
  const bit = (name: string, weight: number): number => (fields[name] === true ? weight : 0);
  const lenbits =
    fields['len_payload_64'] !== undefined ? 64 : fields['len_payload_16'] !== undefined ? 16 : 7;
  return {
    offset,
    fin: bit('fin', 1),
    rsv: bit('rsv1', 4) + bit('rsv2', 2) + bit('rsv3', 1),
    opcode: fields['opcode'],
    masked: bit('is_masked', 1),
    lenbits,
    length:
      fields['len_payload'] === undefined ? undefined : BigInt(fields['len_payload'] as string | number),
    key: fields['masking_key'],
  };
}

/** The reference decoder gives up inside a header that is cut; such an entry has fewer members. */
function wholeHeader(frame: Partial<ReferenceFrame>): frame is ReferenceFrame {
  return frame.masked !== undefined && (frame.masked === 0 || frame.key !== undefined);
}

function ofReference(frame: ReferenceFrame, text: string): object {
  const { offset, fin, rsv, opcode, masked, lenbits, key } = frame;
  return { offset, fin, rsv, opcode, masked, lenbits, length: exactLength(frame, text), key };
}

/** JSON.parse rounds lengths above 2^53: such a number is looked up in the text itself. */
function exactLength(frame: ReferenceFrame, text: string): bigint {
  if (frame.length < Number.MAX_SAFE_INTEGER) return BigInt(frame.length);
  const written = [...text.matchAll(/"length": ?(\d{16,})/g)].map((match) => match[1] ?? '0');
  return BigInt(written.find((digits) => Number(digits) === frame.length) ?? frame.length);
}

noteWithoutShared();

const references = capturesWith('.ref.json').filter(({ name }) => !MID_STREAM.test(name));

test.runIf(SHARED !== undefined)('finds the references', () => {
  expect(references.length).toBeGreaterThan(10);
});

test.each(references)(
  'decodes every frame of $name as the reference does',
  async ({ name, capture, beside }) => {
    const text = readFileSync(beside, 'utf8');
    const streams = JSON.parse(text) as ReferenceStream[];
    const lines = await decode(capture);
    for (const { stream, frames } of streams) {
      if (frames === undefined) continue;
      for (const side of ['c2s', 's2c'] as const) {
        const expected = frames[side].filter(wholeHeader).map((frame) => ofReference(frame, text));
        // The reference is in stream order; ours is in the order of the packets that completed the frames.
        const inStream = (lines.get(`${stream} ${side}`) ?? []).sort((a, b) => a.offset - b.offset);
        const found = inStream.map(asReference);
        expect({ stream, side, frames: found.slice(0, expected.length) }).toEqual({
          stream,
          side,
          frames: expected,
        });
        const complete = frames[side].length === expected.length && !WITH_HOLES.test(name);
        if (complete)
          expect({ stream, side, count: found.length }).toEqual({ stream, side, count: expected.length });
      }
    }
  },
);
