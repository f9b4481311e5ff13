/** A spec file as read: positions are offsets everywhere, line and column only when printed. */
export interface SourceText {
  /** How messages name the file, e.g. `samples/websocket/websocket.ksy`. */
  readonly name: string;
  readonly text: string;
}

/** A half-open range of UTF-16 code units in one source. */
export interface Span {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
}
