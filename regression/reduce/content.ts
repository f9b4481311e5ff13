import {
  createDecoder,
  type Decoder,
  decoderOptions,
  type DecodedStruct,
  memberValue,
  type Side,
  type Value,
} from '../../analyzer/index.ts';
import type { Content as FieldContent, Expr, Param, Protocol } from '../../spec/index.ts';
import { EncodeError } from '../encode/encode-error.ts';
import { encodePdu } from '../encode/encode-pdu.ts';
import { type Given, type GivenMap, isMap } from '../encode/given.ts';
import type { GivenParam, PathStep } from '../suite/suite.ts';
import type { DraftPart } from './draft.ts';

type DecodedItem = DecodedStruct['items'][number];

/** Text or octets in a PDU. */
export interface ContentLeaf {
  readonly steps: readonly PathStep[];
  readonly octets: Uint8Array;
}

/** A PDU as the values that it can be written from, so that others can be put in their place. */
export interface Content {
  readonly leaves: readonly ContentLeaf[];
  /** The PDU with other octets in these places, in the order of `leaves`; null: it cannot be written. */
  readonly write: (octets: readonly Uint8Array[]) => Uint8Array | null;
}

/** Values that are looked at one by one, whether they follow from the others; a PDU with more keeps the rest. */
const MAX_DERIVED = 64;

/** What the spec makes of the PDU; of one that it cannot write again, the octets as they are. */
export function contentOf(protocol: Protocol, part: DraftPart): Content {
  return encodedContent(protocol, part) ?? plainContent(part.octets);
}

function plainContent(octets: Uint8Array): Content {
  return { leaves: [{ steps: [], octets }], write: ([only]) => only ?? null };
}

function encodedContent(protocol: Protocol, { origin, side, octets }: DraftPart): Content | null {
  if (origin.problem !== null) return null;
  const params = paramsOf(origin.decoded.root);
  const root = decode(protocol, octets, params);
  if (root === null) return null;
  const given = new Map([...params].map(([id, value]) => [id, { value }]));
  given.delete(directionOf(protocol));
  const encode = (values: GivenMap): Uint8Array | null =>
    tryEncode(protocol, values, { side, params: given });
  const isSame = (values: GivenMap): boolean => {
    const again = encode(values);
    return again !== null && Buffer.compare(again, octets) === 0;
  };
  // Text with a terminator or padding is not all of its octets.
  const all = [octetsOfText, valueOfText].map((text) => givenOf(root, text)).find(isSame);
  if (all === undefined) return null;
  const needed = withoutDerived(all, isSame);
  const keys = maskingKeys(protocol);
  const leaves = [...leavesOf(needed, [])].filter(({ steps }) => !keys.has(String(steps.at(-1))));
  const put = (values: GivenMap, leaf: ContentLeaf, other: Uint8Array | undefined): GivenMap =>
    withOctets(values, leaf.steps, other) as GivenMap;
  return {
    leaves,
    write: (others) =>
      encode(leaves.reduce((values, leaf, index) => put(values, leaf, others[index]), needed)),
  };
}

const decoders = new WeakMap<Protocol, Decoder>();

/** The PDU that the octets are; null: no whole one, and nothing else. */
function decode(
  protocol: Protocol,
  octets: Uint8Array,
  params: ReadonlyMap<string, GivenParam['value']>,
): DecodedStruct | null {
  const decoder = decoders.get(protocol) ?? createDecoder(protocol, decoderOptions());
  decoders.set(protocol, decoder);
  const outcome = decoder.decode(octets, 0, octets.length, Object.fromEntries(params));
  if (outcome.kind !== 'pdu' || outcome.pdu.problem !== null) return null;
  return outcome.pdu.length === octets.length ? outcome.pdu.root : null;
}

function tryEncode(
  protocol: Protocol,
  given: GivenMap,
  { side, params }: { side: Side; params: ReadonlyMap<string, Pick<GivenParam, 'value'>> },
): Uint8Array | null {
  try {
    return encodePdu(protocol, given, side, params);
  } catch (error) {
    if (error instanceof EncodeError) return null;
    throw error;
  }
}

/** What the conversation had come to when the PDU was sent. */
function paramsOf(root: DecodedStruct): ReadonlyMap<string, GivenParam['value']> {
  return new Map(
    root.items.flatMap(({ member, value }): [string, GivenParam['value']][] =>
      root.type.params.includes(member as Param) && isScalar(value) ? [[member.id, value]] : [],
    ),
  );
}

/** The param that is who sends. */
function directionOf({ types, root }: Protocol): string {
  return types[root]?.params.find(({ source }) => source.kind === 'direction')?.id ?? '';
}

function isScalar(value: Value): value is GivenParam['value'] {
  return value !== undefined && (typeof value !== 'object' || value instanceof Uint8Array);
}

/** The octets of a text as an item has it. */
type TextOctets = (item: DecodedItem, value: string) => Uint8Array;

