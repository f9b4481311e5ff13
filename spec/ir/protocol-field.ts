import type { Expr } from './expression.ts';
import type { EnumId, ProtocolFieldId } from './protocol.ts';

/** One thing Wireshark knows by a display filter name. */
export interface ProtocolField {
  readonly id: ProtocolFieldId;
  /** Full display filter name: `ws.fin`, `ws.close_body.code`. Named by type path, stable across regenerations. */
  readonly filter: string;
  readonly label: string;
  readonly doc: string;
  readonly type: ProtocolFieldType;
  readonly display: Display;
  readonly unit: string;
  readonly enum: EnumId | null;
}

export type ProtocolFieldType =
  /** An object or a group: FT_NONE. */
  | { readonly kind: 'group' }
  | { readonly kind: 'uint'; readonly bits: 8 | 16 | 24 | 32 | 64 }
  | { readonly kind: 'int'; readonly bits: 8 | 16 | 24 | 32 | 64 }
  | { readonly kind: 'float' }
  | { readonly kind: 'double' }
  | { readonly kind: 'bool' }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'string' }
  | { readonly kind: 'ipv4' }
  | { readonly kind: 'ipv6' }
  | { readonly kind: 'ether' }
  | { readonly kind: 'guid' }
  | { readonly kind: 'absolute-time' }
  | { readonly kind: 'relative-time' };

export type Display =
  'default' | 'dec' | 'hex' | 'oct' | 'dec-hex' | 'hex-dec' | 'colon' | 'dot' | 'dash' | 'none';

/**
 * A display filter name of the built-in dissector that must go on matching after ours took its place:
 * a hidden item of the built-in's own type, added only when somebody asks for it.
 */
export interface FilterAlias {
  /** e.g. `websocket.fin` */
  readonly filter: string;
  readonly label: string;
  /** The built-in's type, by the Wireshark version it holds from, ascending; the first entry's `since` is `''`. */
  readonly types: readonly { readonly since: string; readonly type: ProtocolFieldType }[];
  /** Bit mask of the built-in's field; 0: none. */
  readonly mask: number;
  /** Added only when this holds, in the scope of the type; null: always. */
  readonly when: Expr | null;
}
