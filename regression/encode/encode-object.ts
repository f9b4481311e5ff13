import type { Field } from '../../spec/index.ts';
import { MAX_VECTOR_OCTETS } from '../suite/octets.ts';
import type { PathStep } from '../suite/suite.ts';
import { BitWriter } from './bit-writer.ts';
import { type Built, type EncValue, isBuilt, keyOf } from './built.ts';
import type { Demand } from './demand.ts';
import { EncodeError, NotKnown, NotThere } from './encode-error.ts';
import type { Given } from './given.ts';
import { type Occurrence, type Plain, type Plan } from './plan.ts';
import { fitted, processed, refuseTerminator } from './fit-extent.ts';
import { scalarOctets } from './scalar-octets.ts';

/** Most elements that a count alone makes. */
const MAX_ELEMENTS = 10_000;
const MAX_DEPTH = 64;

/** One pass over the spec: writes what is known, and notes what would have to be otherwise. */
export class ObjectWriter {
  readonly demands: Demand[] = [];
  readonly sizes = new Map<string, number>();
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  write(object: Built, writer: BitWriter): void {
    if (object.steps.length > MAX_DEPTH) throw new EncodeError(object.steps, 'is nested too deep');
    this.#refuseUnknown(object);
    const start = writer.length;
    const self = { ...object, writer };
    for (const field of self.type.fields) this.#field(self, field, writer);
    this.sizes.set(`object ${keyOf(object.steps)}`, writer.length - start);
  }

