import type { Place } from '../diagnostics/diagnostic.ts';
import type { ExprAst } from '../expression/expression-ast.ts';
import type { Severity } from '../ir/protocol.ts';
import type { SourceText } from '../source.ts';
import type { WireTop, WireField, WireParam, WireType } from './wireshark-ast.ts';

/** A spec as it was written: every node has its place, what was not written is undefined. */
export interface Located<T> {
  readonly value: T;
  readonly place: Place;
}

/** An expression that could not be read has no tree; that has been reported. */
export interface ExprText {
  readonly text: string;
  readonly place: Place;
  readonly ast: ExprAst | undefined;
  /** Source offset of the first character of `text`, when the text stands in the source as it is. */
  readonly textStart: number | undefined;
}

export interface SpecFile {
  readonly source: SourceText;
  readonly top: TypeDecl;
  readonly opaqueTypes: boolean;
  readonly wire: WireTop | undefined;
}

export interface TypeDecl {
  readonly id: string;
  readonly place: Place;
  readonly title: string;
  readonly doc: string;
  readonly meta: MetaDecl;
  readonly params: readonly ParamDecl[];
  readonly seq: readonly AttributeDecl[];
  readonly instances: readonly InstanceDecl[];
  readonly types: readonly TypeDecl[];
  readonly enums: readonly EnumDecl[];
  readonly toStringExpr: ExprText | undefined;
  readonly wire: WireType | undefined;
}

export interface MetaDecl {
  readonly endian: EndianDecl | undefined;
  readonly bitEndian: 'le' | 'be' | undefined;
  readonly encoding: Located<string> | undefined;
  /** A nested type can import too; what is imported is visible everywhere. */
  readonly imports: readonly Located<string>[];
}

export type EndianDecl =
  | { readonly kind: 'fixed'; readonly value: 'le' | 'be' }
  | { readonly kind: 'switch'; readonly on: ExprText; readonly cases: readonly EndianCase[] };
export interface EndianCase {
  /** undefined: `_`, all other values. */
  readonly value: ExprText | undefined;
  readonly endian: 'le' | 'be';
}

export interface EnumDecl {
  readonly id: string;
  readonly place: Place;
  readonly values: readonly EnumValueDecl[];
}
export interface EnumValueDecl {
  readonly value: bigint;
  readonly id: Located<string>;
  readonly label: string;
  readonly doc: string;
}

export interface ParamDecl {
  readonly id: Located<string>;
  readonly place: Place;
  readonly doc: string;
  readonly origId: string | undefined;
  readonly type: TypeUse;
  readonly enum: Located<string> | undefined;
  readonly wire: WireParam;
}

/** What stands after `type:` (without `switch-on`), or as a case of a switch. */
export interface TypeUse {
  readonly place: Place;
  readonly text: string;
  readonly name: TypeName;
}

export type TypeName =
  | {
      readonly kind: 'number';
      readonly numberKind: 'u' | 's' | 'f';
      readonly octets: 1 | 2 | 4 | 8;
      readonly endian: 'le' | 'be' | undefined;
    }
  | { readonly kind: 'bits'; readonly width: number; readonly order: 'le' | 'be' | undefined }
  | { readonly kind: 'str'; readonly zero: boolean }
  | { readonly kind: 'bytes' }
  /** Only as the type of a parameter or of a cast. */
  | { readonly kind: 'bool' | 'io' | 'struct' | 'any' }
  | { readonly kind: 'array'; readonly element: TypeName }
  | {
      readonly kind: 'user';
      readonly absolute: boolean;
      readonly path: readonly string[];
      readonly args: readonly ExprText[];
    }
  /** Unreadable; reported. */
  | { readonly kind: 'broken' };

export interface SwitchDecl {
  readonly place: Place;
  readonly on: ExprText;
  readonly cases: readonly SwitchCase[];
}
export interface SwitchCase {
  readonly place: Place;
  /** undefined: `_`, all other values. */
  readonly value: ExprText | undefined;
  readonly type: TypeUse;
}

/** An item of `seq`, and what an instance shares with it. */
export interface AttributeDecl {
  readonly place: Place;
  readonly id: Located<string> | undefined;
  readonly doc: string;
  readonly origId: string | undefined;
  readonly type: TypeUse | SwitchDecl | undefined;
  readonly contents: Located<Uint8Array> | undefined;
  readonly size: ExprText | undefined;
  readonly sizeEos: boolean;
  readonly terminator: Located<number> | undefined;
  readonly include: boolean;
  readonly consume: boolean;
  readonly eosError: boolean;
  readonly padRight: Located<number> | undefined;
  readonly encoding: Located<string> | undefined;
  readonly enum: Located<string> | undefined;
  readonly process: ProcessDecl | undefined;
  readonly parent: ParentDecl | undefined;
  readonly when: ExprText | undefined;
  readonly repeat: RepeatDecl;
  readonly valid: ValidDecl | undefined;
  readonly wire: WireField;
  /** Some key was unknown and is reported: what seems to be missing may be misspelt. */
  readonly misspelt: boolean;
}

export interface InstanceDecl extends AttributeDecl {
  readonly id: Located<string>;
  readonly value: ExprText | undefined;
  readonly pos: ExprText | undefined;
  readonly io: ExprText | undefined;
}

export type ParentDecl = { readonly kind: 'none' } | { readonly kind: 'other'; readonly object: ExprText };

export type RepeatDecl =
  | { readonly kind: 'once' }
  | { readonly kind: 'eos' }
  | { readonly kind: 'count'; readonly count: ExprText }
  | { readonly kind: 'until'; readonly until: ExprText };

export type ProcessDecl =
  | { readonly kind: 'xor'; readonly place: Place; readonly key: ExprText }
  | {
      readonly kind: 'rotate';
      readonly place: Place;
      readonly direction: 'left' | 'right';
      readonly bits: ExprText;
    }
  | { readonly kind: 'zlib'; readonly place: Place }
  | {
      readonly kind: 'custom';
      readonly place: Place;
      readonly name: string;
      readonly args: readonly ExprText[];
    };

export interface ValidDecl {
  readonly place: Place;
  readonly rule: ValidRuleDecl;
  readonly severity: Severity;
  readonly message: string | undefined;
}
export type ValidRuleDecl =
  | { readonly kind: 'equal'; readonly value: ExprText }
  | { readonly kind: 'range'; readonly min: ExprText | undefined; readonly max: ExprText | undefined }
  | { readonly kind: 'any-of'; readonly values: readonly ExprText[] }
  | { readonly kind: 'in-enum'; readonly place: Place }
  | { readonly kind: 'expression'; readonly expr: ExprText };
