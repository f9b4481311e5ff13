import type { Expr, Field, Instance, Protocol, StructType, TypeId } from '../../spec/index.ts';

/** `fin`; of another type than the root `close_body.code`, of another file `ip::header.version`. */
export function memberName(member: Field | Instance, type: StructType, protocol: Protocol): string {
  return typePrefix(type, protocol) + member.id;
}

export function typePrefix({ id, path }: StructType, protocol: Protocol): string {
  if (id === protocol.root) return '';
  const [file, ...inner] = path;
  const isOwn = file === protocol.types[protocol.root]?.path[0] && inner.length > 0;
  return `${(isOwn ? inner : path).join('::')}.`;
}

/** A constant as the spec has it: `opcode::close`, `7`, `"GET"`; undefined: it is computed. */
export function constantText(expr: Expr, protocol: Protocol): string | undefined {
  if (expr.kind === 'enum') return `${protocol.enums[expr.enum]?.path.at(-1) ?? ''}::${expr.name}`;
  if (expr.kind === 'string') return JSON.stringify(expr.value);
  return expr.kind === 'int' || expr.kind === 'bool' || expr.kind === 'float'
    ? String(expr.value)
    : undefined;
}

/** Types that a PDU or a message can have objects of; an import brings many that nothing uses. */
export function typesInUse(protocol: Protocol): readonly StructType[] {
  const found = new Set<TypeId>();
  const visit = (id: TypeId): void => {
    const type = protocol.types[id];
    if (found.has(id) || type === undefined) return;
    found.add(id);
    for (const inner of typesOf(type)) visit(inner);
  };
  visit(protocol.root);
  if (protocol.reassembly !== null) visit(protocol.reassembly.type);
  return protocol.types.filter(({ id }) => found.has(id));
}

function typesOf({ fields, instances }: StructType): readonly TypeId[] {
  const contents = [
    ...fields.map(({ content }) => content),
    ...instances.flatMap((instance) => (instance.kind === 'parse' ? [instance.content] : [])),
  ];
  return contents.flatMap(structsIn);
}

function structsIn(content: Field['content']): readonly TypeId[] {
  if (content.kind === 'struct') return [content.type];
  if (content.kind !== 'switch') return [];
  return [...content.arms.map((arm) => arm.content), content.fallback].flatMap((arm) =>
    arm === null ? [] : structsIn(arm),
  );
}
