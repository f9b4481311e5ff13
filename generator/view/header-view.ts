import type { Protocol } from '../../spec/index.ts';
import { commentLines } from '../lua/lua-text.ts';

export interface HeaderView {
  readonly title: readonly string[];
  readonly version: string;
  readonly specPath: string;
  readonly command: string;
  readonly hash: string;
  readonly filter: string;
}

export interface Origin {
  readonly version: string;
  readonly specPath: string;
  readonly command: string;
}

export function headerView(protocol: Protocol, origin: Origin): HeaderView {
  const title = protocol.title === '' ? protocol.name : protocol.title;
  return {
    title: [...commentLines(`${title}: Wireshark dissector`), ...commentLines(protocol.doc)],
    version: line(origin.version),
    specPath: line(origin.specPath),
    command: line(origin.command),
    hash: line(protocol.hash),
    filter: protocol.filter,
  };
}

/** What stands in a comment stays on its line. */
function line(text: string): string {
  return commentLines(text).join(' ');
}
