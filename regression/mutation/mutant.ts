import type { Protocol, Span } from '../../spec/index.ts';

/** What kind of fault a mutant has: what somebody could have got wrong. */
export const OPERATORS = [
  'width',
  'sign',
  'byte order',
  'bit order',
  'field order',
  'size',
  'constant',
  'comparison',
  'condition',
  'logic',
  'arithmetic',
  'text',
  'enum value',
  'arm',
  'repeat',
  'end',
  'encoding',
  'process',
  'contents',
  'valid',
  'rule',
  'state',
  'header',
  'message',
  // Of the generated Lua only.
  'position',
  'mask',
  'call',
  'result',
  'name',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** A spec with one fault in it. */
export interface SpecMutant {
  /** Unique among the mutants of a protocol, and the same every time: `opcode: width, 4 -> 3`. */
  readonly name: string;
  readonly operator: Operator;
  /** What of the spec it is about: `opcode`, `rule CLOSE-LEN`, `set in_message`. */
  readonly subject: string;
  readonly before: string;
  readonly after: string;
  /** Of the subject in the spec; null: not known. */
  readonly span: Span | null;
  /** What the fault makes of the protocol. */
  readonly protocol: () => Protocol;
}

/** Mutants with names of their own: parts that are alike have changes that are alike. */
export function numbered<T extends { readonly name: string }>(mutants: readonly T[]): readonly T[] {
  const seen = new Map<string, number>();
  return mutants.map((mutant) => {
    const count = (seen.get(mutant.name) ?? 0) + 1;
    seen.set(mutant.name, count);
    return count === 1 ? mutant : { ...mutant, name: `${mutant.name} (${count})` };
  });
}
