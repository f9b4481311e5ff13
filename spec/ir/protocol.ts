import type { SourceText, Span } from '../source.ts';
import type { Expr } from './expression.ts';
import type {
  BuiltinRule,
  Handover,
  InflateProcess,
  Pairing,
  Reassembly,
  Recovery,
  SessionVariable,
  StateChange,
} from './state.ts';
import type { FilterAlias, ProtocolField } from './protocol-field.ts';
import type { ValueType } from './value-type.ts';

export type * from './protocol-field.ts';

/**
 * The typed intermediate representation of a spec: what both back ends start from.
 *
 * Nothing here is optional: defaults are filled in, names resolved, types known. `null` means "the spec has none".
 * Types, enums and protocol fields are tables; ids are positions in them.
 */
export type TypeId = number;
export type EnumId = number;
export type ProtocolFieldId = number;

export interface Protocol {
  /** `meta.id` of the spec, e.g. `websocket`. Also the base name of the generated plugin. */
  readonly id: string;
  /** What Wireshark shows as the protocol's name; unique among Wireshark's own. */
  readonly name: string;
  /** Display filter prefix, e.g. `ws`; lower case. */
  readonly filter: string;
  readonly title: string;
  readonly doc: string;
  readonly root: TypeId;
  readonly types: readonly StructType[];
  readonly enums: readonly EnumType[];
  /** Everything that Wireshark registers for this protocol, in registration order; `filter` is unique. */
  readonly protocolFields: readonly ProtocolField[];
  readonly binds: readonly Binding[];
  readonly framing: Framing;
  /** Text of the Info column for one PDU, in the scope of the root type; null: the protocol's name. */
  readonly info: Expr | null;
  /** Wireshark's own dissector for the same bytes, when the spec names one. */
  readonly replaces: Replaces | null;
  readonly limits: Limits;
  readonly session: readonly SessionVariable[];
  readonly processes: readonly InflateProcess[];
  readonly reassembly: Reassembly | null;
  readonly recovery: Recovery | null;
  readonly pairing: Pairing | null;
  /** Rules that modules of ours know by name; the others are the `checks` of the types. */
  readonly rules: readonly BuiltinRule[];
  /** The spec file first, then its imports in the order they were loaded. */
  readonly sources: readonly SourceText[];
  /** SHA-256 over the sources (hex): a plugin and a decoder with the same hash came from the same spec. */
  readonly hash: string;
}

/** How PDUs lie on a byte stream. */
export type Framing =
  /** The PDU's own bytes tell where it ends: on a TCP stream the end of data means "need more". */
  | { readonly kind: 'self-delimiting' }
  /** The PDU is whatever the carrier delivers (a datagram, a message): not bindable to TCP. `reason` says why. */
  | { readonly kind: 'whole-payload'; readonly reason: string };

export type Binding =
  | { readonly kind: 'tcp'; readonly ports: readonly number[] }
  | { readonly kind: 'udp'; readonly ports: readonly number[] }
  /** The protocol switched to by an HTTP/1.1 Upgrade (RFC 9110 section 7.8). */
  | { readonly kind: 'http-upgrade'; readonly token: string }
  /** Any dissector table of Wireshark: `{table: ws.protocol, key: chat.v1}`. */
  | { readonly kind: 'table'; readonly table: string; readonly keys: readonly (string | number)[] };

/** Our plugin takes this dissector's place; its filter name must go on matching. */
export interface Replaces {
  /** Dissector and display filter name of the built-in, e.g. `websocket`. */
  readonly dissector: string;
  /** Its protocol's long name, e.g. `WebSocket`. */
  readonly name: string;
}

/** Named bounds on hostile input; each is documented in docs/limits.md. */
export interface Limits {
  /** Largest PDU that is waited for, in octets. */
  readonly maxPduOctets: number;
  /** Most elements of one repeated field. */
  readonly maxElements: number;
  /** Deepest nesting of types. */
  readonly maxDepth: number;
  /** Largest reassembled message, in octets. */
  readonly maxMessageOctets: number;
  /** Most octets that are inflated out of one message. */
  readonly maxInflatedOctets: number;
}

export interface StructType {
  readonly id: TypeId;
  /** Type path from the file's top type: `['websocket', 'close_body']`. */
  readonly path: readonly string[];
  readonly doc: string;
  /** What `_parent` is inside this type. */
  readonly parent: ValueType;
  readonly params: readonly Param[];
  readonly fields: readonly Field[];
  readonly instances: readonly Instance[];
  readonly endian: TypeEndian;
  readonly checks: readonly Check[];
  readonly sets: readonly StateChange[];
  /** Text appended to this object's tree item; null: none. */
  readonly info: Expr | null;
  /** `to-string` of Kaitai 0.11. */
  readonly toStringExpr: Expr | null;
  /** Size in bits when every object of the type has the same, else null. */
  readonly staticBits: number | null;
  readonly span: Span;
}

