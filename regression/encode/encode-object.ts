import type { Expr, Extent } from '../../spec/index.ts';
import { MAX_VECTOR_OCTETS } from '../suite/octets.ts';
import { type Built, type EncValue, isBuilt, keyOf } from './built.ts';
import type { Demand } from './demand.ts';
import { EncodeError, known } from './encode-error.ts';
import { fitted, type Octets, processed, refusePadding, refuseTerminator, roomOf } from './fit-extent.ts';
import type { Given } from './given.ts';
import { type OctetForm, octetForm } from './octet-form.ts';
import { type Image, OctetWriter, saying } from './octet-writer.ts';
import { type Patch, patched } from './patch.ts';
import type { Occurrence, Plain, Plan, ReadMember } from './plan.ts';
import { refuseUnknown } from './refuse-unknown.ts';
import { refuseBeyond } from './scalar-given.ts';
import { scalarOctets } from './scalar-octets.ts';

/** Most elements that a count alone makes. */
const MAX_ELEMENTS = 10_000;
const MAX_DEPTH = 64;

/** One pass over the spec: writes what is known, and notes what would have to be otherwise. */
export class ObjectWriter {
  readonly demands: Demand[] = [];
  readonly sizes = new Map<string, number>();
  readonly images = new Map<string, Image>();
  /** Octets at positions that contradict what else stands there; errors when nothing moves any more. */
  readonly conflicts: EncodeError[] = [];
  /** Terminators that stand behind the members that they end. */
  readonly ends: Patch[] = [];
  /** Objects written, in order. */
  readonly objects: Built[] = [];
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  write(object: Built, writer: OctetWriter): void {
    if (object.steps.length > MAX_DEPTH) throw new EncodeError(object.steps, 'is nested too deep');
    refuseUnknown(object);
    const start = writer.bitPosition;
    const self = { ...object, writer };
    this.objects.push(self);
    for (const [index, field] of self.type.fields.entries()) {
      // Behind bits all but bits begins at the next octet, also what is not there.
      const before = self.type.fields[index - 1]?.content.kind;
      if (before === 'bits' && field.content.kind !== 'bits') writer.align();
      this.member(self, field, writer);
    }
    const octets = Math.ceil((writer.bitPosition - start) / 8);
    this.sizes.set(`object ${keyOf(object.steps)}`, octets);
  }

  /** Octets of a stream with what is read at positions of it; they are noted. */
  finish(stream: string, writer: OctetWriter): Image {
    const own = this.#plan.knowledge.patches.filter((patch: Patch) => patch.stream === stream);
    const { image, conflicts } = patched(writer.image(), own);
    this.conflicts.push(...conflicts);
    this.images.set(stream, image);
    return image;
  }

  /** Writes a field, or an instance that is read, as often as it is there. */
  member(object: Built, field: ReadMember, writer: OctetWriter): void {
    const given = object.given[field.id];
    const steps = [...object.steps, field.id];
    if (!this.#isThere(object, field, given)) return;
    const { repeat } = field;
    if (repeat.kind === 'once') {
      const value = this.#one({ object, field, steps, index: undefined }, given, writer);
      if (value !== undefined && isBuilt(value)) object.children.set(field.id, value);
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
      if (repeat.kind === 'until' && value !== undefined)
        this.#endsRightly(at, item, { until: repeat.until, value, isLast: index === items.length - 1 });
    }
  }

  #endsRightly(
    at: Occurrence,
    given: Given,
    { until, value, isLast }: { readonly until: Expr; readonly value: EncValue; readonly isLast: boolean },
  ): void {
    const message = isLast
      ? 'cannot be the last element: the repetition would go on'
      : 'ends the repetition before its end';
    const { object, field, steps, index } = at;
    const scope = { self: object, it: value, index };
    const it = isBuilt(value) ? undefined : (): EncValue => this.#plan.value(at, field.content, given);
    this.#demand({ expr: until, scope, it, wanted: isLast, steps, message });
  }

  #isThere(self: Built, { when, id }: ReadMember, given: Given): boolean {
    const steps = [...self.steps, id];
    if (when === null) {
      if (given === null)
        throw new EncodeError(steps, 'is absent (null), and has no condition: it is always there');
      return true;
    }
    if (given !== undefined) {
      const wanted = given !== null;
      const message = wanted
        ? 'is given, and by its condition absent'
        : 'is absent, and by its condition there';
      this.#demand({ expr: when, scope: { self }, wanted, steps, message });
      return wanted;
    }
    return known(() => this.#plan.evaluator.flag(when, { self })) ?? false;
  }

