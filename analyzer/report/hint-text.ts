import type { PaintText } from './paint.ts';
import { wrap } from './wrap.ts';

/** Where the text of a line begins. */
export const INDENT = 14;

/** What to do, below what it is about. */
export function hintLines(hint: string, paint: PaintText): string[] {
  return wrap(hint, INDENT + 3).map((line, at) =>
    paint('dim', `${' '.repeat(INDENT)}${at === 0 ? '-> ' : '   '}${line}`),
  );
}
