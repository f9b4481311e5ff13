import { createDecoder, type Decoder } from '../../analyzer/decode/index.ts';
import { EncodeError } from '../../regression/encode/encode-error.ts';
import { encodeImage } from '../../regression/encode/encode-pdu.ts';
import type { GivenMap } from '../../regression/encode/given.ts';
import { givenOf } from '../../regression/encode/given-of.ts';
import type { Image } from '../../regression/encode/octet-writer.ts';
import { pathText } from '../../regression/suite/field-paths.ts';
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
  // A Buffer's slices share its octets, and what is read must stay as it is.
  const data = new Uint8Array(suite.read(id).data);
  const decoder = createDecoder(protocol);
  const read = valuesOf(decoder, data);
  if (typeof read === 'string') return { id, outcome: 'not-read', reason: read };
  try {
    const image = encodeImage(protocol, read, 'c2s');
    const difference = differenceOf(image, data) ?? readAgain(decoder, image);
    return { id, outcome: difference === null ? 'same' : 'different', reason: difference ?? '' };
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    return { id, outcome: 'refused', reason: `${pathText(error.steps)} ${error.message}` };
  }
}

function valuesOf(decoder: Decoder, octets: Uint8Array): GivenMap | string {
  const outcome = decoder.decode(octets, 0, octets.length, {});
  if (outcome.kind === 'need-more') return 'ends early';
  const { problem, root } = outcome.pdu;
  return problem === null ? givenOf(root) : problem.message;
}

/** Where a bit that the values decide is not that of the file. */
function differenceOf({ octets, said }: Image, data: Uint8Array): string | null {
  const at = said.findIndex((mask, index) => (((octets[index] ?? 0) ^ (data[index] ?? 0xff)) & mask) !== 0);
  if (at >= 0) return `octet ${at}: ${octets[at]?.toString(16)} for ${data[at]?.toString(16)}`;
  return octets.length > data.length ? `${octets.length} octets of ${data.length}` : null;
}

/** What is read of the octets that were written, and written once more, is the same. */
function readAgain(decoder: Decoder, { octets }: Image): string | null {
  const read = valuesOf(decoder, octets);
  if (typeof read === 'string') return `what was written is not read: ${read}`;
  const again = encodeImage(decoder.protocol, read, 'c2s').octets;
  return Buffer.compare(again, octets) === 0
    ? null
    : 'what was written is another thing when it is written again';
}