  #refuseUnknown({ type, given, steps }: Built): void {
    for (const id of Object.keys(given)) {
      if (type.fields.some((field) => field.id === id)) continue;
      throw new EncodeError([...steps, id], 'is no field that is written; the values of fields decide it');
    }
  }

  #field(object: Built, field: Field, writer: BitWriter): void {
    const given = object.given[field.id];
    const steps = [...object.steps, field.id];
    if (!this.#isThere(object, field, given)) return;
    const { repeat } = field;
    if (repeat.kind === 'once') {
      this.#one({ object, field, steps, index: undefined }, given, writer);
      return;
    }
    if (given !== undefined && given !== null && !Array.isArray(given))
      throw new EncodeError(steps, 'must be a list, for it is repeated');
    const items = this.#items(object, field, given as readonly Given[] | undefined);
    const made: EncValue[] = [];
    object.children.set(field.id, made);
    for (const [index, item] of items.entries()) {
      const at = { object, field, steps: [...steps, index], index };
      const value = this.#one(at, item, writer);
      if (value !== undefined) made.push(value);
      if (repeat.kind === 'until' && value !== undefined) {
        const isLast = index === items.length - 1;
        const message = isLast ? 'cannot be the last element' : 'ends the repetition before its end';
        this.#demand({
          expr: repeat.until,
          scope: { self: object, it: value, index },
          wanted: isLast,
          steps: at.steps,
          message,
        });
      }
    }
  }

  #isThere(self: Built, { when, id }: Field, given: Given): boolean {
    if (when === null) return true;
    const steps = [...self.steps, id];
    if (given !== undefined) {
      const wanted = given !== null;
      const message = wanted
        ? 'is given, and by its condition absent'
        : 'is absent, and by its condition there';
      this.#demand({ expr: when, scope: { self }, wanted, steps, message });
      return wanted;
    }
    return this.#known(() => this.#plan.evaluator.flag(when, { self })) ?? false;
  }

  #items(self: Built, { repeat, id }: Field, given: readonly Given[] | undefined): readonly Given[] {
    const steps = [...self.steps, id];
    if (repeat.kind === 'until') return given ?? [undefined];
    if (repeat.kind !== 'count') return given ?? [];
    if (given !== undefined) {
      const message = `has ${given.length} elements, which is not what its count says`;
      this.#demand({ expr: repeat.count, scope: { self }, wanted: BigInt(given.length), steps, message });
      return given;
    }
    const count = this.#known(() => this.#plan.evaluator.int(repeat.count, { self })) ?? 0n;
    if (count > MAX_ELEMENTS) throw new EncodeError(steps, `has no values, and ${count} elements`);
    return Array.from({ length: Number(count) }, () => undefined);
  }

  /** Writes one occurrence and returns its value. */
  #one(at: Occurrence, given: Given, writer: BitWriter): EncValue | undefined {
    const { steps } = at;
    const content = this.#known(() => this.#plan.plain(at.field.content, at));
    if (content === undefined) {
      if (given !== undefined && given !== null) throw new EncodeError(steps, 'has no type here');
      return undefined;
    }
    const value = this.#plan.value(at, content, given);
    if (content.kind === 'bits') {
      writer.bits(bitsOf(value, content, steps), content.width, content.order);
      return value;
    }
    writer.align();
    if (isBuilt(value)) this.#object(value, { at, content, given }, writer);
    else this.#scalar(value, { at, content, given }, writer);
    return value;
  }

  #object(object: Built, what: What, writer: BitWriter): void {
    const extent = what.content.kind === 'struct' ? what.content.extent : null;
    if (extent === null) {
      this.write(object, writer);
      return;
    }
    const inner = new BitWriter();
    this.write(object, inner);
    this.#extent(inner.octets(), what, writer);
  }

  #scalar(value: EncValue, what: What, writer: BitWriter): void {
    const octets = scalarOctets(value, what.content, what.at, this.#plan);
    if ('extent' in what.content && what.content.extent !== null) this.#extent(octets, what, writer);
    else writer.write(octets);
  }

  #extent(octets: Uint8Array, { at, content, given }: What, writer: BitWriter): void {
    if (!('extent' in content) || content.extent === null) return;
    const { extent } = content;
    const { object: self, index, steps } = at;
    const scope = { self, index };
    const { length } = extent;
    const evaluate = this.#plan.evaluator;
    const size = length.kind === 'size' ? this.#known(() => evaluate.int(length.octets, scope)) : undefined;
    const fills = content.kind === 'struct' || given === undefined;
    const room = roomOf(size);
    const onWire = processed(octets, extent, { plan: this.#plan, scope, steps });
    refuseTerminator(onWire, extent, { room, steps });
    const raw = fitted(onWire, extent, room);
    let filling = 0;
    if (length.kind === 'size' && raw.length !== room) {
      const message = `takes ${raw.length} octets, and its size is ${size ?? 'not known'}`;
      this.#demand({ expr: length.octets, scope, wanted: BigInt(raw.length), steps, message, fills });
      if (fills) filling = Math.max((room ?? 0) - raw.length, 0);
    }
    this.sizes.set(`io ${keyOf(steps)}`, octets.length + filling);
    writer.write(raw);
    writer.write(new Uint8Array(filling));
  }

  #demand(demand: Omit<Demand, 'fills'> & { readonly fills?: boolean }): void {
    const { evaluator } = this.#plan;
    const found = this.#known(() => evaluator.value(demand.expr, demand.scope));
    // What is not known in this pass is asked for again in the next.
    if (found !== undefined && found !== demand.wanted) this.demands.push({ fills: false, ...demand });
  }

  #known<T>(compute: () => T): T | undefined {
    try {
      return compute();
    } catch (error) {
      if (error instanceof NotKnown || error instanceof NotThere) return undefined;
      throw error;
    }
  }
}

interface What {
  readonly at: Occurrence;
  readonly content: Plain;
  readonly given: Given;
}

function bitsOf(value: EncValue, { width }: Plain & { kind: 'bits' }, steps: readonly PathStep[]): bigint {
  const bits = typeof value === 'boolean' ? BigInt(value) : value;
  if (typeof bits === 'bigint' && bits >= 0n && bits < 1n << BigInt(width)) return bits;
  throw new EncodeError(steps, `must fit into ${width} ${width === 1 ? 'bit' : 'bits'}`);
}

/** What no vector can be as long as is no room. */
function roomOf(size: bigint | undefined): number | undefined {
  return size === undefined || size < 0n || size > BigInt(MAX_VECTOR_OCTETS) ? undefined : Number(size);
}
