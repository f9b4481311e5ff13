import type { Side } from '../../analyzer/index.ts';
import type { MapReader, ValueReader, YamlNode, YamlScalar } from '../../spec/index.ts';
import { readFrames } from './read-frames.ts';
import type { VectorContext } from './read-vector.ts';
import { readOctets } from './octets.ts';
import type { Part, Unwritable, Vector } from './suite.ts';

/** More steps are a capture, which can be given as one. */
const MAX_STEPS = 1000;
/** A day, in milliseconds. */
const MAX_WAIT_MS = 86_400_000;

/** What the steps of one vector are read with. */
export interface StepContext extends VectorContext {
  /** Values that were given by hand may decide how a frame is written. */
  readonly params: Vector['params'];
  /** Filled with what cannot be written. */
  readonly unwritable: Unwritable[];
}

/** One side's octets (`from` and `hex`, `frame` or `frames`), or `steps`: what both sides send, in turn. */
export function readParts(map: MapReader, context: StepContext): readonly Part[] {
  const steps = map.get('steps');
  if (steps === undefined) return readStep(map, context, 'A vector');
  const { values } = context;
  for (const key of ['from', 'hex', 'frame', 'frames']) {
    const other = map.get(key);
    if (other === undefined) continue;
    const expected = `in one of the "steps", where there are any`;
    values.sink.report('spec/bad-value', other.place, { what: `"${key}"`, expected, found: 'beside them' });
  }
  const items = values.list(steps, '"steps"');
  if (steps.kind === 'list' && (items.length === 0 || items.length > MAX_STEPS)) {
    const expected = `a list of 1 to ${MAX_STEPS}`;
    values.sink.report('spec/bad-value', steps.place, {
      what: '"steps"',
      expected,
      found: `${items.length}`,
    });
  }
  return items.slice(0, MAX_STEPS).flatMap((item) => {
    const step = values.mapReader(item, 'A step');
    const parts = step === undefined ? [] : readStep(step, context, 'A step');
    step?.reportUnknown();
    return parts;
  });
}

function readStep(map: MapReader, context: StepContext, what: string): readonly Part[] {
  const { values } = context;
  const from = values.word(map.get('from'), '"from"', ['client', 'server'] as const);
  const side: Side = from === 'server' ? 's2c' : 'c2s';
  const after = readAfter(map, values);
  return octetsOfStep(map, context, { side, what }).map((octets, index) => ({
    side,
    octets,
    after: index === 0 ? after : 0n,
  }));
}

/** `after: 1500` milliseconds */
function readAfter(map: MapReader, values: ValueReader): bigint {
  const milliseconds = values.integer(map.get('after'), '"after"', { min: 0, max: MAX_WAIT_MS });
  return BigInt(milliseconds ?? 0) * 1_000_000n;
}

/** As octets, or as values that the spec makes octets of. */
function octetsOfStep(
  map: MapReader,
  context: StepContext,
  { side, what }: { readonly side: Side; readonly what: string },
): readonly Uint8Array[] {
  const { values } = context;
  const [frame, frames] = [map.get('frame'), map.get('frames')];
  const hex = frame === undefined && frames === undefined ? map.require('hex') : map.get('hex');
  const [node, other] = [hex, frame, frames].filter((one) => one !== undefined);
  if (other !== undefined) {
    const expected = 'one of "hex", "frame" and "frames"';
    values.sink.report('spec/bad-value', other.place, { what, expected, found: 'two of them' });
  }
  if (node === undefined) return [];
  return node === hex ? readHex(node, values) : readFrames(node, context, side);
}

function readHex(node: YamlNode, values: ValueReader): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (const item of values.listOrOne(node)) {
    const scalar = values.scalar(item, '"hex"', 'hex digits');
    const octets = scalar === undefined ? undefined : octetsOf(scalar, values);
    if (octets === undefined) continue;
    if (octets.length === 0) reportNoOctets(item, values);
    parts.push(octets);
  }
  if (node.kind === 'list' && node.items.length === 0) reportNoOctets(node, values);
  return parts;
}

function reportNoOctets({ place }: YamlNode, { sink }: ValueReader): void {
  sink.report('spec/bad-value', place, { what: '"hex"', expected: 'at least one octet', found: 'none' });
}

function octetsOf(scalar: YamlScalar, { sink }: ValueReader): Uint8Array | undefined {
  const read = readOctets(scalar.text);
  if (read.kind === 'octets') return read.octets;
  const { span, path } = scalar.place;
  const start = (scalar.textStart ?? span.start) + read.start;
  const place =
    scalar.textStart === undefined
      ? scalar.place
      : { span: { source: span.source, start, end: start + read.end - read.start }, path };
  const found = `"${scalar.text.slice(read.start, read.end).slice(0, 40)}"`;
  sink.report('spec/bad-value', place, { what: '"hex"', expected: read.message, found });
  return undefined;
}