  #items(self: Built, { repeat, id }: ReadMember, given: readonly Given[] | undefined): readonly Given[] {
    const steps = [...self.steps, id];
    if (repeat.kind === 'until') {
      if (given?.length === 0) throw new EncodeError(steps, 'must have an element: it ends with one');
      return given ?? [undefined];
    }
    if (repeat.kind !== 'count') return given ?? [];
    if (given !== undefined) {
      const message = `has ${given.length} elements, which is not what its count says`;
      this.#demand({ expr: repeat.count, scope: { self }, wanted: BigInt(given.length), steps, message });
      return given;
    }
    const count = known(() => this.#plan.evaluator.int(repeat.count, { self })) ?? 0n;
    if (count > MAX_ELEMENTS) throw new EncodeError(steps, `has no values, and ${count} elements`);
    return Array.from({ length: Number(count) }, () => undefined);
  }

  /** Writes one occurrence and returns its value. */
  #one(at: Occurrence, given: Given, writer: OctetWriter): EncValue | undefined {
    const { steps } = at;
    const content = known(() => this.#plan.plain(at.field.content, at));
    if (content === undefined) {
      if (given !== undefined && given !== null)
        throw new EncodeError(steps, 'is given, and what it is switched on has no type for it');
      return undefined;
    }
    const form = this.#formOf(content, given, at);
    const value =
      form === undefined
        ? this.#value(at, content, given)
        : known(() => this.#plan.value(at, content, given));
    if (content.kind === 'bits') {
      if (value !== undefined) writer.bits(bitsOf(value, content, at), content.width, { ...content, steps });
      return value;
    }
    writer.align();
    const what = { at, content, given };
    if (form !== undefined) this.#raw(form, what, writer);
    else if (value !== undefined && isBuilt(value)) this.#object(value, what, writer);
    else if (value !== undefined) this.#scalar(value, what, writer);
    return value;
  }

  /** What nothing was given for may depend on what is not known yet: then nothing is written in this pass. */
  #value(at: Occurrence, content: Plain, given: Given): EncValue | undefined {
    if (given !== undefined && given !== null && content.kind !== 'struct')
      return this.#plan.value(at, content, given);
    return known(() => this.#plan.value(at, content, given));
  }

  /** Octets that were given instead of a value, or instead of an object. */
  #formOf(content: Plain, given: Given, { steps }: Occurrence): OctetForm | undefined {
    const { protocol } = this.#plan.knowledge;
    switch (content.kind) {
      case 'integer':
      case 'float':
      case 'bits':
        return undefined;
      case 'bytes':
      case 'contents':
      case 'opaque':
      case 'string': {
        const form = octetForm(given, protocol, steps);
        // Text that is repeated is text.
        return content.kind === 'string' && this.#isRepeated(given) ? undefined : form;
      }
      case 'struct':
        return this.#plan.takesOctets(content, given) ? octetForm(given, protocol, steps) : undefined;
    }
  }

