import type { Place } from '../diagnostics/diagnostic.ts';
import type { SourceText } from '../source.ts';
import type {
  AttributeDecl,
  EnumDecl,
  InstanceDecl,
  Located,
  ParamDecl,
  SpecFile,
  TypeDecl,
  TypeUse,
} from '../syntax/spec-ast.ts';

/** What names stand for. Built by `declareNames`; the passes after it fill the tables of `SpecModel`. */
export interface TypeSymbol {
  readonly decl: TypeDecl;
  readonly file: SpecFile;
  /** The type it is declared in; undefined: the top type of a file. */
  readonly up: TypeSymbol | undefined;
  readonly path: readonly string[];
  readonly types: ReadonlyMap<string, TypeSymbol>;
  readonly enums: ReadonlyMap<string, EnumSymbol>;
  readonly params: readonly ParamSymbol[];
  readonly fields: readonly FieldSymbol[];
  readonly instances: readonly InstanceSymbol[];
  readonly members: ReadonlyMap<string, MemberSymbol>;
}

export interface EnumSymbol {
  readonly decl: EnumDecl;
  readonly id: number;
  readonly path: readonly string[];
}

export type MemberSymbol = ParamSymbol | FieldSymbol | InstanceSymbol;
interface MemberBase {
  readonly owner: TypeSymbol;
  readonly index: number;
  readonly id: string;
  readonly place: Place;
}
export interface ParamSymbol extends MemberBase {
  readonly kind: 'param';
  readonly decl: ParamDecl;
}
export interface FieldSymbol extends MemberBase {
  readonly kind: 'field';
  readonly decl: AttributeDecl;
  readonly named: boolean;
}
export interface InstanceSymbol extends MemberBase {
  readonly kind: 'instance';
  readonly decl: InstanceDecl;
}

/** What a used type's name means. */
export type ResolvedType =
  | { readonly kind: 'struct'; readonly symbol: TypeSymbol }
  /** Defined outside the spec. */
  | { readonly kind: 'opaque'; readonly name: string }
  /** Unknown, and reported. */
  | { readonly kind: 'broken' };

/** The type of `_parent` inside a type. */
export type ParentState =
  | { readonly kind: 'one'; readonly symbol: TypeSymbol }
  /** Used in several types: no member of its parent is known. */
  | { readonly kind: 'several' }
  | { readonly kind: 'none' };

export interface SpecModel {
  readonly files: readonly SpecFile[];
  readonly main: TypeSymbol;
  /** Top types of all files by id: visible in all files, as in Kaitai. */
  readonly tops: ReadonlyMap<string, TypeSymbol>;
  /** Every type of every file, the main file's first, outer types before inner ones. */
  readonly types: readonly TypeSymbol[];
  readonly enums: readonly EnumSymbol[];
  readonly resolvedTypes: Map<TypeUse, ResolvedType>;
  readonly resolvedEnums: Map<Located<string>, EnumSymbol>;
  readonly parents: Map<TypeSymbol, ParentState>;
  /** Position of a type in the IR, and back: types that can occur in a PDU first, then the others. */
  readonly typeIds: Map<TypeSymbol, number>;
  readonly typesById: TypeSymbol[];
  readonly sources: readonly SourceText[];
}

/** `network::address`, for messages. */
export function typeName(symbol: { readonly path: readonly string[] }): string {
  return symbol.path.join('::');
}

/** Types of another file than the user's own have neither its `_root` nor a `_parent`, as in Kaitai. */
export function isExternalUse(user: TypeSymbol, used: TypeSymbol): boolean {
  return user.file !== used.file;
}
