import type { Endian } from '../../spec/index.ts';
import { type Built, type EncValue } from './built.ts';
import { EncodeError, NotKnown } from './encode-error.ts';
import { compare } from './operators.ts';
import type { Occurrence, Plain, Plan } from './plan.ts';
import { refuseBeyond } from './scalar-given.ts';
import { textOctets } from './text-octets.ts';

/** The octets of one value, without terminator and padding. */
export function scalarOctets(value: EncValue, content: Plain, at: Occurrence, plan: Plan): Uint8Array {
  if (value instanceof Uint8Array) return ofContents(value, content, at);
  if (content.kind === 'string' && typeof value === 'string') {
    const octets = textOctets(value, content.encoding);
    if (octets !== undefined) return octets;
    throw new EncodeError(
      at.steps,
      `cannot be written in ${content.encoding}; give its octets, as {hex: 01 02}`,
    );
  }
  if (content.kind !== 'integer' && content.kind !== 'float')
    throw new EncodeError(at.steps, 'has no value that can be written');
  const view = new DataView(new ArrayBuffer(content.octets));
  const isLittle = content.octets > 1 && orderOf(content.endian, at.object, plan) === 'le';
  if (content.kind === 'float') {
    if (content.octets === 4) view.setFloat32(0, Number(value), isLittle);
    else view.setFloat64(0, Number(value), isLittle);
    return new Uint8Array(view.buffer);
  }
  return integerOctets(value, { content, isLittle, at });
}

/** `contents` may be given otherwise than the spec has them, but not longer or shorter. */
function ofContents(value: Uint8Array, content: Plain, { steps }: Occurrence): Uint8Array {
  if (content.kind !== 'contents' || value.length === content.expected.length) return value;
  throw new EncodeError(steps, `must have ${content.expected.length} octets, and has ${value.length}`);
}

function integerOctets(
  value: EncValue,
  how: { readonly content: Plain & { kind: 'integer' }; readonly isLittle: boolean; readonly at: Occurrence },
): Uint8Array {
  const { content, isLittle, at } = how;
  if (typeof value !== 'bigint') throw new EncodeError(at.steps, 'must be an integer');
  refuseBeyond(value, content, at.steps);
  const all = Array.from({ length: content.octets }, (_, octet) =>
    Number((value >> BigInt(8 * octet)) & 0xffn),
  );
  return Uint8Array.from(isLittle ? all : all.reverse());
}

/** The order of octets in an object: its content's own, or that of the object that the type leaves it to. */
export function orderOf(endian: Endian, object: Built, plan: Plan): 'le' | 'be' {
  let at: Built | null = object;
  if (endian !== 'type') return endian;
  while (at !== null && at.type.endian.kind === 'inherited') at = at.holder;
  if (at?.type.endian.kind !== 'calculated') throw new NotKnown();
  const { on, cases, fallback } = at.type.endian;
  const scope = { self: at };
  const value = plan.evaluator.value(on, scope);
  const found = cases.find((one) => compare('eq', value, plan.evaluator.value(one.value, scope)));
  const order = found?.endian ?? fallback;
  if (order === null) throw new EncodeError(object.steps, 'has no byte order');
  return order;
}