function octetsOfText({ range }: DecodedItem, value: string): Uint8Array {
  if (range === null || range.start % 8 !== 0) return Buffer.from(value, 'utf8');
  return range.source.bytes.slice(range.start / 8, (range.start + range.length) / 8);
}

function valueOfText(_item: DecodedItem, value: string): Uint8Array {
  return Buffer.from(value, 'utf8');
}

/** The fields of an object. Text is given by its octets, which need not be valid text. */
function givenOf(object: DecodedStruct, text: TextOctets): GivenMap {
  return Object.fromEntries(
    object.type.fields.flatMap((field): readonly (readonly [string, Given])[] => {
      const found = memberValue(object, field.id);
      if ('error' in found) return [];
      const items = object.items.filter(({ member }) => member === field);
      if (field.repeat.kind !== 'once') return [[field.id, items.map((item) => givenItem(item, text))]];
      const [item] = items;
      if (item !== undefined) return [[field.id, givenItem(item, text)]];
      return field.when === null ? [] : [[field.id, null]];
    }),
  );
}

function givenItem(item: DecodedItem, text: TextOctets): Given {
  const { value } = item;
  if (value instanceof Uint8Array) return { hex: value };
  if (typeof value === 'string') return { hex: text(item, value) };
  if (typeof value !== 'object') return value;
  return givenOf(value as DecodedStruct, text);
}

/** Members that content is masked with: they are as good as any others, and content stays masked with them. */
function maskingKeys({ types }: Protocol): ReadonlySet<string> {
  const contents = types.flatMap(({ fields }) => fields.flatMap(({ content }) => contentsIn(content)));
  const processes = contents.flatMap((content) =>
    'extent' in content ? (content.extent?.process ?? []) : [],
  );
  const keys = new Set(
    processes.flatMap((process) => (process.kind === 'xor' ? [...membersIn(process.key)] : [])),
  );
  const computed = types.flatMap(({ instances }) =>
    instances.flatMap((own) => (own.kind === 'value' ? [own] : [])),
  );
  // What a key is computed from comes behind it, and is looked at in its turn.
  for (const key of keys) {
    for (const { value } of computed.filter(({ id }) => id === key)) {
      for (const id of membersIn(value)) keys.add(id);
    }
  }
  return keys;
}

function contentsIn(content: FieldContent): readonly FieldContent[] {
  if (content.kind !== 'switch') return [content];
  const arms = content.arms.flatMap((arm) => contentsIn(arm.content));
  return content.fallback === null ? arms : [...arms, ...contentsIn(content.fallback)];
}

/** Ids of all members in an expression. Ends: an expression is a tree. */
function* membersIn(expr: object): Generator<string> {
  if ('member' in expr) yield (expr as Expr & { kind: 'member' }).member.id;
  for (const [key, part] of Object.entries(expr) as [string, unknown][]) {
    if (key !== 'type' && typeof part === 'object' && part !== null) yield* membersIn(part);
  }
}

/** Without the numbers that follow from the rest: lengths, counts, conditions. */
function withoutDerived(given: GivenMap, isSame: (given: GivenMap) => boolean): GivenMap {
  let needed = given;
  for (const steps of [...numbersOf(given, [])].slice(0, MAX_DERIVED)) {
    const without = withValue(needed, steps, undefined) as GivenMap;
    if (isSame(without)) needed = without;
  }
  return needed;
}

function* numbersOf(given: Given, steps: readonly PathStep[]): Generator<readonly PathStep[]> {
  if (given === null || typeof given === 'number' || typeof given === 'bigint') yield steps;
  for (const [step, value] of membersOf(given)) yield* numbersOf(value, [...steps, step]);
}

function* leavesOf(given: Given, steps: readonly PathStep[]): Generator<ContentLeaf> {
  const octets = octetsOf(given);
  if (octets !== null) yield { steps, octets };
  else for (const [step, value] of membersOf(given)) yield* leavesOf(value, [...steps, step]);
}

function membersOf(given: Given): readonly (readonly [PathStep, Given])[] {
  if (octetsOf(given) !== null) return [];
  if (Array.isArray(given)) return (given as readonly Given[]).map((value, index) => [index, value]);
  return isMap(given) ? Object.entries(given) : [];
}

/** `{hex: ...}` */
function octetsOf(given: Given): Uint8Array | null {
  const hex = isMap(given) && Object.keys(given).length === 1 ? given['hex'] : undefined;
  return hex instanceof Uint8Array ? hex : null;
}

function withOctets(given: Given, steps: readonly PathStep[], octets: Uint8Array | undefined): Given {
  return octets === undefined ? given : withValue(given, steps, { hex: octets });
}

function withValue(given: Given, [step, ...rest]: readonly PathStep[], value: Given): Given {
  if (step === undefined) return value;
  if (Array.isArray(given)) {
    const list = given as readonly Given[];
    return list.map((item, index) => (index === step ? withValue(item, rest, value) : item));
  }
  return isMap(given) ? { ...given, [step]: withValue(given[step], rest, value) } : given;
}
