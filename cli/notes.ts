import { styleText } from 'node:util';

/** Progress and notes: everything a command says that is not its data goes to standard error. */
export interface Notes {
  note(text: string): void;
}

export function createNotes(quiet: boolean): Notes {
  return {
    note(text) {
      if (!quiet) process.stderr.write(`${text}\n`);
    },
  };
}

/** Colours only on a terminal, and not when `NO_COLOR` or `--no-color` says so. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

export function createPaint(color: boolean, stream: NodeJS.WriteStream): Paint {
  if (!color || !stream.isTTY) return (_style, text) => text;
  return (style, text) => styleText(style, text, { stream });
}
