import { compileSpec } from '../compile-spec.ts';
import type { CompileInput } from '../compile-spec.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Expr } from '../ir/expression.ts';
import type { Instance, Protocol, StructType } from '../ir/protocol.ts';

/** For tests: compiles a text that has no errors, and fails with the diagnostics when it has. */
export function compileText(text: string, more: Omit<CompileInput, 'main'> = {}): Protocol {
  const { protocol, diagnostics } = compileSpec({ main: { name: 'test.ksy', text }, ...more });
  if (protocol === undefined)
    throw new Error(diagnostics.map((one) => `${one.path} ${one.message}`).join('\n'));
  return protocol;
}

/** What is wrong with a text, as `code path`. */
export function faultsOf(text: string, more: Omit<CompileInput, 'main'> = {}): readonly string[] {
  return diagnosticsOf(text, more).map(({ code, path }) => `${code} ${path}`);
}

export function diagnosticsOf(text: string, more: Omit<CompileInput, 'main'> = {}): readonly Diagnostic[] {
  return compileSpec({ main: { name: 'test.ksy', text }, ...more }).diagnostics;
}

export function typeNamed(protocol: Protocol, name: string): StructType {
  const found = protocol.types.find((type) => type.path.at(-1) === name);
  if (found === undefined) throw new Error(`no type ${name}`);
  return found;
}

/** The value of an expression's instance, in a spec with some attributes to speak of. */
export function expressionOf(expression: string): Expr {
  const text = `
meta: {id: sensors, endian: le}
seq:
  - {id: small, type: u1}
  - {id: signed, type: s1}
  - {id: large, type: u8}
  - {id: real, type: f4}
  - {id: flag, type: b1}
  - {id: plant, type: u1, enum: plant}
  - {id: label, type: str, size: 4, encoding: UTF-8}
  - {id: data, size: 4}
  - {id: list, type: u2, repeat: expr, repeat-expr: 3}
  - {id: part, type: part}
instances:
  result: {value: ${JSON.stringify(expression)}}
types:
  part: {seq: [{id: inner, type: u2}]}
enums:
  plant: {1: tomato, 2: basil}
`;
  const instance: Instance | undefined = compileText(text).types[0]?.instances[0];
  if (instance?.kind !== 'value') throw new Error('the instance has a value');
  return instance.value;
}
