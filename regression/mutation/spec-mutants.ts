import type { Expr, Field, Instance, Protocol, Span, StructType } from '../../spec/index.ts';
import { contentsOf } from '../coverage/coverage-items.ts';
import { memberName, typePrefix, typesInUse } from '../coverage/names.ts';
import { contentChanges } from './content-mutants.ts';
import { changesOf, intExpr, negated, oneMore } from './expr-mutants.ts';
import { exprText } from './expr-text.ts';
import { exprsIn, type IrPath, withPart } from './ir-path.ts';
import { numbered, type Operator, type SpecMutant } from './mutant.ts';
import { enumMutants, exchangedFields } from './table-mutants.ts';

/**
 * Every spec with one fault that somebody could have made, each with what it is about: widths, byte orders, the order
 * of fields, conditions, constants, enums, keys, rules, state. What only whole connections show (pairing, recovery,
 * rules of modules, handing over) and what only Wireshark shows (names, display) is not touched.
 */
export function specMutants(protocol: Protocol): readonly SpecMutant[] {
  const gather = new Gatherer(protocol);
  for (const type of typesInUse(protocol)) gather.type(type);
  gather.protocol();
  return numbered([...gather.mutants, ...enumMutants(protocol)]);
}

interface Subject {
  readonly subject: string;
  readonly span: Span | null;
}

interface Change {
  readonly operator: Operator;
  readonly before: string;
  readonly after: string;
}

