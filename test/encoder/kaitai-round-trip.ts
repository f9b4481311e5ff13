import { createDecoder } from '../../analyzer/decode/index.ts';
import { EncodeError } from '../../regression/encode/encode-error.ts';
import { encodeImage } from '../../regression/encode/encode-pdu.ts';
import { givenOf } from '../../regression/encode/given-of.ts';
import type { Image } from '../../regression/encode/octet-writer.ts';
import { compileSpec } from '../../spec/index.ts';
import { withOpaqueImports } from '../conformance/kaitai/augment.ts';
import type { KaitaiSuite } from '../conformance/kaitai/suite.ts';

/** What became of a case's file when all values read from it were written again. */
export interface WrittenCase {
  readonly id: string;
  /** `not-read`: the file is meant to be no whole PDU of the format, or the format is one that is refused. */
  readonly outcome: 'same' | 'not-read' | 'refused' | 'different';
  readonly reason: string;
}

export function writeAgain(suite: KaitaiSuite, id: string): WrittenCase {
  const spec = suite.format(id);
  if (spec === undefined) return { id, outcome: 'not-read', reason: 'has no format' };
  const { protocol } = compileSpec({ main: withOpaqueImports(spec, suite), load: suite.load });
  if (protocol === undefined) return { id, outcome: 'not-read', reason: 'does not compile' };
  const { data } = suite.read(id);
  const outcome = createDecoder(protocol).decode(data, 0, data.length, {});
  if (outcome.kind === 'need-more') return { id, outcome: 'not-read', reason: 'ends early' };
  const { problem, root } = outcome.pdu;
  if (problem !== null) return { id, outcome: 'not-read', reason: problem.message };
  try {
    const image = encodeImage(protocol, givenOf(root), 'c2s');
    const difference = differenceOf(image, data);
    return { id, outcome: difference === null ? 'same' : 'different', reason: difference ?? '' };
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    return { id, outcome: 'refused', reason: `${error.steps.join('.')} ${error.message}` };
  }
}

/** Where a bit that the values decide is not that of the file. */
function differenceOf({ octets, said }: Image, data: Uint8Array): string | null {
  const at = said.findIndex((mask, index) => (((octets[index] ?? 0) ^ (data[index] ?? 0xff)) & mask) !== 0);
  if (at >= 0) return `octet ${at}: ${octets[at]?.toString(16)} for ${data[at]?.toString(16)}`;
  return octets.length > data.length ? `${octets.length} octets of ${data.length}` : null;
}
