import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { datagramsOf, VectorDecoder } from '../run/decode-vector.ts';
import { runSession } from '../run/run-session.ts';
import type { Suite, Vector } from '../suite/suite.ts';
import { BEACON, suiteFrom } from '../testing/suite-from.ts';
import { buildCapture } from './build-capture.ts';
import { casesOf, describeCase } from './cases.ts';

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

async function lengthsOf({ protocol, vectors }: Suite): Promise<readonly (readonly [string, unknown])[]> {
  const decoder = new VectorDecoder(protocol);
  const datagrams = (vector: Vector): readonly Uint8Array[] => datagramsOf(vector, decoder.decode(vector));
  const cases = casesOf(protocol, vectors, datagrams);
  const file = join(folder, `${protocol.id}.pcapng`);
  writeFileSync(file, buildCapture(cases, datagrams));
  const session = await runSession(file, protocol, cases);
  return cases.map((item) => [
    `${item.vector.name}, ${describeCase(item)}`,
    session.get(item)?.map(({ length }) => length),
  ]);
}

test('carries every vector in every way, each in a connection of its own', async () => {
  expect(await lengthsOf(suiteFrom(BEACON, TESTS))).toEqual([
    ['one, whole, on tcp', [4]],
    ['one, one octet a segment, on tcp', [4]],
    ['one, one PDU a datagram, on udp', [4]],
    ['two and a half, whole, on tcp', [4, 4, 2]],
    ['two and a half, one octet a segment, on tcp', [4, 4, 2]],
    ['two and a half, one PDU a datagram, on udp', [4, 4, 2]],
    ['long, whole, on tcp', [65533]],
    ['long, one octet a segment, on tcp', [65533]],
  ]);
});

test('cuts octet by octet at both ends of a long part, and keeps the number of packets small', () => {
  const { protocol, vectors } = suiteFrom(BEACON, TESTS);
  const cases = casesOf(protocol, vectors.slice(2), () => []);
  const [whole, octets] = cases.map((item) => buildCapture([item], () => []).length);
  // Headers of a packet take 54 octets, those of its block 32 and up to 3 of padding.
  expect(octets ?? 0).toBeGreaterThan((whole ?? 0) + 64 * 86);
  expect(octets ?? 0).toBeLessThan((whole ?? 0) + 140 * 90);
});

test('puts a valid handshake before what is carried by an upgrade', async () => {
  const ksy =
    'meta: {id: upgraded}\n-wireshark: {bind: [{http-upgrade: garden}]}\nseq: [{id: len, type: u1}, {id: x, size: len}]';
  const tests = 'spec: x\nvectors: [{name: up, hex: 02aabb 01cc}, {name: down, from: server, hex: 00}]';
  expect(await lengthsOf(suiteFrom(ksy, tests))).toEqual([
    ['up, whole, after an upgrade to garden', [3, 2]],
    ['up, one octet a segment, after an upgrade to garden', [3, 2]],
    ['down, whole, after an upgrade to garden', [1]],
    ['down, one octet a segment, after an upgrade to garden', [1]],
  ]);
});
