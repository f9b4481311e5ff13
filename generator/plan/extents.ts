import type { Content, Expr, Extent, Field } from '../../spec/index.ts';
import { plainContents } from './walk.ts';

/**
 * The extent that all contents of a field have in common, or null. Where there is one, the octets of the field
 * are known before its content is: the content can be read when it is first asked for.
 */
export function sharedExtent(content: Content): Extent | null {
  const extents = plainContents(content).map((plain) =>
    plain.kind === 'struct' || plain.kind === 'bytes' || plain.kind === 'string' || plain.kind === 'opaque'
      ? plain.extent
      : null,
  );
  const first = extents[0] ?? null;
  if (first === null || first.length.kind === 'terminated') return null;
  if (content.kind === 'switch' && content.fallback === null) return null;
  return extents.every((extent) => extent !== null && sameExtent(extent, first)) ? first : null;
}

/** An object (perhaps one of several kinds) in octets of its own, read once: read on first use. */
export function isDeferrable(field: Field): boolean {
  if (field.repeat.kind !== 'once' || sharedExtent(field.content) === null) return false;
  return plainContents(field.content).some((plain) => plain.kind === 'struct');
}

function sameExtent(left: Extent, right: Extent): boolean {
  return fingerprint(left) === fingerprint(right);
}

function fingerprint(extent: Extent): string {
  return JSON.stringify(extent, (_key, value: unknown) => {
    if (typeof value === 'bigint') return `${value.toString()}n`;
    if (value instanceof Uint8Array) return [...value];
    return value;
  });
}

/** The literal an expression is, when it is a whole number that a Lua number holds exactly. */
export function constantInt(expr: Expr): number | null {
  if (expr.kind !== 'int') return null;
  const value = Number(expr.value);
  return Number.isSafeInteger(value) ? value : null;
}
