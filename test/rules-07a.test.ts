import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ConnectionReport } from '../analyzer/index.ts';
import { analyzeAlone, rulesAboveInfo } from './support-analyze.ts';
import { noteWithoutShared, SHARED } from './support-shared.ts';

// 74 clients that break RFC 6455 one by one, or use what it just allows, against npm ws. What each must yield was
// written down from the RFC and the octets sent (truth.json), before anything was run.

interface Expected {
  /** Rules of severity error or warning that must be reported. */
  readonly must: readonly string[];
  /** Rules that follow from reading on after the violation: the RFC does not say how. */
  readonly may?: readonly string[];
}

/** Legal: nothing above a note. */
const LEGAL: Expected = { must: [] };
/** The server fails the connection with a Close; the client sends no Close in answer (section 5.5.1), and ends TCP. */
const failed = (...rules: string[]): Expected => ({ must: [...rules, 'CLOSE-ECHO'] });
/** The violation is in the client's own Close, which the server answers: nothing is left unanswered. */
const inClose = (...rules: string[]): Expected => ({ must: rules });

const CASES: Readonly<Record<string, Expected>> = {
  'wrong-mask': failed('MASK-C2S'), // 5.1
  'mask-zero-key': LEGAL, // 5.3: any 32-bit value
  'reserved-opcode-3': failed('OPCODE'), // 5.2
  'reserved-opcode-4': failed('OPCODE'),
  'reserved-opcode-7': failed('OPCODE'),
  'reserved-opcode-b': failed('OPCODE'),
  'reserved-opcode-f': failed('OPCODE'),
  'rsv-4': failed('RSV'), // 5.2: no extension was negotiated
  'rsv-2': failed('RSV'),
  'rsv-1': failed('RSV'),
  'rsv-7': failed('RSV'),
  'rsv1-on-ping': failed('RSV'),
  'control-len-126': failed('CTL-LEN'), // 5.5
  'close-len-130': inClose('CTL-LEN'),
  // 5.5: a control frame with FIN 0; the continuation after it continues nothing.
  'control-fragmented': failed('CTL-FRAG', 'FRAG-ORPHAN'),
  // The text after it comes after the client's own Close, fragmented or not.
  'close-fragmented': inClose('CTL-FRAG', 'AFTER-CLOSE'),
  'continuation-without-start': failed('FRAG-ORPHAN'), // 5.4
  'continuation-nofin-without-start': failed('FRAG-ORPHAN'),
  // Whether the last continuation belongs to the outer message or to nothing is anybody's guess.
  'data-inside-fragmented': { ...failed('FRAG-NEST'), may: ['FRAG-ORPHAN'] }, // 5.4
  'binary-inside-fragmented': { ...failed('FRAG-NEST'), may: ['FRAG-ORPHAN'] },
  'invalid-utf8': failed('UTF8'), // 8.1
  'invalid-utf8-fragmented': failed('UTF8'),
  'valid-utf8-split': LEGAL, // 5.6: the whole message is UTF-8, not each fragment
  'utf8-overlong': failed('UTF8'), // RFC 3629 3
  'close-1-byte': inClose('CLOSE-LEN'), // 5.5.1
  'close-code-0': inClose('CLOSE-CODE'), // 7.4.2
  'close-code-999': inClose('CLOSE-CODE'),
  'close-code-1004': inClose('CLOSE-CODE'), // 7.4.1
  'close-code-1005': inClose('CLOSE-CODE'),
  'close-code-1006': inClose('CLOSE-CODE'),
  'close-code-1015': inClose('CLOSE-CODE'),
  'close-code-1016': inClose('CLOSE-CODE'), // 7.4.2: not registered
  'close-code-1100': inClose('CLOSE-CODE'),
  'close-code-2000': inClose('CLOSE-CODE'),
  'close-code-2999': inClose('CLOSE-CODE'),
  'close-code-5000': inClose('CLOSE-CODE'),
  'close-code-65535': inClose('CLOSE-CODE'),
  'close-code-ok-1000': LEGAL,
  'close-code-ok-1001': LEGAL,
  'close-code-ok-1002': LEGAL,
  'close-code-ok-1003': LEGAL,
  'close-code-ok-1007': LEGAL,
  'close-code-ok-1008': LEGAL,
  'close-code-ok-1009': LEGAL,
  'close-code-ok-1010': LEGAL,
  'close-code-ok-1011': LEGAL,
  'close-code-ok-1012': LEGAL, // registered at IANA after the RFC, as are 1013 and 1014
  'close-code-ok-1013': LEGAL,
  'close-code-ok-1014': LEGAL,
  'close-code-ok-3000': LEGAL, // 7.4.2
  'close-code-ok-3999': LEGAL,
  'close-code-ok-4000': LEGAL,
  'close-code-ok-4999': LEGAL,
  'close-invalid-utf8': inClose('UTF8-CLOSE'), // 5.5.1
  'close-empty': LEGAL,
  'close-123-byte-reason': LEGAL, // 5.5: 125 octets with the code
  // 5.2: the shortest form; the server answers as if nothing were wrong (7.1.7 wants the connection failed).
  'nonminimal-16-for-5': { must: ['LEN-MIN', 'REACTION'] },
  'nonminimal-64-for-300': { must: ['LEN-MIN', 'REACTION'] },
  'nonminimal-16-for-0': { must: ['LEN-MIN', 'REACTION'] },
  'nonminimal-64-for-ping': failed('LEN-MIN', 'CTL-LEN'), // 5.5: 125 at most, so never another form
  'len64-top-bit': failed('LEN-MSB', 'TRUNCATED'), // 5.2; the octets never come
  'len64-huge': failed('TRUNCATED'), // no rule forbids it: what the length claims does not come
  'len64-4gib': failed('TRUNCATED'),
  'len64-4gib+5': failed('TRUNCATED'),
  'len64-7fffffff': failed('TRUNCATED'),
  'frame-after-close': inClose('AFTER-CLOSE'), // 5.5.1
  'two-closes': inClose('AFTER-CLOSE'),
  // "GE" is an unmasked frame with opcode 7 and RSV1, of 69 octets.
  'garbage-after-close': inClose('AFTER-CLOSE', 'MASK-C2S', 'RSV', 'OPCODE', 'TRUNCATED'),
  // "HT" is an unmasked Close with FIN 0 and RSV1, of 84 octets.
  'http-instead-of-frame': { ...failed('MASK-C2S', 'RSV', 'CTL-FRAG', 'TRUNCATED') },
  'empty-text-binary-ping-pong': LEGAL, // 5.5.3: an unasked pong is legal
  'header-split': LEGAL,
  'truncated-fin': { must: ['TRUNCATED'] }, // the frame's octets do not all come
  'truncated-header-fin': { must: ['TRUNCATED'] },
  'truncated-rst': { must: ['TRUNCATED'] },
};