/** How multi-octet numbers of a type that do not fix their own order are read. */
export type TypeEndian =
  /** Every number says its own order (it is in its content). */
  | { readonly kind: 'fixed' }
  /** Taken from the object that this one is read inside of (`_parent` in Kaitai's sense). */
  | { readonly kind: 'inherited' }
  /** `switch-on` of `meta/endian`; no matching case is a malformed object. */
  | {
      readonly kind: 'calculated';
      readonly on: Expr;
      readonly cases: readonly { readonly value: Expr; readonly endian: 'le' | 'be' }[];
      readonly fallback: 'le' | 'be' | null;
    };

/** `type` = the order that the object's type decides at run time (TypeEndian calculated or inherited). */
export type Endian = 'le' | 'be' | 'type';

export interface EnumType {
  readonly id: EnumId;
  readonly path: readonly string[];
  readonly values: readonly EnumValue[];
}
export interface EnumValue {
  readonly value: bigint;
  /** The identifier expressions use. */
  readonly name: string;
  /** What Wireshark shows: `-wireshark: {name}`, else `-orig-id`, else the identifier. */
  readonly label: string;
  readonly doc: string;
}

export interface Param {
  readonly id: string;
  readonly type: ValueType;
  readonly source: ParamSource;
  /** Shown in the tree as a generated item; null: not shown (`hidden`, and every sourced param). */
  readonly field: ProtocolFieldId | null;
  readonly span: Span;
}
export type ParamSource =
  /** Given by the place that uses the type. Of the root type: by hand (in tests), else the zero of its type. */
  | { readonly kind: 'argument' }
  /** bool: true when the PDU goes from the client to the server. */
  | { readonly kind: 'direction' }
  /** int: the TCP or UDP port of the server; unknown where nothing tells the server from the client. */
  | { readonly kind: 'server-port' }
  /** A session variable (Protocol.session), as it is before the PDU. */
  | { readonly kind: 'session'; readonly variable: string }
  | { readonly kind: 'preference'; readonly name: string; readonly initial: Expr; readonly label: string };

/** An item of `seq`. */
export interface Field {
  /** Identifier; items without `id` get `_unnamedN` (N = position in seq), as in Kaitai. */
  readonly id: string;
  readonly named: boolean;
  readonly doc: string;
  /** `if` */
  readonly when: Expr | null;
  readonly repeat: Repeat;
  readonly content: Content;
  readonly valid: Validation | null;
  /** Not shown and not reported; still readable from expressions. */
  readonly hidden: boolean;
  readonly aliases: readonly FilterAlias[];
  /** null: nobody else looks at the octets. */
  readonly handover: Handover | null;
  /** Type of the member as expressions see it: an array when repeated. */
  readonly type: ValueType;
  /** Bits from the start of the object, when that is the same in every object of the type; else null. */
  readonly staticOffsetBits: number | null;
  readonly span: Span;
}

export type Repeat =
  | { readonly kind: 'once' }
  | { readonly kind: 'to-end' }
  | { readonly kind: 'count'; readonly count: Expr }
  | { readonly kind: 'until'; readonly until: Expr };

export type Instance = ValueInstance | ParseInstance;

/** Computed, no octets of its own; evaluated on first use, at most once per object. */
export interface ValueInstance {
  readonly kind: 'value';
  readonly id: string;
  readonly doc: string;
  readonly when: Expr | null;
  readonly value: Expr;
  readonly valid: Validation | null;
  /** null when hidden, or when the value is an object (an alias of something shown elsewhere). */
  readonly field: ProtocolFieldId | null;
  readonly hidden: boolean;
  readonly aliases: readonly FilterAlias[];
  readonly type: ValueType;
  readonly span: Span;
}

/** Read on first use, at `pos` of `io` (null: here, in the object's own stream), without moving the sequence. */
export interface ParseInstance extends Field {
  readonly kind: 'parse';
  readonly pos: Expr | null;
  readonly io: Expr | null;
}

