/** What a suite is tested for beside its vectors. */
export type CheckGroup =
  /** What the plugin registers: fields, their types, names of values. */
  | 'registration'
  /** Wireshark's own dissector as second oracle. */
  | 'builtin'
  | 'captures'
  | 'generated'
  | 'coverage'
  | 'mutation'
  /** Against the plugin that users have. */
  | 'filters';

/** One thing that was tested, and came out or did not. Reporters know nothing else of it. */
export interface CheckResult {
  readonly group: CheckGroup;
  /** Unique in its group; the same in every run. */
  readonly name: string;
  readonly status: 'pass' | 'fail' | 'skip';
  /** Line of the tests file; null: nothing there asks for it. */
  readonly line: number | null;
  /** Sentences. Of a failure: what is wrong, where, what to do next; of a skip: why; of a pass: what was seen, if worth a line. */
  readonly messages: readonly string[];
  /** Printed below, as it is: octets with the wrong one underlined, tables, YAML to paste. */
  readonly detail: readonly string[];
  /** For `--format json`; null: there is nothing more to say. */
  readonly data: object | null;
}
