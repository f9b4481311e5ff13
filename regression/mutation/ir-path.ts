import type { Expr, Protocol } from '../../spec/index.ts';

/** From the protocol down to one of its parts: names of members and positions in lists. */
export type IrPath = readonly (string | number)[];

/** The protocol with another part at a place. Everything else is shared with the original. */
export function withPart(protocol: Protocol, path: IrPath, part: unknown): Protocol {
  return replaced(protocol, path, part) as Protocol;
}

function replaced(whole: unknown, path: IrPath, part: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return part;
  if (Array.isArray(whole)) {
    return (whole as readonly unknown[]).map((one, index) =>
      index === step ? replaced(one, rest, part) : one,
    );
  }
  const object = whole as Readonly<Record<string, unknown>>;
  return { ...object, [step]: replaced(object[step], rest, part) };
}

export interface PlacedExpr {
  readonly expr: Expr;
  readonly path: IrPath;
}

/** All expressions in a part of the IR, outer ones first. Ends: the IR is a tree (what refers, refers by number). */
export function exprsIn(part: unknown, path: IrPath): readonly PlacedExpr[] {
  if (typeof part !== 'object' || part === null || part instanceof Uint8Array) return [];
  const here = isExpr(part) ? [{ expr: part, path }] : [];
  const inner = Array.isArray(part)
    ? part.flatMap((one, index) => exprsIn(one, [...path, index]))
    : Object.entries(part).flatMap(([name, one]) => (SKIPPED.has(name) ? [] : exprsIn(one, [...path, name])));
  return [...here, ...inner];
}

/** No expressions, or the text that they came from. */
const SKIPPED: ReadonlySet<string> = new Set(['type', 'span', 'source', 'aliases', 'handover']);

function isExpr(part: object): part is Expr {
  if (!('kind' in part) || !('type' in part) || part.kind === 'value' || part.kind === 'parse') return false;
  return typeof part.type === 'object' && part.type !== null && 'kind' in part.type;
}

/** The same part of the IR with each of its expressions as `change` makes it, inner ones first. */
export function mapExprs(part: unknown, change: (expr: Expr) => Expr): unknown {
  if (typeof part !== 'object' || part === null || part instanceof Uint8Array) return part;
  if (Array.isArray(part)) return part.map((one) => mapExprs(one, change));
  const copy = Object.fromEntries(
    Object.entries(part).map(([name, one]) => [name, KEPT.has(name) ? one : mapExprs(one, change)]),
  );
  return isExpr(copy) ? change(copy) : copy;
}

const KEPT: ReadonlySet<string> = new Set(['type', 'span', 'sources']);
