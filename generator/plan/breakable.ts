import type { Content, Field, StructType, TypeId } from '../../spec/index.ts';
import { heldTypes } from './plan.ts';
import type { Plan } from './plan.ts';
import { plainContents } from './walk.ts';

/**
 * Types of which an object can be wrong: cut short in a stream of its own, or in breach of a rule. Objects of
 * other types need not be looked at unless somebody wants to see them. Ends: the set only grows.
 */
export function breakableTypes(plan: Plan): ReadonlySet<TypeId> {
  const { reassembly } = plan.protocol;
  // A message may not be readable at all.
  const found = new Set<TypeId>(reassembly === null ? [] : [reassembly.type]);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const type of plan.types) {
      if (canBreak(type) || heldTypes(type).some((held) => found.has(held))) found.add(type.id);
    }
  }
  return found;
}

function canBreak(type: StructType): boolean {
  if (type.checks.length > 0 || type.endian.kind === 'calculated') return true;
  if (type.instances.some((instance) => instance.kind === 'parse' || instance.valid !== null)) return true;
  return type.fields.some((field) => fieldCanBreak(field));
}

function fieldCanBreak(field: Field): boolean {
  if (field.valid !== null || field.when !== null || field.repeat.kind !== 'once') return true;
  return (
    field.content.kind === 'switch' ||
    plainContents(field.content).some((content) => contentCanBreak(content))
  );
}

/** Everything can end too early, but for what takes whatever is left. */
function contentCanBreak(content: Content): boolean {
  switch (content.kind) {
    case 'bytes':
    case 'string':
      return content.extent.length.kind !== 'rest' || content.extent.process !== null;
    case 'struct':
      return (
        content.extent !== null && (content.extent.length.kind !== 'rest' || content.extent.process !== null)
      );
    case 'integer':
    case 'float':
    case 'bits':
    case 'contents':
    case 'opaque':
    case 'switch':
      return true;
  }
}
