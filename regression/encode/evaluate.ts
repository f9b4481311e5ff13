import type { EnumId, Expr } from '../../spec/index.ts';
import { type Built, type EncValue, isBuilt } from './built.ts';
import { callMethod } from './call-method.ts';
import { NotKnown } from './encode-error.ts';
import { arithmetic, compare, wrapped } from './operators.ts';

/** What an expression stands in. */
export interface Scope {
  readonly self: Built;
  readonly it?: EncValue | undefined;
  readonly index?: number | undefined;
}

type Operator = Expr & {
  kind:
    | 'not'
    | 'negate'
    | 'invert'
    | 'logic'
    | 'arithmetic'
    | 'concat'
    | 'compare'
    | 'choose'
    | 'subscript'
    | 'format';
};

/** Reads members; the walk over the spec knows how. */
export interface Members {
  field(object: Built, index: number): EncValue;
  instance(object: Built, index: number): EncValue;
  param(object: Built, index: number): EncValue;
  ioSize(object: Built): number;
  sizeOf(object: Built): number;
  enumName(id: EnumId, value: bigint): string;
}

/** Deeper expressions are no protocol's; instances that need themselves end here too. */
const MAX_DEPTH = 200;

/** An interpreter of its own: it shares nothing with the decoder's, nor with what the generator makes of expressions. */
export class Evaluator {
  readonly #members: Members;
  #depth = 0;

  constructor(members: Members) {
    this.#members = members;
  }

  value(expr: Expr, scope: Scope): EncValue {
    if (this.#depth >= MAX_DEPTH) throw new NotKnown();
    this.#depth += 1;
    try {
      return wrapped(this.#compute(expr, scope), expr.type);
    } finally {
      this.#depth -= 1;
    }
  }

  int(expr: Expr, scope: Scope): bigint {
    const value = this.value(expr, scope);
    if (typeof value !== 'bigint') throw new NotKnown();
    return value;
  }

  flag(expr: Expr, scope: Scope): boolean {
    return this.value(expr, scope) === true;
  }

  #object(expr: Expr, scope: Scope): Built {
    const value = this.value(expr, scope);
    if (!isBuilt(value)) throw new NotKnown();
    return value;
  }

  #compute(expr: Expr, scope: Scope): EncValue {
    switch (expr.kind) {
      case 'int':
      case 'float':
      case 'bool':
      case 'string':
      case 'bytes':
      case 'enum':
        return expr.value;
      case 'byte-list':
        return Uint8Array.from(expr.elements, (element) => Number(this.int(element, scope)));
      case 'array':
        return expr.elements.map((element) => this.value(element, scope));
      case 'self':
        return scope.self;
      case 'root':
        return present(this.#object(expr.object, scope).root);
      case 'parent':
        return present(this.#object(expr.object, scope).parent);
      case 'io':
        return this.#object(expr.object, scope);
      case 'index':
        return BigInt(present(scope.index ?? null));
      case 'it':
        return present(scope.it ?? null);
      case 'cast':
        return this.value(expr.operand, scope);
      case 'member':
        return this.#member(expr, scope);
      case 'call':
        return this.#call(expr, scope);
      case 'not':
      case 'negate':
      case 'invert':
      case 'logic':
      case 'arithmetic':
      case 'concat':
      case 'compare':
      case 'choose':
      case 'subscript':
      case 'format':
        return this.#operator(expr, scope);
    }
  }

  #member({ object, member, owner: ownerId }: Expr & { kind: 'member' }, scope: Scope): EncValue {
    const owner = this.#object(object, scope);
    // A cast is not checked where it stands but where a member is read through it.
    if (owner.type.id !== ownerId) throw new NotKnown();
    switch (member.kind) {
      case 'field':
        return this.#members.field(owner, member.index);
      case 'instance':
        return this.#members.instance(owner, member.index);
      case 'param':
        return this.#members.param(owner, member.index);
    }
  }

  #call(expr: Expr & { kind: 'call' }, scope: Scope): EncValue {
    const object = this.value(expr.object, scope);
    if (isBuilt(object)) return this.#ofObject(expr, object);
    const { type } = expr.object;
    if (expr.method === 'name' && type.kind === 'enum' && typeof object === 'bigint')
      return this.#members.enumName(type.enum, object);
    const args = expr.args.map((argument) => this.value(argument, scope));
    return callMethod(expr, object, args);
  }

  /** Of a stream, which stands for by the object that is read from it, or of an object. */
  #ofObject({ method }: Expr & { kind: 'call' }, object: Built): EncValue {
    if (method === 'size') return BigInt(this.#members.ioSize(object));
    if (method === 'pos') return BigInt(present(object.writer).position);
    if (method === 'eof') return present(object.writer).used >= this.#members.ioSize(object);
    if (method === 'sizeof') return BigInt(this.#members.sizeOf(object));
    throw new NotKnown();
  }

  #operator(expr: Operator, scope: Scope): EncValue {
    switch (expr.kind) {
      case 'not':
        return !this.flag(expr.operand, scope);
      case 'negate': {
        const value = this.value(expr.operand, scope);
        return typeof value === 'number' ? -value : -this.int(expr.operand, scope);
      }
      case 'invert':
        return ~this.int(expr.operand, scope);
      case 'logic':
        return this.flag(expr.left, scope) === (expr.op === 'or')
          ? expr.op === 'or'
          : this.flag(expr.right, scope);
      case 'choose':
        return this.value(this.flag(expr.condition, scope) ? expr.yes : expr.no, scope);
      case 'arithmetic':
        return arithmetic(expr.op, this.value(expr.left, scope), this.value(expr.right, scope));
      case 'compare':
        return compare(expr.op, this.value(expr.left, scope), this.value(expr.right, scope));
      case 'concat':
        return this.#concat(this.value(expr.left, scope), this.value(expr.right, scope));
      case 'format':
        return expr.parts.map((part) => this.#text(part, scope)).join('');
      case 'subscript':
        return this.#subscript(expr, scope);
    }
  }

  #concat(left: EncValue, right: EncValue): EncValue {
    if (left instanceof Uint8Array && right instanceof Uint8Array)
      return new Uint8Array(Buffer.concat([left, right]));
    return `${textOf(left)}${textOf(right)}`;
  }

  #text(expr: Expr, scope: Scope): string {
    return textOf(this.value(expr, scope));
  }

  #subscript({ object, index }: Expr & { kind: 'subscript' }, scope: Scope): EncValue {
    const list = this.value(object, scope);
    const at = Number(this.int(index, scope));
    if (list instanceof Uint8Array) return BigInt(present(list[at] ?? null));
    if (!Array.isArray(list)) throw new NotKnown();
    return present((list as readonly EncValue[])[at] ?? null);
  }
}

function present<T>(value: T | null): T {
  if (value === null) throw new NotKnown();
  return value;
}

function textOf(value: EncValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return value.toString();
  throw new NotKnown();
}
