export interface TsharkVersion {
  readonly version: string;
  readonly lua: string | null;
}

/**
 * Reads `tshark -v`: its first line names the version, the list of what it was compiled with names Lua (`with Lua 5.2.4`
 * up to 4.4, which breaks its lines anywhere, `+Lua 5.4.9` from 4.6 on). null: some other program's output.
 */
export function parseVersion(text: string): TsharkVersion | null {
  const version = /^TShark \(Wireshark\) (\d+(?:\.\d+)+\S*?)[\s.(]*(?:\(|$)/m.exec(text)?.[1];
  if (version === undefined) return null;
  const lua = /(?:with|\+)\s*Lua\s+(\d+(?:\.\d+)+)/.exec(text)?.[1];
  return { version, lua: lua ?? null };
}
