import type { Content, Expr, Field, Protocol } from '../../spec/index.ts';

/** What is read by expressions of a spec. */
export interface ReadFields {
  /** Sizes and counts are computed from them, also through value instances: the encoder derives them. */
  readonly derived: ReadonlySet<Field>;
  /** They decide how reading goes on: conditions, switches, ends of repetitions, positions, keys. */
  readonly steering: ReadonlySet<Field>;
}

export function readFields(protocol: Protocol): ReadFields {
  const derived = new Collector(protocol);
  const steering = new Collector(protocol);
  for (const { fields, instances } of protocol.types) {
    const parsed = instances.flatMap((one) => (one.kind === 'parse' ? [one] : []));
    for (const { pos } of parsed) steering.visit(pos);
    for (const { repeat, content, when } of [...fields, ...parsed]) {
      steering.visit(when);
      if (repeat.kind === 'count') derived.visit(repeat.count);
      if (repeat.kind === 'until') steering.visit(repeat.until);
      visitContent(content, { derived, steering });
    }
  }
  return { derived: derived.found, steering: steering.found };
}

interface Collectors {
  readonly derived: Collector;
  readonly steering: Collector;
}

function visitContent(content: Content, to: Collectors): void {
  if (content.kind === 'switch') {
    to.steering.visit(content.on);
    for (const { content: arm } of content.arms) visitContent(arm, to);
    if (content.fallback !== null) visitContent(content.fallback, to);
    return;
  }
  const extent = 'extent' in content ? content.extent : null;
  if (extent?.length.kind === 'size') to.derived.visit(extent.length.octets);
  if (extent?.process != null) to.steering.visit(extent.process);
}

/** Walks everything that an expression reads, through value instances. */
class Collector {
  readonly found = new Set<Field>();
  readonly #protocol: Protocol;
  readonly #seen = new Set<unknown>();

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
  }

  visit(node: unknown): void {
    if (typeof node !== 'object' || node === null || node instanceof Uint8Array || this.#seen.has(node))
      return;
    this.#seen.add(node);
    const expr = node as Expr;
    if (expr.kind === 'member') this.#member(expr);
    for (const [key, value] of Object.entries(expr)) if (key !== 'type') this.visit(value);
  }

  #member({ owner, member: { kind, index } }: Expr & { kind: 'member' }): void {
    const type = this.#protocol.types[owner];
    const field = kind === 'field' ? type?.fields[index] : undefined;
    if (field !== undefined) this.found.add(field);
    const instance = kind === 'instance' ? type?.instances[index] : undefined;
    if (instance?.kind === 'value') this.visit(instance.value);
  }
}