/** How one occurrence of a field is read. */
export type Content =
  | {
      readonly kind: 'integer';
      readonly octets: 1 | 2 | 4 | 8;
      readonly signed: boolean;
      readonly endian: Endian;
      readonly enum: EnumId | null;
      readonly field: ProtocolFieldId;
    }
  | {
      readonly kind: 'float';
      readonly octets: 4 | 8;
      readonly endian: Endian;
      readonly field: ProtocolFieldId;
    }
  /**
   * Bits not yet taken of an octet stay for the next bit field, whatever its order: `be` takes from the top of what is
   * left and `le` from the bottom, as in Kaitai's runtimes. Any other content begins at the next octet.
   * `shift` = bits from the start of the first octet touched, when static (big-endian: counted from the top bit, else
   * from the lowest); null also where the order changed within the octet.
   */
  | {
      readonly kind: 'bits';
      readonly width: number;
      readonly order: 'be' | 'le';
      readonly boolean: boolean;
      readonly enum: EnumId | null;
      readonly shift: number | null;
      readonly field: ProtocolFieldId;
    }
  | { readonly kind: 'bytes'; readonly extent: Extent; readonly field: ProtocolFieldId }
  /** `contents`: these octets must stand here. */
  | { readonly kind: 'contents'; readonly expected: Uint8Array; readonly field: ProtocolFieldId }
  | {
      readonly kind: 'string';
      readonly extent: Extent;
      readonly encoding: Encoding;
      readonly enum: null;
      readonly field: ProtocolFieldId;
    }
  /** `extent` null: read in place from the enclosing stream; else a substream of its own. */
  | {
      readonly kind: 'struct';
      readonly type: TypeId;
      readonly args: readonly Expr[];
      readonly extent: Extent | null;
      readonly parent: ParentLink;
      readonly field: ProtocolFieldId;
    }
  /** A type that is defined outside the spec (`ks-opaque-types`, `-wireshark: {dissector}`): raw octets here. */
  | {
      readonly kind: 'opaque';
      readonly name: string;
      readonly extent: Extent;
      readonly field: ProtocolFieldId;
    }
  /** The first arm whose value equals `on`; else `fallback`; null: nothing is read and the member is absent. */
  | {
      readonly kind: 'switch';
      readonly on: Expr;
      readonly arms: readonly SwitchArm[];
      readonly fallback: Content | null;
    };

export interface SwitchArm {
  readonly value: Expr;
  readonly content: Content;
}

/** What `_parent` is in the object read: the object holding the field, another one, or none. */
export type ParentLink =
  { readonly kind: 'holder' } | { readonly kind: 'none' } | { readonly kind: 'other'; readonly object: Expr };

/**
 * Which octets belong to a field. The terminator is looked for first, inside the length; padding is stripped
 * only when no terminator was given or found.
 */
export interface Extent {
  readonly length:
    | { readonly kind: 'size'; readonly octets: Expr }
    | { readonly kind: 'rest' }
    | { readonly kind: 'terminated' };
  /** Octets of the terminator (1, or 2/4 for UTF-16/32 `strz`), null: none. */
  readonly terminator: Uint8Array | null;
  readonly include: boolean;
  readonly consume: boolean;
  readonly eosError: boolean;
  readonly padRight: number | null;
  readonly process: Process | null;
}

export type Process =
  /** Key: an int (one octet) or bytes (repeated over the data). */
  | { readonly kind: 'xor'; readonly key: Expr }
  /** Each octet rotated left by `bits` (right = 8 - bits). */
  | { readonly kind: 'rotate'; readonly direction: 'left' | 'right'; readonly bits: Expr }
  | { readonly kind: 'zlib' }
  | { readonly kind: 'custom'; readonly name: string; readonly args: readonly Expr[] };

/** Canonical names, as Kaitai 0.11 spells them: `UTF-8`, `ASCII`, `UTF-16LE`, `ISO-8859-1`, `windows-1252`, `IBM437`, `Shift_JIS` ... */
export type Encoding = string;

/** What must hold of a value; a breach is a problem of the PDU, and reading goes on. */
export interface Validation {
  readonly rule: ValidationRule;
  readonly severity: Severity;
  /** The spec's own words, or null. */
  readonly message: string | null;
}
export type ValidationRule =
  | { readonly kind: 'equal'; readonly value: Expr }
  | { readonly kind: 'range'; readonly min: Expr | null; readonly max: Expr | null }
  | { readonly kind: 'any-of'; readonly values: readonly Expr[] }
  | { readonly kind: 'in-enum'; readonly enum: EnumId }
  | { readonly kind: 'expression'; readonly expr: Expr };

export type Severity = 'error' | 'warning' | 'info';

/** A rule about the protocol: shown as expert info by the dissector and reported as a finding by the analyzer. */
export interface Check {
  /** Rule id, e.g. `MASK-C2S`; unique in the protocol. */
  readonly id: string;
  readonly expect: Expr;
  readonly severity: Severity;
  readonly scope: CheckScope;
  readonly message: string;
  /** Where the rule stands, e.g. `RFC 6455 5.1`; empty when the spec gives none. */
  readonly reference: string;
  /** Display filter name of the expert info, e.g. `ws.rule.mask_c2s`. */
  readonly filter: string;
  /** What it means for the people who see it; empty: the spec does not say. */
  readonly doc: string;
  /**
   * Ids of the root type's params with the source `session` or `direction` that the value of `expect` can depend on,
   * also through instances: the check is not evaluated while one of them is unknown.
   */
  readonly reads: readonly string[];
  readonly span: Span;
}
export type CheckScope = 'frame' | 'message' | 'handshake' | 'connection';
