import type { EnumSymbol, SpecModel, TypeSymbol } from './symbols.ts';

/** Types are nested at most as deep as the YAML they stand in. */
const LONGEST_PATH = 200;

/** Looks a type up as Kaitai does: in the type itself, in those around it, then among the files. */
export function findType(
  model: SpecModel,
  from: TypeSymbol,
  path: readonly string[],
  absolute = false,
): TypeSymbol | undefined {
  const [first] = path;
  if (first === undefined || path.length > LONGEST_PATH) return undefined;
  for (let here: TypeSymbol | undefined = absolute ? topOf(from) : from; here !== undefined; here = here.up) {
    const nested = descend(model, here, path);
    if (nested !== undefined) return nested;
  }
  const top = model.tops.get(first);
  return top === undefined || path.length === 1 ? top : findType(model, top, path.slice(1));
}

function topOf(symbol: TypeSymbol): TypeSymbol {
  let top = symbol;
  while (top.up !== undefined) top = top.up;
  return top;
}

/** The first name is one of the type's own; the further ones are looked up from there, outwards too. */
function descend(
  model: SpecModel,
  here: TypeSymbol,
  [first = '', ...rest]: readonly string[],
): TypeSymbol | undefined {
  const nested = here.types.get(first);
  return nested === undefined || rest.length === 0 ? nested : findType(model, nested, rest);
}

/** An enum by `name` or `type::path::name`. */
export function findEnum(
  model: SpecModel,
  from: TypeSymbol,
  path: readonly string[],
  absolute = false,
): EnumSymbol | undefined {
  const name = path.at(-1);
  const typePath = path.slice(0, -1);
  if (name === undefined) return undefined;
  const start =
    typePath.length > 0 ? findType(model, from, typePath, absolute) : absolute ? topOf(from) : from;
  for (let here = start; here !== undefined; here = here.up) {
    const found = here.enums.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Names that a lookup from here could have found, for "did you mean". */
export function visibleTypeNames(model: SpecModel, from: TypeSymbol): readonly string[] {
  const names = [...model.tops.keys()];
  for (let here: TypeSymbol | undefined = from; here !== undefined; here = here.up)
    names.push(...here.types.keys());
  return names;
}

export function visibleEnumNames(from: TypeSymbol): readonly string[] {
  const names: string[] = [];
  for (let here: TypeSymbol | undefined = from; here !== undefined; here = here.up)
    names.push(...here.enums.keys());
  return names;
}
