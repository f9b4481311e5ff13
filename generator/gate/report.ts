/** What the gate found, and who looked. */
export interface GateReport {
  readonly problems: readonly GateProblem[];
  /** Lua compilers that compiled the text, e.g. `Lua 5.4 (wasmoon)`, `luac5.2`. */
  readonly compilers: readonly string[];
}

export interface GateProblem {
  readonly gate: 'grammar' | 'globals' | 'unread-locals' | 'local-limit' | 'compiler';
  /** One sentence with the place: `websocket.lua:12: ...` */
  readonly message: string;
  readonly line: number | null;
}
