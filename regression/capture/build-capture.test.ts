import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { VectorDecoder } from '../run/decode-vector.ts';
import { runSession } from '../run/run-session.ts';
import type { Suite } from '../suite/suite.ts';
import { BEACON, suiteFrom } from '../testing/suite-from.ts';
import { buildCapture } from './build-capture.ts';
import { type Case, casesOf, describeCase } from './cases.ts';
import { planVector, type VectorPlan } from './vector-plan.ts';

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-build-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const TESTS = `
spec: ./beacon.ksy
vectors:
  - {name: one, hex: 0002 0701}
  - {name: two and a half, from: server, hex: [0002 0701, 0002 0802, 0009]}
  - {name: long, hex: fffb 0701 1f4142*21843}
`;

interface Built {
  readonly cases: readonly Case[];
  readonly capture: (cases: readonly Case[]) => Uint8Array;
}

function built({ protocol, vectors }: Suite): Built {
  const decoder = new VectorDecoder(protocol);
  const planOf = (vector: Suite['vectors'][number]): VectorPlan =>
    planVector(protocol, vector, decoder.decode(vector));
  const cases = casesOf(
    protocol,
    vectors.map((vector) => ({ vector, plan: planOf(vector) })),
    'all',
  );
  return { cases, capture: (some) => buildCapture(protocol, some, planOf) };
}

async function lengthsOf(suite: Suite): Promise<readonly (readonly [string, unknown])[]> {
  const { cases, capture } = built(suite);
  const file = join(folder, `${suite.protocol.id}.pcapng`);
  writeFileSync(file, capture(cases));
  const { pdus } = await runSession(file, suite.protocol, cases);
  return cases
    .filter(({ lossy }) => !lossy)
    .map((item) => [
      `${item.vector.name}, ${describeCase(item)}`,
      pdus.get(item)?.map(({ length }) => length),
    ]);
}

function counted(rows: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const vectors = new Map<string, Set<string>>();
  for (const [name, lengths] of rows) {
    const vector = name.slice(0, name.indexOf(','));
    vectors.set(vector, (vectors.get(vector) ?? new Set()).add(JSON.stringify(lengths)));
  }
  return Object.fromEntries([...vectors].map(([vector, lengths]) => [vector, [...lengths]]));
}

test('carries every vector in every way, each in a connection of its own, and always the same comes out', async () => {
  const rows = await lengthsOf(suiteFrom(BEACON, TESTS));
  expect(counted(rows)).toEqual({ one: ['[4]'], 'two and a half': ['[4,4,2]'], long: ['[65533]'] });
  const ways = (vector: string): string[] =>
    rows
      .map(([name]) => name)
      .filter((name) => name.startsWith(`${vector},`))
      .map((name) => name.slice(vector.length + 2));
  expect(ways('two and a half')).toEqual([
    'whole, on tcp',
    'one octet a segment, on tcp',
    'in two segments, cut behind octet 1 of PDU 1, on tcp',
    'in two segments, cut behind octet 2 of PDU 1, on tcp',
    'in two segments, cut behind octet 3 of PDU 1, on tcp',
    'in two segments, cut behind octet 4 of PDU 1, on tcp',
    'coalesced, on tcp',
    'segments reordered, on tcp',
    'every segment twice, on tcp',
    'over IPv6, on tcp',
    'in a VLAN, on tcp',
    'in a Linux cooked capture, on tcp',
    'on BSD loopback, on tcp',
    'one PDU a datagram, on udp',
    'over IPv6, on udp',
    'in a VLAN, on udp',
    'in a Linux cooked capture, on udp',
    'on BSD loopback, on udp',
    'in fragments of IP, on udp',
  ]);
  expect(ways('one')).not.toContain('coalesced, on tcp');
  expect(ways('long')).toEqual([
    'whole, on tcp',
    'one octet a segment, on tcp',
    'segments reordered, on tcp',
  ]);
});

test('cuts octet by octet at both ends of a long PDU, and keeps the number of packets small', () => {
  const { cases, capture } = built(suiteFrom(BEACON, TESTS));
  const sizeOf = (variant: string): number =>
    capture(cases.filter((item) => item.vector.name === 'long' && item.variant === variant)).length;
  const [whole, octets] = [sizeOf('whole'), sizeOf('octets')];
  // Headers of a packet take 54 octets, those of its block 32 and up to 3 of padding.
  expect(octets).toBeGreaterThan(whole + 256 * 86);
  expect(octets).toBeLessThan(whole + 360 * 90);
});

test('puts a valid handshake before what is carried by an upgrade', async () => {
  const ksy =
    'meta: {id: upgraded}\n-wireshark: {bind: [{http-upgrade: garden}]}\nseq: [{id: len, type: u1}, {id: x, size: len}]';
  const tests = 'spec: x\nvectors: [{name: up, hex: 02aabb 01cc}, {name: down, from: server, hex: 00}]';
  const rows = await lengthsOf(suiteFrom(ksy, tests));
  expect(counted(rows)).toEqual({ up: ['[3,2]'], down: ['[1]'] });
  expect(rows.map(([name]) => name)).toContain('down, coalesced, after an upgrade to garden');
});
