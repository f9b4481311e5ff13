import { EngineError } from '../engine.ts';

/**
 * Decode As by a plugin of our own: it takes the place when the capture is opened, after preferences gave ports such
 * as 8080 to their usual owners. (The settings file for it is read before those.)
 */
export function decodeAsLua(rules: readonly string[]): string {
  const lines = rules.map((rule) => {
    const { table, selector, protocol } = parseDecodeAs(rule);
    return `  DissectorTable.get("${table}"):add(${selector}, Dissector.get("${protocol}"))\n`;
  });
  return `local decode_as = Proto("wiretwin_decode_as", "WireTwin Decode As")\nfunction decode_as.init()\n${lines.join('')}end\n`;
}

export interface DecodeAs {
  readonly table: string;
  /** As Lua writes it. */
  readonly selector: string;
  readonly protocol: string;
}

/** As tshark's `-d`: `tcp.port==8080,ws`, `tcp.port==8080-8090,ws`, `tcp.port==8080:3,ws` (three ports). */
export function parseDecodeAs(rule: string): DecodeAs {
  const match = /^([\w.-]+)==(\d+)(?:([-:])(\d+))?,([\w.-]+)$/.exec(rule);
  if (match === null) {
    throw new EngineError(
      'engine-failed',
      `"${rule}" is no Decode As rule that the embedded Wireshark takes; it should look like "tcp.port==8080,http".`,
    );
  }
  const [, table = '', first = '', kind, last = '', protocol = ''] = match;
  const end = kind === ':' ? String(Number(first) + Number(last) - 1) : last;
  return { table, selector: kind === undefined ? first : `"${first}-${end}"`, protocol };
}