class Gatherer {
  readonly mutants: SpecMutant[] = [];
  readonly #protocol: Protocol;

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
  }

  type(type: StructType): void {
    const path: IrPath = ['types', type.id];
    for (const [index, field] of type.fields.entries()) {
      const subject = this.#subjectOf(field, type);
      this.#member(field, subject, [...path, 'fields', index]);
      this.#exchanged(type, index, subject);
    }
    for (const [index, instance] of type.instances.entries()) {
      this.#member(instance, this.#subjectOf(instance, type), [...path, 'instances', index]);
    }
    for (const [index, { id, expect, span }] of type.checks.entries()) {
      const subject = { subject: `rule ${id}`, span };
      const at = [...path, 'checks', index, 'expect'];
      this.#expr(expect, 'rule', subject, at);
      this.#without(type.checks, [...path, 'checks'], index, {
        operator: 'rule',
        before: 'rule',
        ...subject,
      });
    }
    for (const [index, { variable, value }] of type.sets.entries()) {
      const subject = { subject: `${typePrefix(type, this.#protocol)}set ${variable}`, span: type.span };
      this.#expr(value, 'state', subject, [...path, 'sets', index, 'value']);
      this.#without(type.sets, [...path, 'sets'], index, { operator: 'state', before: 'set', ...subject });
    }
  }

  /** What is not of a type: messages, variables, the Info column. */
  protocol(): void {
    const { reassembly, session, info, processes } = this.#protocol;
    if (info !== null) this.#expr(info, 'text', { subject: 'info', span: null }, ['info']);
    if (reassembly !== null) {
      const subject = { subject: 'messages', span: null };
      for (const key of ['part', 'first', 'last'] as const) {
        this.#expr(reassembly[key], 'message', { ...subject, subject: `messages, ${key}` }, [
          'reassembly',
          key,
        ]);
      }
      this.#inner(reassembly.args, 'message', subject, ['reassembly', 'args']);
      this.#put({ operator: 'message', before: 'messages', after: 'none' }, subject, ['reassembly'], null);
    }
    for (const [index, process] of processes.entries()) {
      const subject = { subject: `process ${process.name}`, span: null };
      if (process.window === 'none') continue;
      const change = {
        operator: 'process',
        before: `window ${process.window}`,
        after: 'window none',
      } as const;
      this.#put(change, subject, ['processes', index, 'window'], 'none');
    }
    for (const [index, { id, from, init }] of session.entries()) {
      const subject = { subject: `session ${id}`, span: null };
      // A header that is seen always tells whether it has an element.
      const isUsed = from === null || from.take.kind === 'value' || from.take.kind === 'parameter';
      if (isUsed) this.#expr(init, 'state', subject, ['session', index, 'init']);
      if (from === null) continue;
      const other = from.in === 'request' ? 'response' : 'request';
      const change = { operator: 'header', before: from.in, after: other } as const;
      this.#put(change, subject, ['session', index, 'from', 'in'], other);
    }
  }

  #subjectOf(member: Field | Instance, type: StructType): Subject {
    return { subject: memberName(member, type, this.#protocol), span: member.span };
  }

  #member(member: Field | Instance, subject: Subject, path: IrPath): void {
    if (member.when !== null) {
      this.#expr(member.when, 'condition', subject, [...path, 'when']);
      const change = {
        operator: 'condition',
        before: `if ${exprText(member.when)}`,
        after: 'always',
      } as const;
      this.#put(change, subject, [...path, 'when'], null);
    }
    if (member.valid !== null) {
      this.#inner(member.valid, 'valid', subject, [...path, 'valid']);
      this.#put({ operator: 'valid', before: 'valid', after: 'none' }, subject, [...path, 'valid'], null);
    }
    if (!('content' in member)) {
      this.#inner(member.value, 'constant', subject, [...path, 'value']);
      return;
    }
    this.#repeat(member, subject, path);
    if ('pos' in member) this.#inner(member.pos, 'position', subject, [...path, 'pos']);
    this.#content(member, subject, [...path, 'content']);
  }

  #repeat({ repeat }: Field, subject: Subject, path: IrPath): void {
    const at = [...path, 'repeat'];
    this.#inner(repeat, 'repeat', subject, at);
    if (repeat.kind === 'once') return;
    if (repeat.kind === 'count') {
      if (repeat.count.kind === 'int') return;
      const count = oneMore(repeat.count);
      const change = { operator: 'repeat', before: exprText(repeat.count), after: exprText(count) } as const;
      this.#put(change, subject, [...at, 'count'], count);
      return;
    }
    const once = { kind: 'count', count: intExpr(1n) };
    this.#put({ operator: 'repeat', before: repeat.kind, after: 'once' }, subject, at, once);
  }

  #content({ content }: Field, subject: Subject, path: IrPath): void {
    this.#inner(content, 'constant', subject, path);
    for (const change of contentChanges(content, this.#protocol)) {
      this.#put(change, subject, path, change.content);
    }
    if (content.kind !== 'switch') return;
    for (const [index, inner] of contentsOf(content).entries()) {
      const at = index < content.arms.length ? ['arms', index, 'content'] : ['fallback'];
      for (const change of contentChanges(inner, this.#protocol)) {
        this.#put(change, subject, [...path, ...at], change.content);
      }
    }
  }

  #exchanged(type: StructType, index: number, subject: Subject): void {
    const [own, next] = [type.fields[index], type.fields[index + 1]];
    if (own === undefined || next === undefined) return;
    const change = {
      operator: 'field order',
      before: `${own.id}, ${next.id}`,
      after: `${next.id}, ${own.id}`,
    } as const;
    this.#add(change, subject, () => exchangedFields(this.#protocol, type, index));
  }

  /** An expression: the opposite of a condition, and changes of its parts. */
  #expr(expr: Expr, operator: Operator, subject: Subject, path: IrPath): void {
    if (expr.type.kind === 'bool' && expr.kind !== 'bool') {
      const after = negated(expr);
      this.#put({ operator, before: exprText(expr), after: exprText(after) }, subject, path, after);
    }
    this.#inner(expr, operator, subject, path);
  }

  #inner(part: unknown, operator: Operator, subject: Subject, path: IrPath): void {
    for (const { expr, path: at } of exprsIn(part, path)) {
      for (const change of changesOf(expr, this.#protocol.enums)) {
        // The opposite of the whole is told apart already.
        if (expr.kind === 'not' && at.length === path.length && operator !== 'constant') continue;
        const words = { before: exprText(expr), after: exprText(change.after) };
        this.#put({ operator: change.operator, ...words }, subject, at, change.after);
      }
    }
  }

  #without(
    list: readonly unknown[],
    path: IrPath,
    index: number,
    change: Subject & Omit<Change, 'after'>,
  ): void {
    const rest = list.filter((_, other) => other !== index);
    this.#put({ operator: change.operator, before: change.before, after: 'none' }, change, path, rest);
  }

  #put(change: Change, subject: Subject, path: IrPath, part: unknown): void {
    this.#add(change, subject, () => withPart(this.#protocol, path, part));
  }

  #add({ operator, before, after }: Change, { subject, span }: Subject, protocol: () => Protocol): void {
    const name = `${subject}: ${operator}, ${before} -> ${after}`;
    this.mutants.push({ name, operator, subject, before, after, span, protocol });
  }
}
