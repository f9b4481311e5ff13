import type { Case } from '../capture/cases.ts';

/** What shows the same in a terminal. */
export function commandFor(
  tshark: string,
  { capture, plugin }: { readonly capture: string; readonly plugin: string },
  { client }: Case,
): string {
  const filter = `ip.addr == ${client.address}`;
  return `${quote(tshark)} -r ${quote(capture)} -X ${quote(`lua_script:${plugin}`)} -Y ${quote(filter)} -V`;
}

function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
