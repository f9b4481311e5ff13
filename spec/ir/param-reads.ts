import type { Expr } from './expression.ts';
import { visitExpr } from './expr-children.ts';
import type { Param, StructType, TypeId } from './protocol.ts';
import { memberExpressions } from './type-expressions.ts';

/**
 * Which params of the root type that come from the conversation a value depends on: those that its expression reads,
 * and those that the members do which it reads. A value of which one of them is unknown says nothing.
 */
export class ParamReads {
  readonly #types: readonly StructType[];
  readonly #root: TypeId;

  constructor(types: readonly StructType[], root: TypeId) {
    this.#types = types;
    this.#root = root;
  }

  of(expr: Expr): readonly string[] {
    const found = new Set<string>();
    const seen = new Set<string>();
    this.#collect(expr, found, seen);
    return [...found].sort();
  }

  #collect(expr: Expr, found: Set<string>, seen: Set<string>): void {
    visitExpr(expr, (part) => {
      if (part.kind !== 'member') return;
      const key = `${String(part.owner)} ${part.member.kind} ${String(part.member.index)}`;
      if (seen.has(key)) return;
      seen.add(key);
      const type = this.#types[part.owner];
      if (type === undefined) return;
      if (part.member.kind === 'param') {
        const param = type.params[part.member.index];
        if (part.owner === this.#root && param !== undefined && isContext(param)) found.add(param.id);
        return;
      }
      const list = part.member.kind === 'field' ? type.fields : type.instances;
      const member = list[part.member.index];
      for (const inner of member === undefined ? [] : memberExpressions(member)) {
        this.#collect(inner, found, seen);
      }
    });
  }
}

function isContext({ source }: Param): boolean {
  return source.kind === 'session' || source.kind === 'direction';
}
