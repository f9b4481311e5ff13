import type { Expr } from './expression.ts';
import type { ProtocolFieldId, Severity, TypeId } from './protocol.ts';
import type { ValueType } from './value-type.ts';

/**
 * What the spec says beyond one PDU: state of a conversation, messages made of several PDUs, how to find PDUs where
 * nothing says where they begin.
 *
 * Unless something else is said, an expression here stands in the scope of the root type: it is evaluated with a PDU.
 */

/**
 * A value that the PDUs of a conversation are read with. It enters a PDU through a param with the source `session`
 * and is changed by `set` (StructType.sets) when a PDU is complete.
 *
 * It may be unknown: its header was not captured, or the capture begins later, or octets are missing. A param whose
 * variable is unknown has the value of `unseen`; without one it is absent. Checks that read it (Check.reads) are not
 * evaluated then.
 */
export interface SessionVariable {
  readonly id: string;
  readonly doc: string;
  /** bool, int, string or bytes. */
  readonly type: ValueType;
  /** `direction`: each direction has a value of its own, and a PDU sees that of its own direction. */
  readonly per: 'conversation' | 'direction';
  /** A constant: the value at the beginning of a conversation, and where the header was seen and does not give one. */
  readonly init: Expr;
  /** null: known from the beginning of a conversation that was captured from its beginning. */
  readonly from: HeaderSource | null;
  /** A constant: what reading goes on with while the value is unknown; null: absent. */
  readonly unseen: Expr | null;
}

/** Part of a head of the HTTP upgrade. */
export interface HeaderSource {
  readonly in: 'request' | 'response';
  /** Lower case. */
  readonly header: string;
  readonly take: HeaderPart;
}

/** Of a header that is a list of `element; parameter; parameter=value` (RFC 6455 section 9.1); case is ignored. */
export type HeaderPart =
  /** string: the values of all headers of the name, joined by ", "; absent header: `init`. */
  | { readonly kind: 'value' }
  /** bool: the list has the element. */
  | { readonly kind: 'has'; readonly element: string }
  /** bool: the list has an element that is none of these. */
  | { readonly kind: 'besides'; readonly elements: readonly string[] }
  /** bool: the first such element has the parameter. int: the parameter's value in decimal, without it: `init`. */
  | { readonly kind: 'parameter'; readonly element: string; readonly parameter: string };

/** `set` of a type: evaluated with each of its objects in a complete PDU, inner objects before outer ones. */
export interface StateChange {
  readonly variable: string;
  /** In the scope of the type. What cannot be evaluated leaves the variable unknown. */
  readonly value: Expr;
}

/** PDUs that make up messages. */
export interface Reassembly {
  /** bool: the PDU is part of a message; others pass by. */
  readonly part: Expr;
  /** bool, of a part: a message begins. An unfinished one before it is given up. */
  readonly first: Expr;
  /** bool, of a part: the message ends. */
  readonly last: Expr;
  /** bytes, of a part: its octets of the message. */
  readonly data: Expr;
  readonly per: 'direction' | 'conversation';
  /** What the joined octets are; a whole message, with `_root` = the first part's root object (only its params are read). */
  readonly type: TypeId;
  /** For the type's params; evaluated with the message's first part. */
  readonly args: readonly Expr[];
  readonly maxOctets: number;
  /** The message's item in the tree. */
  readonly field: ProtocolFieldId;
}

/**
 * What a custom process of the spec's name does: raw deflate (RFC 1951) with `append` put behind the octets, and with
 * the output of earlier messages as window.
 */
export interface InflateProcess {
  readonly name: string;
  readonly append: Uint8Array;
  /** `none`: every message stands alone. */
  readonly window: 'none' | 'direction' | 'conversation';
  /** bool, evaluated with the message's first part: the sender began this message with an empty window. null: never. */
  readonly reset: Expr | null;
  /** int, evaluated with the message's first part: the sender looks back at most 2^n octets. null: 15. */
  readonly windowBits: Expr | null;
  /** Output of one message beyond which inflating stops. */
  readonly maxOctets: number;
}

/** How PDUs are found where nothing tells where one begins: mid-stream, behind a hole, without a handshake. */
export interface Recovery {
  /** bool: the PDU can be believed; in addition none of its checks of severity error may be breached. null: always. */
  readonly accept: Expr | null;
  /** bool: the PDU's own octets tell that the client sent it; null: they do not tell. */
  readonly fromClient: Expr | null;
}

/** Requests and their answers, by a key. */
export interface Pairing {
  readonly key: Expr;
  readonly request: Expr;
  readonly response: Expr;
}

/**
 * A rule that an expression over one PDU cannot say; a module of ours knows it by `rule`. Text, severity and
 * reference are the spec's.
 */
export interface BuiltinRule {
  /** e.g. `HS-ACCEPT` */
  readonly id: string;
  /** Name of what our modules look for, e.g. `upgrade-accept`. */
  readonly rule: string;
  readonly severity: Severity;
  readonly scope: 'message' | 'handshake' | 'connection';
  readonly message: string;
  readonly reference: string;
  /** Display filter name of the expert info; rules of scope `connection` have none in the dissector. */
  readonly filter: string;
  /** What it means for the people who see it; for `explain`. */
  readonly doc: string;
}

/** Another dissector gets the octets of a field. */
export interface Handover {
  /** Dissector tables of Wireshark, asked in this order with the value of `key` (string or int; scope: the field's type). */
  readonly tables: readonly { readonly table: string; readonly key: Expr }[];
  /** Heuristic lists, asked next. */
  readonly heuristics: readonly string[];
  /** A dissector by name, when nobody else took it. */
  readonly dissector: string | null;
}
