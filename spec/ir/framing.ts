import type { Expr } from './expression.ts';
import { visitExpr } from './expr-children.ts';
import type {
  Content,
  Extent,
  Field,
  Framing,
  Instance,
  ParseInstance,
  StructType,
  TypeId,
} from './protocol.ts';
import { memberExpressions, typeExpressions } from './type-expressions.ts';

/**
 * Does a PDU itself say where it ends? It does not when something in it reaches to the end of the root stream, or asks
 * where that end is: on TCP the root stream is whatever has arrived so far.
 */
export function deriveFraming(types: readonly StructType[], root: TypeId): Framing {
  const rootType = types[root];
  if (rootType === undefined || rootType.staticBits === 0) {
    return { kind: 'whole-payload', reason: 'a PDU has no octets of its own ("seq" is empty)' };
  }
  const onRoot = typesOnRootStream(types, root);
  for (const id of onRoot) {
    const type = types[id];
    const reason = type === undefined ? undefined : reasonInType(type, { types, root, onRoot });
    if (reason !== undefined) return { kind: 'whole-payload', reason };
  }
  for (const type of types) {
    const reason = reasonInExpressions(type, onRoot);
    if (reason !== undefined) return { kind: 'whole-payload', reason };
  }
  return { kind: 'self-delimiting' };
}

/** Types some object of which is read from the root stream itself, not from a substream. */
function typesOnRootStream(types: readonly StructType[], root: TypeId): ReadonlySet<TypeId> {
  const found = new Set<TypeId>();
  const pending = [root];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const type = types[id];
    if (type === undefined || found.has(id)) continue;
    found.add(id);
    for (const member of membersOf(type)) {
      if ('content' in member) pending.push(...typesInPlace(member.content));
    }
  }
  return found;
}

function membersOf(type: StructType): readonly (Field | Instance)[] {
  return [...type.fields, ...type.instances];
}

function typesInPlace(content: Content): readonly TypeId[] {
  if (content.kind === 'struct') return content.extent === null ? [content.type] : [];
  if (content.kind !== 'switch') return [];
  const arms = content.arms.flatMap((arm) => typesInPlace(arm.content));
  return content.fallback === null ? arms : [...arms, ...typesInPlace(content.fallback)];
}

interface Surroundings {
  readonly types: readonly StructType[];
  readonly root: TypeId;
  readonly onRoot: ReadonlySet<TypeId>;
}

function reasonInType(type: StructType, around: Surroundings): string | undefined {
  for (const field of type.fields) {
    const reason = reasonInField(field);
    if (reason !== undefined) return `${named(type, field.id)} ${reason}`;
  }
  for (const instance of type.instances) {
    if (instance.kind !== 'parse' || instance.io !== null) continue;
    const reason = reasonInField(instance) ?? reasonInPosition(instance, around);
    if (reason !== undefined) return `${named(type, instance.id)} ${reason}`;
  }
  return undefined;
}

function named(type: StructType, id: string): string {
  return `"${[...type.path, id].join('.')}"`;
}

function reasonInField(field: Field): string | undefined {
  if (field.repeat.kind === 'to-end') return 'repeats to the end of the data';
  return reasonInContent(field.content);
}

function reasonInContent(content: Content): string | undefined {
  switch (content.kind) {
    case 'integer':
    case 'float':
    case 'bits':
    case 'contents':
      return undefined;
    case 'bytes':
    case 'string':
    case 'opaque':
      return reasonInExtent(content.extent);
    case 'struct':
      return content.extent === null ? undefined : reasonInExtent(content.extent);
    case 'switch': {
      const contents = [...content.arms.map((arm) => arm.content), content.fallback];
      return contents.map((one) => (one === null ? undefined : reasonInContent(one))).find(Boolean);
    }
  }
}

function reasonInExtent(extent: Extent): string | undefined {
  if (extent.length.kind === 'rest') return 'takes the rest of the data';
  if (extent.length.kind === 'terminated' && !extent.eosError)
    return 'may end with the data, without terminator';
  return undefined;
}

/** An instance at a fixed place inside the sequence is harmless; any other may lie beyond the PDU's end. */
function reasonInPosition(instance: ParseInstance, { types, root }: Surroundings): string | undefined {
  const { pos } = instance;
  const rootBits = types[root]?.staticBits ?? leadingBits(types[root]);
  const bits = contentBits(instance.content, types);
  const inside =
    pos?.type.kind === 'int' &&
    instance.repeat.kind === 'once' &&
    bits !== undefined &&
    pos.type.min >= 0n &&
    8n * pos.type.max + BigInt(bits) <= BigInt(rootBits);
  return inside ? undefined : 'is read at a position of its own, which may lie beyond the sequence';
}

/** Bits that every object of the type has, whatever follows. */
function leadingBits(type: StructType | undefined): number {
  return type?.fields.findLast((field) => field.staticOffsetBits !== null)?.staticOffsetBits ?? 0;
}

function contentBits(content: Content, types: readonly StructType[]): number | undefined {
  switch (content.kind) {
    case 'integer':
    case 'float':
      return 8 * content.octets;
    case 'bits':
      return content.width;
    case 'contents':
      return 8 * content.expected.length;
    case 'struct':
      return content.extent === null
        ? (types[content.type]?.staticBits ?? undefined)
        : extentBits(content.extent);
    case 'bytes':
    case 'string':
    case 'opaque':
      return extentBits(content.extent);
    case 'switch':
      return undefined;
  }
}

function extentBits(extent: Extent): number | undefined {
  if (extent.length.kind !== 'size') return undefined;
  const { type } = extent.length.octets;
  return type.kind === 'int' && type.min === type.max && type.min >= 0n ? 8 * Number(type.max) : undefined;
}

/** `_io.size` and `_io.eof` of an object that may be read from the root stream. */
function reasonInExpressions(type: StructType, onRoot: ReadonlySet<TypeId>): string | undefined {
  const all: readonly (readonly [string, readonly Expr[]])[] = [
    ...membersOf(type).map((member) => [named(type, member.id), memberExpressions(member)] as const),
    [`"${type.path.join('.')}"`, typeExpressions(type)],
  ];
  for (const [name, expressions] of all) {
    if (expressions.some((expr) => asksForEnd(expr, onRoot))) return `${name} asks for the end of the data`;
  }
  return undefined;
}

function asksForEnd(expr: Expr, onRoot: ReadonlySet<TypeId>): boolean {
  let asks = false;
  visitExpr(expr, (part) => {
    if (part.kind !== 'call' || (part.method !== 'size' && part.method !== 'eof')) return;
    if (part.object.type.kind === 'io') asks ||= mayBeRootStream(part.object, onRoot);
  });
  return asks;
}

function mayBeRootStream(stream: Expr, onRoot: ReadonlySet<TypeId>): boolean {
  // A stream held in a parameter or an instance may be any.
  if (stream.kind !== 'io') return true;
  const { type } = stream.object;
  return type.kind !== 'struct' || type.type === null || onRoot.has(type.type);
}
