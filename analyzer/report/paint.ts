/** What a text is, so that a terminal can colour it; a file or a pipe gets it plain. */
export type TextStyle = 'pass' | 'warn' | 'fail' | 'inconclusive' | 'dim' | 'bold';
export type PaintText = (style: TextStyle, text: string) => string;

export const PLAIN: PaintText = (_style, text) => text;
