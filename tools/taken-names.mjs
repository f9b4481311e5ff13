#!/usr/bin/env node
// Writes spec/wireshark/taken-names.ts: the names that Wireshark's own protocols have, of all versions given.
// Usage: node tools/taken-names.mjs TSHARK... (4.4 and later say nothing of Lua, so any user will do)
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const names = new Set();
for (const tshark of process.argv.slice(2)) {
  const output = execFileSync(tshark, ['-G', 'protocols'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for (const line of output.split('\n')) {
    // Long name, short name, filter name. Ours takes its filter name for a short name too, in capitals.
    for (const name of line.split('\t').slice(1, 3)) names.add(name.toLowerCase());
  }
}

const lines = [];
let line = '';
for (const name of [...names].filter((one) => /^[a-z][a-z0-9_.-]*$/.test(one)).sort()) {
  if (line.length + name.length > 118) {
    lines.push(line.trimEnd());
    line = '';
  }
  line += `${name} `;
}
lines.push(line.trimEnd());

const text = `/**
 * Filter and short names of Wireshark's own protocols (4.0, 4.4 and 4.6 together), in lower case. A second protocol of
 * one of these names does not load. Written by tools/taken-names.mjs.
 */
const NAMES = \`
${lines.join('\n')}
\`;

export const TAKEN_NAMES: ReadonlySet<string> = new Set(NAMES.trim().split(/\\s+/));
`;
writeFileSync(new URL('../spec/wireshark/taken-names.ts', import.meta.url), text);