interface Truth {
  readonly connections: readonly { readonly case: string; readonly client: { readonly port: number } }[];
}

if (SHARED === undefined) noteWithoutShared();

test.skipIf(SHARED === undefined)(
  'each of the 74 cases yields the rules that the RFC demands, and a legal one none above info: needs ../shared',
  async () => {
    const base = join(SHARED ?? '', 'captures', '07a-violations-client-vs-ws');
    const { connections } = JSON.parse(readFileSync(`${base}.truth.json`, 'utf8')) as Truth;
    expect(connections.map((known) => known.case).sort()).toEqual(Object.keys(CASES).sort());
    const report = await analyzeAlone(`${base}.pcapng`);
    const faults = connections.flatMap((known) => {
      const connection = report.connections.find(({ client }) => client.endsWith(`:${known.client.port}`));
      return faultsOf(known.case, connection);
    });
    expect(faults).toEqual([]);
  },
  30_000,
);

function faultsOf(name: string, connection: ConnectionReport | undefined): string[] {
  const expected = CASES[name];
  if (connection === undefined || expected === undefined) return [`${name}: no connection`];
  const found = rulesAboveInfo(connection);
  const missing = expected.must.filter((rule) => !found.includes(rule));
  const allowed = [...expected.must, ...(expected.may ?? [])];
  const extra = found.filter((rule) => !allowed.includes(rule));
  return [
    ...missing.map((rule) => `${name}: ${rule} is missing`),
    ...extra.map((rule) => `${name}: ${rule} is too much`),
  ];
}
