/** A name that a plugin lets people filter by. */
export interface PluginFilter {
  readonly kind: 'protocol' | 'field' | 'expert';
  readonly filter: string;
  readonly label: string;
  /** `FT_UINT8`; several, where it depends on Wireshark's version. Of an expert info `FT_NONE`. */
  readonly types: readonly string[];
  /** `BASE_DEC`, of a boolean the number of its bits; empty: none is given. */
  readonly base: string;
  /** 0: none. */
  readonly mask: bigint;
  /** What values are called; null: it is not written out. */
  readonly names: ReadonlyMap<bigint, string> | null;
  /** Shown behind every value; empty: nothing is. */
  readonly unit: string;
  readonly description: string;
  /** `WARN`; of expert infos only. */
  readonly severity: string | null;
  /** Line of the plugin. */
  readonly line: number;
}

/** A registration that the text alone does not tell the name or the type of. */
export interface UnreadRegistration {
  readonly line: number;
  readonly why: string;
}

export interface PluginRegistrations {
  readonly filters: readonly PluginFilter[];
  readonly unread: readonly UnreadRegistration[];
}
