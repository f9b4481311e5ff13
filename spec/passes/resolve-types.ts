import type { DiagnosticSink } from '../diagnostics/diagnostic.ts';
import type { Located, TypeName, TypeUse } from '../syntax/spec-ast.ts';
import { abridged } from '../syntax/yaml-node.ts';
import { findEnum, findType, visibleEnumNames, visibleTypeNames } from './find-names.ts';
import type { MemberSymbol, ResolvedType, SpecModel, TypeSymbol } from './symbols.ts';
import { typeName } from './symbols.ts';

/** Finds out what each `type:` and `enum:` of the spec names. */
export function resolveTypes(model: SpecModel, sink: DiagnosticSink): void {
  for (const symbol of model.types) {
    for (const member of [...symbol.params, ...symbol.fields, ...symbol.instances]) {
      for (const use of typeUsesOf(member)) resolveTypeUse(model, symbol, use, sink);
      if (member.decl.enum !== undefined) resolveEnum(model, symbol, member.decl.enum, sink);
    }
  }
  const message = messageUseOf(model);
  if (message !== undefined) resolveTypeUse(model, model.main, message, sink);
}

/** The type of the messages that PDUs make up. */
export function messageUseOf(model: SpecModel): TypeUse | undefined {
  return model.main.file.wire?.state.reassembly?.type;
}

/** The types a member names: none, one, or the cases of a switch. */
export function typeUsesOf(member: MemberSymbol): readonly TypeUse[] {
  const { type } = member.decl;
  if (type === undefined) return [];
  return 'on' in type ? type.cases.map((one) => one.type) : [type];
}

function resolveTypeUse(model: SpecModel, from: TypeSymbol, use: TypeUse, sink: DiagnosticSink): void {
  const name = elementName(use.name);
  if (name.kind !== 'user') return;
  model.resolvedTypes.set(use, resolve({ model, from, sink }, use, name));
}

function elementName(name: TypeName): TypeName {
  return name.kind === 'array' ? elementName(name.element) : name;
}

interface Searching {
  readonly model: SpecModel;
  readonly from: TypeSymbol;
  readonly sink: DiagnosticSink;
}

function resolve(
  { model, from, sink }: Searching,
  use: TypeUse,
  name: Extract<TypeName, { kind: 'user' }>,
): ResolvedType {
  const symbol = findType(model, from, name.path, name.absolute);
  if (symbol !== undefined) return { kind: 'struct', symbol };
  const written = name.path.join('::');
  if (from.file.opaqueTypes) return { kind: 'opaque', name: written };
  const help = sink.suggest(written, () => [...PRIMITIVES, ...visibleTypeNames(model, from)]);
  sink.report('spec/unknown-type', use.place, { name: abridged(written), from: typeName(from) }, { help });
  return { kind: 'broken' };
}

const PRIMITIVES = 'u1 u2 u4 u8 s1 s2 s4 s8 f4 f8 str strz u2le u2be u4le u4be u8le u8be b1'.split(' ');

function resolveEnum(model: SpecModel, from: TypeSymbol, name: Located<string>, sink: DiagnosticSink): void {
  const absolute = name.value.startsWith('::');
  const path = name.value.replace(/^::/, '').split('::');
  const found = findEnum(model, from, path, absolute);
  if (found !== undefined) {
    model.resolvedEnums.set(name, found);
    return;
  }
  const help = sink.suggest(name.value, () => visibleEnumNames(from));
  sink.report(
    'spec/unknown-enum',
    name.place,
    { name: abridged(name.value), from: typeName(from) },
    { help },
  );
}