  #isRepeated(given: Given): boolean {
    return typeof given === 'object' && given !== null && 'repeat' in given;
  }

  #raw({ octets, onWire }: OctetForm, what: What, writer: OctetWriter): void {
    const { content, at } = what;
    if ('extent' in content && content.extent !== null) {
      this.#extent(saying(octets), { ...what, onWire, spare: 0 }, writer);
    } else {
      const checked = content.kind === 'contents' ? scalarOctets(octets, content, at, this.#plan) : octets;
      writer.write(saying(checked), at.steps);
    }
  }

  #object(object: Built, what: What, writer: OctetWriter): void {
    const extent = what.content.kind === 'struct' ? what.content.extent : null;
    if (extent === null) {
      this.write(object, writer);
      return;
    }
    const inner = new OctetWriter();
    this.write(object, inner);
    const image = this.finish(object.stream, inner);
    const spare = image.octets.length === inner.length ? inner.spare : 0;
    this.#extent(image, { ...what, onWire: false, spare }, writer);
  }

  #scalar(value: EncValue, what: What, writer: OctetWriter): void {
    const octets = known(() => scalarOctets(value, what.content, what.at, this.#plan));
    const { content, at } = what;
    const size = content.kind === 'integer' || content.kind === 'float' ? content.octets : 0;
    const written = octets ?? new Uint8Array(size);
    if ('extent' in content && content.extent !== null)
      this.#extent(saying(written), { ...what, onWire: false, spare: 0 }, writer);
    else writer.write(saying(written), at.steps);
  }

  #extent(inner: Octets, what: InExtent, writer: OctetWriter): void {
    const { at, content, onWire } = what;
    if (!('extent' in content) || content.extent === null) return;
    const { extent } = content;
    const { steps } = at;
    const size = this.#sizeOf(extent, at);
    const room = roomOf(size, MAX_VECTOR_OCTETS);
    const value = onWire ? inner : this.#processed(inner, { extent, what, room }, writer);
    if (!onWire) refuseTerminator(value.octets, extent, { room, steps });
    if (!onWire && (room !== undefined || extent.length.kind === 'rest'))
      refusePadding(value.octets, extent, { room, steps });
    const ended = onWire ? value : fitted(value, extent, room);
    const raw = withoutSpare(ended, room, what.spare);
    const filling = this.#fill(raw, what, { extent, size });
    const spared = ended.octets.length - raw.octets.length;
    this.sizes.set(`io ${keyOf(steps)}`, inner.octets.length - spared + filling);
    writer.write(raw, steps);
    if (!onWire) this.#endOf(extent, at, writer);
    if (filling > 0) writer.write(nothing(filling), steps);
  }

  #sizeOf({ length }: Extent, { object: self, index }: Occurrence): bigint | undefined {
    if (length.kind !== 'size') return undefined;
    return known(() => this.#plan.evaluator.int(length.octets, { self, index }));
  }

  /** Octets that are missing to the size; where nothing may be filled in, the size must be that of the octets. */
  #fill(
    { octets }: Octets,
    { at, content, given, onWire }: InExtent,
    { extent: { length }, size }: { readonly extent: Extent; readonly size: bigint | undefined },
  ): number {
    const room = roomOf(size, MAX_VECTOR_OCTETS);
    if (length.kind !== 'size' || octets.length === room) return 0;
    const { object: self, index, steps } = at;
    const fills = !onWire && (content.kind === 'struct' || given === undefined);
    const message = `takes ${octets.length} octets, and its size is ${size ?? 'not known'}`;
    const wanted = BigInt(octets.length);
    this.#demand({ expr: length.octets, scope: { self, index }, wanted, steps, message, fills });
    return fills ? Math.max((room ?? 0) - octets.length, 0) : 0;
  }

  /** What reading makes of a terminator that need not be there, or is left to what follows. */
  #endOf(
    { length, eosError, consume, include, terminator }: Extent,
    at: Occurrence,
    writer: OctetWriter,
  ): void {
    if (length.kind !== 'terminated' || terminator === null) return;
    if (consume && !include && !eosError) writer.maySpare(terminator.length);
    if (consume || include || !eosError) return;
    const image = { ...saying(terminator), spans: [] };
    const stream = this.#plan.streamOf(at);
    this.ends.push({ stream, at: writer.position, image, steps: at.steps, kind: 'terminator' });
  }

  /** A process is asked for when the octets are read: the stream stands behind them. */
  #processed(
    inner: Octets,
    {
      extent,
      what,
      room,
    }: { readonly extent: Extent; readonly what: What; readonly room: number | undefined },
    writer: OctetWriter,
  ): Octets {
    if (extent.process === null) return inner;
    const { object, index, steps } = what.at;
    const end = writer.position + (room ?? inner.octets.length + (extent.terminator?.length ?? 0));
    const self = { ...object, writer: { position: end, used: end } };
    return (
      known(() => processed(inner, extent, { plan: this.#plan, scope: { self, index }, steps })) ?? inner
    );
  }

  #demand(demand: Omit<Demand, 'fills' | 'it'> & Partial<Pick<Demand, 'fills' | 'it'>>): void {
    const { evaluator } = this.#plan;
    const found = known(() => evaluator.value(demand.expr, demand.scope));
    // What is not known in this pass is asked for again in the next.
    if (found !== undefined && found !== demand.wanted)
      this.demands.push({ fills: false, it: undefined, ...demand });
  }
}

interface What {
  readonly at: Occurrence;
  readonly content: Plain;
  readonly given: Given;
}
interface InExtent extends What {
  readonly onWire: boolean;
  /** Octets at the end that may be missing. */
  readonly spare: number;
}

/** A terminator that need not be there is left out where there is no room for it. */
function withoutSpare(all: Octets, room: number | undefined, spare: number): Octets {
  const isLonger = room !== undefined && spare > 0 && all.octets.length > room;
  if (!isLonger || all.octets.length - spare > room) return all;
  return { octets: all.octets.subarray(0, room), said: all.said.subarray(0, room) };
}

function nothing(octets: number): Octets {
  return { octets: new Uint8Array(octets), said: new Uint8Array(octets) };
}

function bitsOf(value: EncValue, content: Plain & { kind: 'bits' }, { steps }: Occurrence): bigint {
  const bits = typeof value === 'boolean' ? BigInt(value) : value;
  if (typeof bits !== 'bigint') throw new EncodeError(steps, 'must be an integer');
  refuseBeyond(bits, content, steps);
  return bits;
}
