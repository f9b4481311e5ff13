import type { Expr, Field, StructType } from '../../spec/index.ts';
import { sharedExtent } from './extents.ts';
import { instanceExpressions, readingExpressions, subexpressions, visitExpr } from './walk.ts';

/**
 * For each instance (`TYPE/ID`), how many fields of its object are surely read when it is first evaluated: the
 * lowest field that asks for it while the object is being read. Instances that are missing here are evaluated
 * on whole objects only.
 */
export function firstUses(types: readonly StructType[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  const lower = (key: string, fields: number): void => {
    first.set(key, Math.min(fields, first.get(key) ?? Number.POSITIVE_INFINITY));
  };
  for (const type of types) {
    type.fields.forEach((field, index) => {
      for (const expr of readingExpressions(field)) noteUses(expr, type, index, lower);
    });
    // An instance may be asked for while its object is being read; what it uses is then asked for as well.
    for (const instance of type.instances) {
      for (const expr of instanceExpressions(instance)) noteForeignUses(expr, type, lower);
    }
  }
  spreadThroughInstances(types, first, lower);
  return first;
}

function noteUses(
  expr: Expr,
  type: StructType,
  index: number,
  lower: (key: string, fields: number) => void,
): void {
  visitExpr(expr, (part) => {
    if (part.kind !== 'member' || part.member.kind !== 'instance') return;
    const own = part.object.kind === 'self' && part.owner === type.id;
    lower(`${String(part.owner)}/${part.member.id}`, own ? index : 0);
  });
}

/** Of another object's instance nothing is known: it may be half read. */
function noteForeignUses(expr: Expr, type: StructType, lower: (key: string, fields: number) => void): void {
  visitExpr(expr, (part) => {
    if (part.kind !== 'member' || part.member.kind !== 'instance') return;
    if (part.object.kind !== 'self' || part.owner !== type.id)
      lower(`${String(part.owner)}/${part.member.id}`, 0);
  });
}

/** Ends: numbers only fall, and are not negative. */
function spreadThroughInstances(
  types: readonly StructType[],
  first: ReadonlyMap<string, number>,
  lower: (key: string, fields: number) => void,
): void {
  for (let changed = true; changed;) {
    changed = false;
    for (const type of types) {
      for (const instance of type.instances) {
        const fields = first.get(`${String(type.id)}/${instance.id}`);
        if (fields === undefined) continue;
        for (const expr of instanceExpressions(instance)) {
          visitExpr(expr, (part) => {
            if (part.kind !== 'member' || part.member.kind !== 'instance' || part.owner !== type.id) return;
            const key = `${String(type.id)}/${part.member.id}`;
            if ((first.get(key) ?? Number.POSITIVE_INFINITY) <= fields) return;
            lower(key, fields);
            changed = true;
          });
        }
      }
    }
  }
}

/**
 * Instances (`TYPE/ID`) that reading an object cannot do without: an expression of a field that is always there needs
 * their value whatever the octets are.
 */
export function settledInstances(types: readonly StructType[]): ReadonlySet<string> {
  const settled = new Set<string>();
  for (const type of types) {
    for (const field of type.fields) {
      const needed = field.when !== null ? [field.when] : field.repeat.kind === 'once' ? sizesOf(field) : [];
      for (const expr of needed) noteNeeded(expr, type, settled);
    }
  }
  return settled;
}

/** What has to be known of a field's octets. Of a switch, only what it is switched on is always needed. */
function sizesOf(field: Field): readonly Expr[] {
  const extent = sharedExtent(field.content);
  return extent?.length.kind === 'size' ? [extent.length.octets] : [];
}

/** Skips what is evaluated only sometimes: the branches of a choice, the right side of `and` and `or`. */
function noteNeeded(expr: Expr, type: StructType, settled: Set<string>): void {
  if (
    expr.kind === 'member' &&
    expr.member.kind === 'instance' &&
    expr.object.kind === 'self' &&
    expr.owner === type.id
  ) {
    settled.add(`${String(type.id)}/${expr.member.id}`);
  }
  const always =
    expr.kind === 'choose' ? [expr.condition] : expr.kind === 'logic' ? [expr.left] : subexpressions(expr);
  for (const part of always) noteNeeded(part, type, settled);
}
