import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createDecoder,
  leaves,
  toJsonFields,
  type DecodedPdu,
  type Decoder,
} from '../../../analyzer/decode/index.ts';
import { compileSpec } from '../../../spec/index.ts';
import { findSuite, HOW_TO_GET, type KaitaiSuite } from './suite.ts';

const suite = findSuite();

/** Octets of the suite's files, cut and changed, and octets of small values, which reach further than random ones. */
function octets(files: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const changes = fc.array(fc.tuple(fc.nat(4096), fc.nat(255)), { maxLength: 4 });
  const changed = fc.tuple(fc.constantFrom(...files), fc.nat(4096), changes).map(([file, end, edits]) => {
    const bytes = Uint8Array.from(file.subarray(0, end));
    for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
    return bytes;
  });
  return fc.oneof(changed, fc.uint8Array({ max: 3, maxLength: 200 }), fc.uint8Array({ maxLength: 200 }));
}

function decoderFor(from: KaitaiSuite, name: string): Decoder | undefined {
  const main = from.format(name);
  if (main === undefined) return undefined;
  const { protocol } = compileSpec({ main, load: from.load });
  return protocol === undefined ? undefined : createDecoder(protocol);
}

function inspect(pdu: DecodedPdu): void {
  JSON.stringify(toJsonFields(pdu));
  for (const { range, path } of leaves(pdu)) {
    if (range === null) continue;
    const end = range.start + range.length;
    expect([path, range.start >= 0, range.length >= 0, end <= range.source.bytes.length * 8]).toEqual([
      path,
      true,
      true,
      true,
    ]);
  }
}

if (suite === undefined) {
  test.skip(`every format of kaitai_struct_tests on any octets: ${HOW_TO_GET}`, () => {
    // Nothing to run.
  });
} else {
  test('decodes any octets by every format without an exception, with ranges inside their sources', () => {
    const sources = join(suite.folder, 'src');
    const entries = readdirSync(sources, { withFileTypes: true }).filter((entry) => entry.isFile());
    const files = entries.map(({ name }) => readFileSync(join(sources, name)));
    const names = readdirSync(join(suite.folder, 'formats')).filter((name) => name.endsWith('.ksy'));
    let decoders = 0;
    for (const name of names) {
      const decoder = decoderFor(suite, name.slice(0, -'.ksy'.length));
      if (decoder === undefined) continue;
      decoders += 1;
      fc.assert(
        fc.property(octets(files), (bytes) => {
          const outcome = decoder.decode(bytes, 0, bytes.length, {});
          if (outcome.kind === 'need-more') expect(outcome.needed > bytes.length).toBe(true);
          inspect(outcome.kind === 'pdu' ? outcome.pdu : outcome.partial);
          decoder.describe(outcome.kind === 'pdu' ? outcome.pdu : outcome.partial);
        }),
        { numRuns: 12 },
      );
    }
    expect(decoders).toBeGreaterThan(200);
  });
}
