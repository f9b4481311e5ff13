/** Columns that a terminal is taken to have: more than a hint needs, fewer than a line of evidence. */
const COLUMNS = 120;

/** Breaks at spaces; a word that is longer than a line stays whole. `indent`: columns that are taken already. */
export function wrap(text: string, indent: number): string[] {
  const width = COLUMNS - indent;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
