import type { DiagnosticSink, Place } from '../diagnostics/diagnostic.ts';
import type { EnumDecl, SpecFile, TypeDecl } from '../syntax/spec-ast.ts';
import type {
  EnumSymbol,
  FieldSymbol,
  InstanceSymbol,
  MemberSymbol,
  ParamSymbol,
  SpecModel,
  TypeSymbol,
} from './symbols.ts';

/** Gives every type, enum and member a symbol, and reports names that stand twice. */
export function declareNames(files: readonly SpecFile[], sink: DiagnosticSink): SpecModel | undefined {
  const declaring = new Declaring(sink);
  const tops = new Map<string, TypeSymbol>();
  for (const file of files) {
    const symbol = declaring.type(file.top, file, undefined);
    const first = tops.get(symbol.decl.id);
    if (first === undefined) tops.set(symbol.decl.id, symbol);
    else reportTwice('a spec', symbol.decl, first.decl, sink);
  }
  const main = [...tops.values()][0];
  if (main === undefined) return undefined;
  return {
    files,
    main,
    tops,
    types: declaring.types,
    enums: declaring.enums,
    resolvedTypes: new Map(),
    resolvedEnums: new Map(),
    parents: new Map(),
    typeIds: new Map(),
    typesById: [],
    sources: files.map((file) => file.source),
  };
}

/** State: the tables being filled, in order of declaration. */
class Declaring {
  readonly types: TypeSymbol[] = [];
  readonly enums: EnumSymbol[] = [];
  readonly #sink: DiagnosticSink;

  constructor(sink: DiagnosticSink) {
    this.#sink = sink;
  }

  type(decl: TypeDecl, file: SpecFile, up: TypeSymbol | undefined): TypeSymbol {
    const path = [...(up?.path ?? []), decl.id];
    const types = new Map<string, TypeSymbol>();
    const enums = new Map<string, EnumSymbol>();
    const params: ParamSymbol[] = [];
    const fields: FieldSymbol[] = [];
    const instances: InstanceSymbol[] = [];
    const members = new Map<string, MemberSymbol>();
    const symbol: TypeSymbol = {
      ...{ decl, file, up, path, types, enums, params, fields, instances, members },
    };
    this.types.push(symbol);
    for (const [index, param] of decl.params.entries()) {
      const { id } = param;
      params.push({ kind: 'param', owner: symbol, index, id: id.value, place: id.place, decl: param });
    }
    for (const [index, item] of decl.seq.entries()) {
      const id = item.id?.value ?? `_unnamed${String(index)}`;
      const place = item.id?.place ?? item.place;
      fields.push({
        kind: 'field',
        owner: symbol,
        index,
        id,
        place,
        decl: item,
        named: item.id !== undefined,
      });
    }
    for (const [index, instance] of decl.instances.entries()) {
      const { id } = instance;
      instances.push({
        kind: 'instance',
        owner: symbol,
        index,
        id: id.value,
        place: id.place,
        decl: instance,
      });
    }
    this.#members(members, [...params, ...fields, ...instances]);
    for (const declared of decl.enums) enums.set(declared.id, this.#enum(declared, path));
    for (const nested of decl.types) types.set(nested.id, this.type(nested, file, symbol));
    return symbol;
  }

  #members(members: Map<string, MemberSymbol>, all: readonly MemberSymbol[]): void {
    for (const member of all) {
      const first = members.get(member.id);
      if (first === undefined) members.set(member.id, member);
      else reportTwice('a member of this type', member, first, this.#sink);
    }
  }

  #enum(decl: EnumDecl, up: readonly string[]): EnumSymbol {
    const symbol = { decl, id: this.enums.length, path: [...up, decl.id] };
    this.enums.push(symbol);
    return symbol;
  }
}

interface Named {
  readonly id: string;
  readonly place: Place;
}

function reportTwice(what: string, again: Named, first: Named, sink: DiagnosticSink): void {
  const notes = [{ message: 'It first stands here.', place: first.place }];
  sink.report('spec/duplicate-id', again.place, { what, id: again.id }, { notes });
}
