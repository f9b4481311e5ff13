import type { Place } from '../diagnostics/diagnostic.ts';
import type { CheckScope, Display, ProtocolFieldType, Severity } from '../ir/protocol.ts';
import type { ExprText, Located } from './spec-ast.ts';
import type { WireHandover, WireSet, WireState } from './wireshark-state-ast.ts';

/** The `-wireshark` key, as written. */
export interface WireTop {
  readonly place: Place;
  readonly name: Located<string> | undefined;
  readonly filter: Located<string> | undefined;
  readonly binds: readonly WireBind[];
  readonly replaces: { readonly dissector: Located<string>; readonly name: Located<string> } | undefined;
  readonly limits: WireLimits;
  readonly state: WireState;
}

export type WireBind =
  | { readonly kind: 'tcp'; readonly place: Place; readonly ports: readonly number[] }
  | { readonly kind: 'udp'; readonly place: Place; readonly ports: readonly number[] }
  | { readonly kind: 'http-upgrade'; readonly place: Place; readonly token: string }
  | {
      readonly kind: 'table';
      readonly place: Place;
      readonly table: string;
      readonly keys: readonly (string | number)[];
    };

export interface WireLimits {
  readonly pduOctets: number | undefined;
  readonly elements: number | undefined;
  readonly depth: number | undefined;
  readonly messageOctets: number | undefined;
  readonly inflatedOctets: number | undefined;
}

/** Of the top type and of every other. */
export interface WireType {
  readonly info: ExprText | undefined;
  readonly checks: readonly WireCheck[];
  readonly sets: readonly WireSet[];
}

export interface WireCheck {
  readonly place: Place;
  readonly id: Located<string>;
  readonly expect: ExprText;
  readonly severity: Severity;
  /** undefined: `message` in what only messages are made of, else `frame`. */
  readonly scope: CheckScope | undefined;
  readonly message: string;
  readonly reference: string;
  readonly doc: string;
}

/** Of a seq item or an instance. */
export interface WireField {
  readonly name: string | undefined;
  readonly filter: Located<string> | undefined;
  readonly display: Located<WireDisplay> | undefined;
  readonly unit: string;
  readonly hidden: boolean;
  readonly aliases: readonly WireAlias[];
  readonly handover: WireHandover | undefined;
}

/** How a value is shown: a number base or separator, or a type of Wireshark's own. */
export type WireDisplay =
  | { readonly kind: 'base'; readonly display: Display }
  | { readonly kind: 'type'; readonly type: ProtocolFieldType };

export interface WireAlias {
  readonly place: Place;
  readonly filter: Located<string>;
  readonly label: string | undefined;
  readonly types: readonly { readonly since: string; readonly type: ProtocolFieldType }[];
  readonly mask: number;
  readonly when: ExprText | undefined;
}

export interface WireParam {
  readonly source:
    | { readonly kind: 'argument' }
    | { readonly kind: 'direction'; readonly place: Place }
    | { readonly kind: 'server-port'; readonly place: Place }
    | { readonly kind: 'session'; readonly place: Place; readonly variable: Located<string> | undefined }
    | {
        readonly kind: 'preference';
        readonly place: Place;
        readonly name: Located<string>;
        readonly initial: ExprText;
        readonly label: string;
      };
  readonly hidden: boolean;
  readonly name: string | undefined;
  readonly filter: Located<string> | undefined;
}
