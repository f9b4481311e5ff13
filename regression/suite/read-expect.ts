import type { Place, YamlEntry, YamlNode, YamlScalar } from '../../spec/index.ts';
import {
  parsePath,
  pathText,
  type PathTarget,
  rootTarget,
  type ScalarKind,
  stepInto,
  typeTarget,
} from './field-paths.ts';
import { literalAs, SCALAR_TEXT } from './literal.ts';
import type { VectorContext } from './read-vector.ts';
import type { Expectation, PathStep, Wanted } from './suite.ts';

/** `expect`: of one PDU, or a list with one for each. Ids are looked up in the spec, and values must fit them. */
export function readExpect(node: YamlNode, context: VectorContext): readonly (readonly Expectation[])[] {
  return readEach(node, context, {
    what: 'What a PDU is expected to be',
    target: rootTarget(context.protocol),
  });
}

/** `messages`: of each message that the PDUs make up, in the order they are completed. */
export function readMessages(
  node: YamlNode,
  context: VectorContext,
): readonly (readonly Expectation[])[] | null {
  const { protocol, values } = context;
  const { reassembly } = protocol;
  if (reassembly === null) {
    const expected = 'in tests of a spec with "reassemble" only';
    values.sink.report('spec/bad-value', node.place, { what: '"messages"', expected, found: 'this one' });
    return null;
  }
  const target = typeTarget(protocol, reassembly.type);
  return readEach(node, context, { what: 'What a message is expected to be', target });
}

interface Subject {
  readonly what: string;
  readonly target: PathTarget;
}

function readEach(
  node: YamlNode,
  context: VectorContext,
  { what, target }: Subject,
): readonly (readonly Expectation[])[] {
  return context.values.listOrOne(node).map((item) => {
    const found: Expectation[] = [];
    const map = context.values.map(item, what);
    const root = { steps: [], target };
    for (const entry of map?.entries ?? []) new ExpectReader(context, found).entry(entry, root);
    return found;
  });
}

interface Reached {
  readonly steps: readonly PathStep[];
  readonly target: PathTarget;
}

/** Flattens nested maps and lists into paths. Its recursion is bounded by the YAML reader's limit on nesting. */
class ExpectReader {
  readonly #context: VectorContext;
  readonly #found: Expectation[];

  constructor(context: VectorContext, found: Expectation[]) {
    this.#context = context;
    this.#found = found;
  }

  entry({ key, value }: YamlEntry, from: Reached): void {
    const steps = parsePath(key.text);
    if (steps === undefined) {
      this.#report(key.place, 'A field', 'ids with dots between them, as in payload.code', `"${key.text}"`);
      return;
    }
    let at = from;
    for (const step of steps) {
      const next = this.#step(at, step, key.place);
      if (next === undefined) return;
      at = next;
    }
    this.#value(value, at);
  }

  #step(from: Reached, step: PathStep, place: Place): Reached | undefined {
    if (typeof step === 'string' && from.target.repeated) {
      this.#reportRepeated(from, place, 'a member of all of them');
      return undefined;
    }
    const found = stepInto(this.#context.protocol, from.target, step);
    if (found.kind === 'found') return { steps: [...from.steps, step], target: found.target };
    const help = found.meant === undefined ? undefined : `Did you mean "${found.meant}"?`;
    const params = { type: found.where, name: found.id };
    this.#context.values.sink.report('spec/unknown-member', place, params, { help });
    return undefined;
  }

  #value(node: YamlNode, at: Reached): void {
    switch (node.kind) {
      case 'map':
        for (const entry of node.entries) this.entry(entry, at);
        break;
      case 'list':
        this.#list(node.items, node.place, at);
        break;
      case 'scalar':
        this.#scalar(node, at);
    }
  }

  #list(items: readonly YamlNode[], place: Place, at: Reached): void {
    if (!at.target.repeated && !at.target.open) {
      this.#report(place, `"${pathText(at.steps)}"`, 'one value, for it is not repeated', 'a list');
      return;
    }
    this.#add(at, { kind: 'count', count: items.length });
    for (const [index, item] of items.entries()) {
      const element = this.#step(at, index, place);
      if (element !== undefined) this.#value(item, element);
    }
  }

  #scalar(scalar: YamlScalar, at: Reached): void {
    if (scalar.value === null) {
      this.#add(at, { kind: 'absent' });
      return;
    }
    if (at.target.repeated) {
      this.#reportRepeated(at, scalar.place, 'one value');
      return;
    }
    const literal = { text: scalar.text, quoted: isQuoted(scalar) };
    const { scalars, enums, open } = at.target;
    const fits = [...scalars].some((kind) => literalAs(kind, literal, enums) !== undefined);
    if (!fits && !open) {
      const names = enums.flatMap(({ values }) => values.map(({ name }) => name));
      const expected = expectedText([...scalars], names);
      this.#report(scalar.place, `"${pathText(at.steps)}"`, expected, `"${scalar.text.slice(0, 40)}"`);
      return;
    }
    this.#add(at, { kind: 'literal', ...literal });
  }

  #add(at: Reached, wanted: Wanted): void {
    const { steps, target } = at;
    this.#found.push({ path: pathText(steps), steps, wanted, enums: target.enums });
  }

  #reportRepeated(at: Reached, place: Place, found: string): void {
    const path = pathText(at.steps);
    this.#report(place, `"${path}"`, `a list, or one of its elements as in ${path}[0]`, found);
  }

  #report(place: Place, what: string, expected: string, found: string): void {
    this.#context.values.sink.report('spec/bad-value', place, { what, expected, found });
  }
}

/** Quotes say that octets are given as text; block scalars are text in any case. */
export function isQuoted({ place }: YamlScalar): boolean {
  const { source, start } = place.span;
  return /["'|>]/.test(source.text.charAt(start));
}

function expectedText(scalars: readonly ScalarKind[], names: readonly string[]): string {
  if (scalars.length === 0) return 'a map of its members';
  const kinds = scalars.map((kind) => SCALAR_TEXT[kind]).join(' or ');
  return names.length === 0 ? kinds : `${kinds} or one of ${names.join(', ')}`;
}
