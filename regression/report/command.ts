import { type Case, filterOf } from '../capture/cases.ts';
import type { CaptureFiles } from '../run/judge-vector.ts';

/** What shows the same in a terminal. */
export function commandFor(
  tshark: string,
  { capture, plugin, preferences }: CaptureFiles,
  item: Case,
): string {
  const set = Object.entries(preferences).flatMap(([name, value]) => ['-o', quote(`${name}:${value}`)]);
  const options = ['-r', quote(capture), '-X', quote(`lua_script:${plugin}`), ...set];
  return [quote(tshark), ...options, '-Y', quote(filterOf(item)), '-V'].join(' ');
}

function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
