import type { Place } from '../diagnostics/diagnostic.ts';
import type { Severity } from '../ir/protocol.ts';
import type { HeaderSource } from '../ir/state.ts';
import type { ExprText, Located, TypeUse } from './spec-ast.ts';

/** The keys of `-wireshark` about more than one PDU, as written. */
export interface WireState {
  readonly session: readonly WireVariable[];
  readonly processes: readonly WireProcess[];
  readonly reassembly: WireReassembly | undefined;
  readonly recovery: WireRecovery | undefined;
  readonly pairing: WirePairing | undefined;
  readonly rules: readonly WireRule[];
}

export interface WireVariable {
  readonly id: Located<string>;
  readonly doc: string;
  readonly type: TypeUse | undefined;
  readonly per: 'conversation' | 'direction';
  readonly init: ExprText | undefined;
  readonly from: HeaderSource | undefined;
  readonly unseen: ExprText | undefined;
}

export interface WireProcess {
  readonly name: Located<string>;
  readonly append: Uint8Array;
  readonly window: 'none' | 'direction' | 'conversation';
  readonly reset: ExprText | undefined;
  readonly windowBits: ExprText | undefined;
}

export interface WireReassembly {
  readonly place: Place;
  readonly part: ExprText | undefined;
  readonly first: ExprText;
  readonly last: ExprText;
  readonly data: ExprText;
  readonly per: 'direction' | 'conversation';
  readonly type: TypeUse;
}

export interface WireRecovery {
  readonly accept: ExprText | undefined;
  readonly fromClient: ExprText | undefined;
}

export interface WirePairing {
  readonly key: ExprText;
  readonly request: ExprText;
  readonly response: ExprText;
}

export interface WireRule {
  readonly id: Located<string>;
  readonly rule: string;
  readonly severity: Severity;
  readonly scope: 'message' | 'handshake' | 'connection';
  readonly message: string;
  readonly reference: string;
  readonly doc: string;
}

/** `set`: a variable and its new value. */
export interface WireSet {
  readonly variable: Located<string>;
  readonly value: ExprText;
}

export interface WireHandover {
  readonly tables: readonly { readonly table: string; readonly key: ExprText }[];
  readonly heuristics: readonly string[];
  readonly dissector: string | undefined;
}
