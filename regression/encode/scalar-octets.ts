import type { Endian } from '../../spec/index.ts';
import { type Built, type EncValue } from './built.ts';
import { EncodeError, NotKnown } from './encode-error.ts';
import { compare } from './operators.ts';
import type { Occurrence, Plain, Plan } from './plan.ts';
import { textOctets } from './text-octets.ts';

/** The octets of one value, without terminator and padding. */
export function scalarOctets(value: EncValue, content: Plain, at: Occurrence, plan: Plan): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (content.kind === 'string' && typeof value === 'string') {
    const octets = textOctets(value, content.encoding);
    if (octets === undefined) throw new EncodeError(at.steps, `cannot be written in ${content.encoding}`);
    return octets;
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

function integerOctets(
  value: EncValue,
  how: { readonly content: Plain & { kind: 'integer' }; readonly isLittle: boolean; readonly at: Occurrence },
): Uint8Array {
  const { content, isLittle, at } = how;
  const bits = content.octets * 8;
  const isInside =
    typeof value === 'bigint' &&
    (content.signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)) === value;
  if (!isInside) throw new EncodeError(at.steps, `must fit into ${bits} bits`);
  const all = Array.from({ length: content.octets }, (_, octet) =>
    Number((value >> BigInt(8 * octet)) & 0xffn),
  );
  return Uint8Array.from(isLittle ? all : all.reverse());
}

function orderOf(endian: Endian, object: Built, plan: Plan): 'le' | 'be' {
  let at: Built | null = object;
  if (endian !== 'type') return endian;
  while (at !== null && at.type.endian.kind === 'inherited') at = at.parent;
  if (at?.type.endian.kind !== 'calculated') throw new NotKnown();
  const { on, cases, fallback } = at.type.endian;
  const scope = { self: at };
  const value = plan.evaluator.value(on, scope);
  const found = cases.find((one) => compare('eq', value, plan.evaluator.value(one.value, scope)));
  const order = found?.endian ?? fallback;
  if (order === null) throw new EncodeError(object.steps, 'has no byte order');
  return order;
}
