import type { DissectedPacket, DissectionEnd } from '../dissected.ts';
import { BrokenJson } from './broken-json.ts';
import { JsonTokenizer } from './json-tokenizer.ts';
import { HEAD_OCTETS, notJson } from './not-json.ts';
import { PacketSink } from './packet-sink.ts';

export interface PacketReaderOptions {
  /** Names of the layers to hand back; all else is passed over. */
  readonly layers: readonly string[];
}

/** Takes the output of `tshark -T json` in pieces of any size. */
export interface PacketReader {
  /** Hands out, before it returns, every packet whose last octet is in. False: what follows is of no use any more. */
  push(chunk: Uint8Array): boolean;
  /** No more is to come. */
  end(): DissectionEnd;
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Reads `tshark -T json` of any version and shape: default output with its repeated keys, `--no-duplicate-keys`, `-x`,
 * `-j`, `-J`, `-2`, `-T jsonraw`, and the same reformatted (`jq`), one packet a line included.
 *
 * Memory is bounded by one packet's wanted layers. What `onPacket` throws goes to the caller of `push`.
 */
export function createPacketReader(
  options: PacketReaderOptions,
  onPacket: (packet: DissectedPacket) => void,
): PacketReader {
  const sink = new PacketSink(options.layers, onPacket);
  const tokenizer = new JsonTokenizer(sink);
  let head = Buffer.alloc(0);
  let received = 0;
  let broken: DissectionEnd | null = null;

  const push = (chunk: Uint8Array): boolean => {
    if (broken !== null) return false;
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (head.length < HEAD_OCTETS) head = Buffer.concat([head, bytes.subarray(0, HEAD_OCTETS - head.length)]);
    const before = received;
    received += bytes.length;
    if (before < BOM.length) bytes = withoutBom(bytes, before, head);
    try {
      tokenizer.push(bytes);
    } catch (error) {
      if (!(error instanceof BrokenJson)) throw error;
      broken = notJson(head, received - bytes.length + tokenizer.position, error.message);
    }
    return broken === null;
  };

  const end = (): DissectionEnd => {
    if (broken !== null) return broken;
    if (tokenizer.isWhole) return { kind: 'complete' };
    if (!/\S/.test(head.toString('latin1')) || isBomOnly(head)) return notJson(head, received, '');
    const place =
      tokenizer.depth > 1 ? `in the middle of packet ${sink.count + 1}` : `after packet ${sink.count}`;
    return {
      kind: 'cut',
      offset: received,
      message: `The JSON ends at octet ${received}, ${place}, without its closing "]".`,
    };
  };

  return { push, end };
}

/** The chunk without those octets of a byte order mark that are in it. `before` octets came earlier. */
function withoutBom(bytes: Buffer, before: number, head: Buffer): Buffer {
  const length = Math.min(head.length, BOM.length);
  if (!head.subarray(0, length).equals(BOM.subarray(0, length))) return bytes;
  return bytes.subarray(Math.max(0, BOM.length - before));
}

function isBomOnly(head: Buffer): boolean {
  return head.equals(BOM);
}
