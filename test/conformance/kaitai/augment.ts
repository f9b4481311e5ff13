import type { SourceText } from '../../../spec/index.ts';
import type { KaitaiAssert, KaitaiSuite } from './suite.ts';

/**
 * The spec with one value instance more for each side of each assertion (`kst_a0`, `kst_e0`), so that assertions are
 * evaluated by nothing but the language itself.
 */
export function withAsserts(spec: SourceText, asserts: readonly KaitaiAssert[]): SourceText {
  const entries = asserts.flatMap(({ actual, expected }, i) => [
    { id: `kst_a${i.toString()}`, value: actual },
    ...(expected.kind === 'value' ? [{ id: `kst_e${i.toString()}`, value: expected.expression }] : []),
  ]);
  if (entries.length === 0) return spec;
  const lines = spec.text.split('\n');
  const at = lines.findIndex((line) => /^instances:\s*(#.*)?$/.test(line));
  const first = lines.slice(at + 1).find((line) => /^\s+[^\s#]/.test(line)) ?? '';
  const indent = at < 0 ? '  ' : first.slice(0, first.length - first.trimStart().length);
  const added = entries.flatMap(({ id, value }) => [
    `${indent}${id}:`,
    `${indent}  value: ${JSON.stringify(value)}`,
  ]);
  const text =
    at < 0
      ? [spec.text, 'instances:', ...added, ''].join('\n')
      : [...lines.slice(0, at + 1), ...added, ...lines.slice(at + 1)].join('\n');
  return { name: spec.name, text };
}

/** Types that the suite compiles beside a spec with `ks-opaque-types`: they become imports, which is what they are. */
export function withOpaqueImports(spec: SourceText, suite: KaitaiSuite): SourceText {
  const option = /^( +)ks-opaque-types: *true *$/m.exec(spec.text);
  if (option === null) return spec;
  const named = Array.from(spec.text.matchAll(/type: *['"]?([a-z][a-z0-9_]*)/g), ([, name]) => name ?? '');
  const local = new Set(
    Array.from(spec.text.matchAll(/^ {2}([a-z][a-z0-9_]*):/gm), ([, name]) => name ?? ''),
  );
  const known = [...new Set(named)].filter((name) => !local.has(name) && suite.format(name) !== undefined);
  if (known.length === 0) return spec;
  const indent = option[1] ?? '  ';
  const imports = [`${indent}imports:`, ...known.map((name) => `${indent}  - ${name}`)].join('\n');
  return { name: spec.name, text: spec.text.replace(option[0], `${option[0]}\n${imports}`) };
}
