/** Lua's operators from the loosest to the tightest (Lua manual 2.5.6; the same in 5.1-5.4 for those used). */
export const PRECEDENCE = {
  or: 1,
  and: 2,
  compare: 3,
  concat: 5,
  add: 6,
  multiply: 7,
  unary: 8,
  primary: 10,
} as const;

/** A piece of Lua with what is needed to put it into a larger one. */
export interface LuaExpr {
  readonly text: string;
  readonly precedence: number;
  /** True when evaluating it can raise a problem: an absent member, a division by zero, a bad number ... */
  readonly fallible: boolean;
}

export function primary(text: string, fallible = false): LuaExpr {
  return { text, precedence: PRECEDENCE.primary, fallible };
}

/** Operators whose nesting on the right needs no brackets. */
const ASSOCIATIVE = new Set(['or', 'and', '..']);

/** `left op right` of an operator that Lua groups to the left, or that does not care. */
export function binary(op: string, precedence: number, left: LuaExpr, right: LuaExpr): LuaExpr {
  return {
    text: `${within(left, precedence)} ${op} ${within(right, ASSOCIATIVE.has(op) ? precedence : precedence + 1)}`,
    precedence,
    fallible: left.fallible || right.fallible,
  };
}

/** Comparison does not associate: both sides are bracketed when they are comparisons themselves. */
export function comparison(op: string, left: LuaExpr, right: LuaExpr): LuaExpr {
  return {
    text: `${within(left, PRECEDENCE.compare + 1)} ${op} ${within(right, PRECEDENCE.compare + 1)}`,
    precedence: PRECEDENCE.compare,
    fallible: left.fallible || right.fallible,
  };
}

export function call(name: string, args: readonly LuaExpr[], fallible = false): LuaExpr {
  return primary(
    `${name}(${args.map((arg) => arg.text).join(', ')})`,
    fallible || args.some((arg) => arg.fallible),
  );
}

/** The text, in brackets when it binds more loosely than the place it goes to. */
export function within(expr: LuaExpr, precedence: number): string {
  return expr.precedence < precedence ? `(${expr.text})` : expr.text;
}

/** As the prefix of `.x`, `[x]` or `:f()`: Lua wants a name, a call or brackets there. */
export function prefix(expr: LuaExpr): string {
  return /^[\w.\][()"]+$/u.test(expr.text) &&
    expr.precedence === PRECEDENCE.primary &&
    /^[A-Za-z_(]/u.test(expr.text)
    ? expr.text
    : `(${expr.text})`;
}
