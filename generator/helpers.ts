/**
 * The Lua helpers a plugin may carry, in the order in which they stand in it, each with those it calls. Each is a
 * partial of the same name in `templates/partials/runtime/`, emitted only when something uses it.
 */
export const HELPERS = {
  problem: [],
  limit_problem: [],
  short: [],
  present: ['problem'],
  attempt: [],
  value_or_unknown: ['attempt'],
  deeper: ['limit_problem'],
  another: ['limit_problem'],
  repetitions: ['limit_problem'],
  octet_count: ['problem', 'limit_problem'],
  seek: [],
  u1: ['short'],
  s1: ['u1'],
  u2be: ['short'],
  u2le: ['short'],
  s2be: ['u2be'],
  s2le: ['u2le'],
  u4be: ['short'],
  u4le: ['short'],
  s4be: ['u4be'],
  s4le: ['u4le'],
  u8be: ['u4be'],
  u8le: ['u4le'],
  s8be: ['u4be'],
  s8le: ['u4le'],
  f4be: ['short'],
  f4le: ['short'],
  f8be: ['short'],
  f8le: ['short'],
  skip: ['short'],
  find_terminator: ['short'],
  trim: [],
  guard: [],
  wide_equal: [],
  wide_less: [],
  wide_text: [],
  to_uint64: [],
  to_int64: [],
  divide: ['problem'],
  remainder: ['problem'],
  bitwise: [],
  bit_and: ['bitwise'],
  bit_or: ['bitwise'],
  bit_xor: ['bitwise'],
  shift_left: ['problem'],
  shift_right: ['problem'],
  truncate: ['problem'],
  octets_less: [],
  octet_of: ['problem'],
  element_of: ['problem'],
  octet_extremes: ['problem'],
  array_extremes: ['problem'],
  text_length: [],
  text_reverse: [],
  text_substring: ['problem'],
  parse_int: ['problem'],
  name_of: [],
  is_utf8: [],
  utf8_text: ['is_utf8'],
  xor_row: [],
  xor_kernel: ['xor_row'],
  xor_integers: [],
  xor_slowly: ['xor_row'],
  xor: ['xor_kernel', 'xor_integers', 'xor_slowly'],
  rotate: [],
  span: [],
  derived_tvb: [],
  fault: [],
  judge_partial: ['fault', 'problem'],
  report: [],
  namesake: [],
  looked_up: ['namesake'],
  dissector_for: ['value_or_unknown', 'looked_up'],
  note_offer: ['dissector_for'],
  held_octets: [],
  hand_on: ['held_octets'],
  offer_octets: ['dissector_for', 'hand_on'],
  hand_over: ['offer_octets', 'note_offer'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type HelperName = keyof typeof HELPERS;

/** Collects what the plugin needs while its parts are being written. */
export class HelperSet {
  readonly #used = new Set<HelperName>();

  /** The helper's Lua name, now certain to be there. Ends: a helper that is there already is not followed again. */
  use(name: HelperName): string {
    if (!this.#used.has(name)) {
      this.#used.add(name);
      for (const needed of HELPERS[name]) this.use(needed);
    }
    return name;
  }

  has(name: HelperName): boolean {
    return this.#used.has(name);
  }

  /** In the order of `HELPERS`: a helper stands after those it needs. */
  inOrder(): readonly HelperName[] {
    return (Object.keys(HELPERS) as HelperName[]).filter((name) => this.#used.has(name));
  }
}
