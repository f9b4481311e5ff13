/** Wireshark's messages, told apart by what they mean for a run. */
export interface Messages {
  /** A plugin did not load, or broke while it loaded. */
  readonly plugin: readonly string[];
  /** The capture ends in the middle of a packet, or is damaged from some packet on. */
  readonly cut: readonly string[];
  /** It is no capture, or cannot be read. */
  readonly unreadable: readonly string[];
  /** All else that was said. */
  readonly other: readonly string[];
}

/** Warnings about dissectors come packet by packet and are in the packets themselves. */
const NOISE = [/^Running as user "root"/, /^\s*\*\* \(/, /^\s*$/, /Dissector bug, protocol/];
const PLUGIN = [/^Lua: /, /^Lua Error/, /\.lua" doesn't exist\.?$/];
const CUT = [/appears to have been cut short/, /appears to be damaged or corrupt/];
const UNREADABLE = [
  /isn't a capture file in a format/,
  /could not be opened/,
  /don't have permission to read/,
  /The file .* doesn't exist/,
  /An error occurred while reading/,
  /Record \d+ of the file/,
  /network type that .* doesn't support/,
];

export function readMessages(stderr: string): Messages {
  const messages = {
    plugin: [] as string[],
    cut: [] as string[],
    unreadable: [] as string[],
    other: [] as string[],
  };
  for (const line of stderr.split('\n')) {
    if (NOISE.some((pattern) => pattern.test(line))) continue;
    const text = line.replace(/^tshark: /, '').trimEnd();
    const kinds = [
      [PLUGIN, messages.plugin],
      [CUT, messages.cut],
      [UNREADABLE, messages.unreadable],
    ] as const;
    const kind = kinds.find(([patterns]) => patterns.some((pattern) => pattern.test(text)));
    (kind?.[1] ?? messages.other).push(text);
  }
  return messages;
}

/** tshark may list all protocols it knows after a message. */
const SHOWN_LINES = 4;

export function firstLines(lines: readonly string[]): string {
  const shown = lines.slice(0, SHOWN_LINES).join('\n');
  return lines.length > SHOWN_LINES ? `${shown}\n(and ${lines.length - SHOWN_LINES} more lines)` : shown;
}
