import type {
  Content,
  Expr,
  Field,
  Instance,
  MemberRef,
  ParseInstance,
  Protocol,
  StructType,
  TypeId,
} from '../../spec/index.ts';
import { at } from '../invariant.ts';
import { isDeferrable } from './extents.ts';
import { firstUses, settledInstances } from './first-use.ts';
import { NameSpace, nameThings } from './names.ts';
import type { Names } from './names.ts';
import { plainContents, streamExpressions, typeExpressions, visitExpr } from './walk.ts';

/**
 * What is known of a protocol before any Lua is written: names, and which values anybody asks for. Values that
 * nobody asks for are not kept, objects that nobody looks at are not read.
 */
export interface Plan {
  readonly protocol: Protocol;
  readonly names: Names;
  /** Types that a PDU can hold, the root first, and those of messages. */
  readonly types: readonly StructType[];
  readonly type: (id: TypeId) => StructType;
  /** Name of a getter in the table `get`. */
  readonly getter: (owner: TypeId, member: string) => string;
  readonly usesParent: (id: TypeId) => boolean;
  readonly usesRoot: (id: TypeId) => boolean;
  /** Whether an expression reads the field's value; else only its place is kept. */
  readonly isRead: (owner: TypeId, member: Field | ParseInstance) => boolean;
  readonly isDeferred: (member: Field) => boolean;
  /** Fields of the owner that are surely read when the instance is first evaluated. */
  readonly fieldsBefore: (owner: TypeId, instance: Instance) => number;
  /** Whether the instance was worked out, and had a value, by the time an object of the type is whole. */
  readonly isSettled: (owner: TypeId, instance: Instance) => boolean;
  /** Whether some expression looks at the place a stream has been read to. */
  readonly tracksPosition: boolean;
  /** Types that hold themselves, at any depth: their depth is counted. */
  readonly isRecursive: (id: TypeId) => boolean;
}

export function makePlan(protocol: Protocol): Plan {
  const types = reachableTypes(protocol);
  const expressions = types.map((type) => ({
    type,
    expressions: [
      ...typeExpressions(type),
      ...(type.id === protocol.root ? streamExpressions(protocol) : []),
    ],
  }));
  const read = new Set<string>();
  const parents = new Set<TypeId>();
  const roots = new Set<TypeId>();
  let tracksPosition = false;
  for (const { type, expressions: own } of expressions) {
    for (const expr of own) {
      visitExpr(expr, (part) => {
        if (part.kind === 'member') read.add(memberKey(part.owner, part.member));
        if (part.kind === 'parent') for (const id of parentHolders(part.object, types)) parents.add(id);
        if (part.kind === 'root') roots.add(type.id);
        if (part.kind === 'call' && (part.method === 'pos' || part.method === 'eof')) tracksPosition = true;
      });
    }
  }
  for (const { id, checks } of types) if (checks.some(({ reads }) => reads.length > 0)) roots.add(id);
  spreadToHolders(roots, types);
  const before = firstUses(types);
  const settled = settledInstances(types);
  const getters = nameGetters(protocol, types);
  const names = nameThings(protocol);
  const recursive = recursiveTypes(types);
  return {
    protocol,
    names,
    types,
    type: (id) => at(protocol.types, id),
    getter: (owner, member) => getters.get(`${String(owner)}/${member}`) ?? member,
    usesParent: (id) => parents.has(id),
    usesRoot: (id) => roots.has(id),
    isRead: (owner, member) =>
      read.has(
        memberKey(owner, { kind: isInstance(member) ? 'instance' : 'field', index: 0, id: member.id }),
      ) ||
      member.valid !== null ||
      member.repeat.kind === 'until',
    isDeferred: isDeferrable,
    fieldsBefore: (owner, instance) =>
      before.get(`${String(owner)}/${instance.id}`) ?? Number.POSITIVE_INFINITY,
    isSettled: (owner, instance) => settled.has(`${String(owner)}/${instance.id}`),
    tracksPosition,
    isRecursive: (id) => recursive.has(id),
  };
}

function isInstance(member: Field | ParseInstance): boolean {
  return 'kind' in member;
}

function memberKey(owner: TypeId, member: MemberRef): string {
  return `${String(owner)}/${member.kind}/${member.id}`;
}

/** Of an object whose type is not known, any type may be the holder's. */
function parentHolders(object: Expr, types: readonly StructType[]): readonly TypeId[] {
  if (object.type.kind === 'struct' && object.type.type !== null) return [object.type.type];
  return types.map((type) => type.id);
}

/** The types of objects that one of this type holds directly. */
export function heldTypes(type: StructType): readonly TypeId[] {
  const contents: Content[] = [
    ...type.fields.map((field) => field.content),
    ...type.instances.flatMap((instance) => (instance.kind === 'parse' ? [instance.content] : [])),
  ];
  return contents
    .flatMap((content) => plainContents(content))
    .flatMap((plain) => (plain.kind === 'struct' ? [plain.type] : []));
}

/** Ends: every type is visited once. */
function reachableTypes(protocol: Protocol): readonly StructType[] {
  const found = new Map<TypeId, StructType>();
  const { reassembly } = protocol;
  const queue = reassembly === null ? [protocol.root] : [protocol.root, reassembly.type];
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    if (found.has(id)) continue;
    const type = at(protocol.types, id);
    found.set(id, type);
    queue.push(...heldTypes(type));
  }
  return [...found.values()];
}

/** Whoever holds a type of the set belongs to it too. Ends: the set only grows. */
function spreadToHolders(set: Set<TypeId>, types: readonly StructType[]): void {
  for (let before = -1; before !== set.size;) {
    before = set.size;
    for (const type of types) if (heldTypes(type).some((held) => set.has(held))) set.add(type.id);
  }
}

function recursiveTypes(types: readonly StructType[]): ReadonlySet<TypeId> {
  const byId = new Map(types.map((type) => [type.id, type]));
  const recursive = new Set<TypeId>();
  for (const type of types) {
    const seen = new Set<TypeId>();
    const queue = [...heldTypes(type)];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      const next = byId.get(id);
      if (next !== undefined) queue.push(...heldTypes(next));
    }
    if (seen.has(type.id)) recursive.add(type.id);
  }
  return recursive;
}

function nameGetters(protocol: Protocol, types: readonly StructType[]): ReadonlyMap<string, string> {
  const space = new NameSpace();
  const names = new Map<string, string>();
  const typeNames = nameThings(protocol);
  for (const type of types) {
    const members = [
      ...type.fields.filter((field) => isDeferrable(field)).map((field) => field.id),
      ...type.instances.map((instance) => instance.id),
    ];
    for (const member of members) {
      const wish = type.id === protocol.root ? member : `${typeNames.type(type.id)}_${member}`;
      names.set(`${String(type.id)}/${member}`, space.claim(wish));
    }
  }
  return names;
}
