import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ownRules, type Rule, rulesOf } from '../cli/rules.ts';
import { compileWebsocket, ROOT } from './support-websocket.ts';

/** docs/rules.md is made from the spec and the hints; `UPDATE_GOLDEN=1` writes it anew. */
const file = join(ROOT, 'docs', 'rules.md');

const HEAD = `# Rules

Every rule that WireTwin holds WebSocket to: \`wiretwin explain RULE\` says the same in the terminal. Severity \`error\`:
what must hold is broken; \`warning\`: what should hold is, or there is a risk; \`info\`: legal, but worth knowing. Rules of
the scopes \`frame\`, \`message\` and \`handshake\` are also in the Wireshark plugin, under the display filter given; those
of scope \`connection\` need what comes later: they are in \`wiretwin analyze\`, and no expert info shows them. Where octets are missing from the
capture, no rule that depends on them accuses anybody.

Made from \`samples/websocket/websocket.ksy\` and \`analyzer/websocket/hints.ts\` by \`test/rules-document.test.ts\`.
`;

const DECISIONS = `
## How some are judged

- **PONG-MISSING**: a pong may answer the latest ping only (RFC 6455 5.5.3), so only pings after the last one answered
  count, and only when there was time: 0.75 s, or three times the slowest round trip seen, before a Close, FIN, RST or the
  end of the capture. Once one was waited for that long, the pings after it count too. Pings passed over by a pong to a
  later one are PONG-SKIPPED.
- **PONG-DATA**: a pong that carries something else while a ping is open that never gets its own pong. When the ping is
  answered later, the odd pong was unasked: PONG-UNSOL.
- **CLOSE-ECHO** is an error of the side that received a Close, sent none, and ended TCP itself or went on for a second.
  When the closer resets the connection within a second of its own Close, the other side could not answer: a note.
- **TCP-FIRST** counts after both Close frames only.
- **REACTION**: after a violation of severity error the other side goes on and never says Close. Ending TCP is a reaction;
  one or two frames may have been on their way.
- **UNANSWERED** is a warning when \`--expect echo\` or \`--expect reply\` was given, a note when the pattern was inferred.
- **TRUNCATED** and **LIMIT**: no rule forbids a length that never comes, or a FIN inside a frame, but neither passes in silence.
`;

function row({ id, severity, scope, reference, message, filter, hint }: Rule): string {
  const cells = [id, severity, scope, reference, message, filter === null ? '' : `\`${filter}\``, hint ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function table(rules: readonly Rule[]): string {
  const head = [
    'rule',
    'severity',
    'scope',
    'reference',
    'what must hold, or what it says',
    'display filter',
    'what to do',
  ];
  return [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...rules.map(row)].join('\n');
}

function render(): string {
  const spec = `\n## Declared in the spec\n\n${table(rulesOf(compileWebsocket()))}\n`;
  const own = `\n## Of any protocol, or of ours\n\n${table(ownRules())}\n`;
  return `${HEAD}${spec}${own}${DECISIONS}`;
}

test('docs/rules.md is what the spec and the hints say', () => {
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, render());
  expect(readFileSync(file, 'utf8')).toBe(render());
});
