/**
 * What a Wireshark has registered: everything that can be asked for in a display filter, as `tshark -G` lists it.
 * Of several fields with one name it lists the first alone.
 */
export interface Registered {
  readonly fields: readonly RegisteredField[];
  readonly values: readonly RegisteredValue[];
}

export interface RegisteredField {
  /** Display filter name. */
  readonly filter: string;
  readonly label: string;
  /** As Wireshark names it: `FT_UINT8`. An expert info is an `FT_NONE` whose label is its message. */
  readonly type: string;
  /** Display filter name of the protocol that registered it. */
  readonly protocol: string;
  /** `BASE_DEC`; of a boolean with a mask the bits that the mask is in; empty: the type has none. */
  readonly base: string;
  /** 0: none. */
  readonly mask: bigint;
  readonly description: string;
}

/** What a value is shown as. */
export interface RegisteredValue {
  readonly filter: string;
  /** `unit`: what follows every value; its number is 0. Texts for true and false have the numbers 1 and 0. */
  readonly kind: 'value' | 'unit' | 'truth';
  /** Negative ones wrap around: at 2^32, at 2^64 for fields of 64 bits. */
  readonly number: bigint;
  readonly text: string;
}
