import type { ParseInstance } from '../../spec/index.ts';
import { type Built, type EncValue } from './built.ts';
import { NotKnown } from './encode-error.ts';
import type { Image } from './octet-writer.ts';
import type { Occurrence, Plain, Plan } from './plan.ts';
import { orderOf } from './scalar-octets.ts';
import { octetsText } from './text-octets.ts';

/**
 * What is read at a position and was not given: out of the octets of the pass before. Numbers and octets of a known
 * size only: objects are known by what was given for them.
 */
export function peek(object: Built, instance: ParseInstance, plan: Plan): EncValue {
  const steps = [...object.steps, instance.id];
  const at: Occurrence = { object, field: instance, steps, index: undefined };
  const content = plan.plain(instance.content, at);
  if (content === undefined || instance.repeat.kind !== 'once') throw new NotKnown();
  const pos = Number(plan.place(object, instance) ?? -1n);
  const image = plan.knowledge.images.get(plan.streamOf(at));
  if (image === undefined || pos < 0) throw new NotKnown();
  const size = sizeOf(content, at, plan);
  const octets = image.octets.subarray(pos, pos + size);
  if (octets.length < size) throw new NotKnown();
  return valueOf(octets, content, { at, plan, image });
}

function sizeOf(content: Plain, { object }: Occurrence, plan: Plan): number {
  if (content.kind === 'integer' || content.kind === 'float') return content.octets;
  if (content.kind === 'bits') return Math.ceil(content.width / 8);
  if (content.kind === 'contents') return content.expected.length;
  const { extent } = content;
  const isPlain = extent !== null && extent.terminator === null && extent.padRight === null;
  if (!isPlain || extent.process !== null || extent.length.kind !== 'size') throw new NotKnown();
  return Number(plan.evaluator.int(extent.length.octets, { self: object }));
}

interface Place {
  readonly at: Occurrence;
  readonly plan: Plan;
  readonly image: Image;
}

function valueOf(octets: Uint8Array, content: Plain, { at, plan }: Place): EncValue {
  switch (content.kind) {
    case 'integer': {
      const value = integerOf(
        octets,
        content.octets > 1 && orderOf(content.endian, at.object, plan) === 'le',
      );
      return content.signed ? BigInt.asIntN(content.octets * 8, value) : value;
    }
    case 'bits': {
      const all = integerOf(octets, content.order === 'le');
      const rest = BigInt(octets.length * 8 - content.width);
      const value = content.order === 'le' ? all & ((1n << BigInt(content.width)) - 1n) : all >> rest;
      return content.boolean ? value !== 0n : value;
    }
    case 'float': {
      const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
      const isLittle = orderOf(content.endian, at.object, plan) === 'le';
      return content.octets === 4 ? view.getFloat32(0, isLittle) : view.getFloat64(0, isLittle);
    }
    case 'bytes':
    case 'contents':
    case 'opaque':
      return octets;
    case 'string':
      return octetsText(octets, content.encoding) ?? notKnown();
    case 'struct':
      return notKnown();
  }
}

function integerOf(octets: Uint8Array, isLittle: boolean): bigint {
  const ordered = isLittle ? [...octets].reverse() : [...octets];
  return ordered.reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

function notKnown(): never {
  throw new NotKnown();
}
