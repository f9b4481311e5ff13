import type { Expr, Instance } from '../../spec/index.ts';
import type { Compiler } from './compiler.ts';
import { operandsOf } from './walk-expression.ts';

/**
 * Which instances are evaluated as soon as a PDU is complete: those shown ones that read octets or can fail, so that
 * faults do not depend on who looks. The others are computed when somebody does.
 */
export class Settling {
  private readonly c: Compiler;
  /** An instance being judged counts as unsafe: it would need itself. */
  private readonly judged = new Map<Instance, boolean>();

  constructor(c: Compiler) {
    this.c = c;
  }

  isNeededFor(instance: Instance): boolean {
    return !instance.hidden && !this.isSafeInstance(instance);
  }

  private isSafeInstance(instance: Instance): boolean {
    if (instance.kind === 'parse' || instance.valid !== null) return false;
    const known = this.judged.get(instance);
    if (known !== undefined) return known;
    this.judged.set(instance, false);
    const safe = this.isSafe(instance.value) && (instance.when === null || this.isSafe(instance.when));
    this.judged.set(instance, safe);
    return safe;
  }

  /** An expression that reads no octets and can at worst be absent. */
  private isSafe(expr: Expr): boolean {
    if (expr.kind === 'subscript' || expr.kind === 'io') return false;
    if (expr.kind === 'call' && !isSafeCall(expr)) return false;
    if (expr.kind === 'arithmetic' && !isSafeOperator(expr)) return false;
    if (expr.kind === 'member' && expr.member.kind === 'instance') {
      const instance = this.c.plan(expr.owner).type.instances[expr.member.index];
      if (instance === undefined || !this.isSafeInstance(instance)) return false;
    }
    return operandsOf(expr).every((operand) => this.isSafe(operand));
  }
}

function isSafeCall({ method, object }: Extract<Expr, { kind: 'call' }>): boolean {
  if (method === 'to-i') return object.type.kind !== 'string' && object.type.kind !== 'float';
  return method === 'length' || method === 'size' || method === 'name' || method === 'is-utf8';
}

/** Division and shifts fail on some right operands, which a constant settles. */
function isSafeOperator({ op, right }: Extract<Expr, { kind: 'arithmetic' }>): boolean {
  if (op === 'div' || op === 'mod') return right.kind === 'int' && right.value !== 0n;
  if (op === 'shl' || op === 'shr') return right.kind === 'int' && right.value >= 0n;
  return true;
}
