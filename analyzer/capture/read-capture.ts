import type { CapturedPacket, CaptureEnd, CaptureSummary } from './captured-packet.ts';
import { decompress, DecompressionError } from './decompress.ts';
import { concatenate } from './octets.ts';
import { type CaptureSource, openSource } from './open-source.ts';
import { PacketLog } from './packet-log.ts';
import {
  type Compression,
  describeStranger,
  recogniseCompression,
  recogniseFormat,
  SIGNATURE_LENGTH,
} from './recognise.ts';
import { RecordReader } from './record-reader.ts';

export interface ReadCaptureOptions {
  /** Told after each chunk how many octets of the source have been read (packed ones, of a packed file). */
  readonly onProgress?: (octetsRead: number) => void;
  /** Told of each block with secrets of TLS sessions. */
  readonly onTlsSecrets?: () => void;
}

const EMPTY: CaptureEnd = { kind: 'empty', message: 'The capture is empty (0 bytes).' };

/**
 * Reads a pcap or pcapng capture, plain or packed with gzip or zstd, and hands out every packet in order.
 *
 * Memory does not grow with the file. Whatever is wrong with the octets is told by `end` of the summary, after
 * all packets before it were handed out.
 * @throws CaptureError when the source cannot be opened or read
 */
export async function readCapture(
  source: CaptureSource,
  onPacket: (packet: CapturedPacket) => void,
  options: ReadCaptureOptions = {},
): Promise<CaptureSummary> {
  const packed = await peek(counted(openSource(source), options.onProgress));
  const compression = recogniseCompression(packed.signature) ?? null;
  const log = new PacketLog(onPacket, options.onTlsSecrets);
  try {
    const result =
      compression === null
        ? await readRecords(packed, log)
        : await readPacked(compression, packed.chunks, log);
    return { ...result, compression, packets: log.packets, linkTypes: log.linkTypes };
  } finally {
    await packed.close();
  }
}

type ReadResult = Pick<CaptureSummary, 'format' | 'end'>;

async function readPacked(
  compression: Compression,
  chunks: AsyncIterable<Uint8Array>,
  log: PacketLog,
): Promise<ReadResult> {
  let fault: DecompressionError | undefined;
  const unpacked = await peek(
    untilFault(decompress(compression, chunks), (error) => {
      fault = error;
    }),
  );
  const result = await readRecords(unpacked, log);
  await unpacked.close();
  if (fault === undefined) return result;
  const place = result.end.kind === 'cut' ? result.end.offset : unpacked.octets();
  const message = `${fault.message}, after ${unpacked.octets()} unpacked bytes.`;
  return { format: result.format, end: { kind: fault.kind, offset: place, message } };
}

async function readRecords(input: Peeked, log: PacketLog): Promise<ReadResult> {
  const format = recogniseFormat(input.signature, log);
  if (format === undefined) {
    const end = input.signature.length === 0 ? EMPTY : notACapture(input.signature);
    return { format: null, end };
  }
  const reader = new RecordReader(format);
  for await (const chunk of input.chunks) {
    if (!reader.push(chunk)) break;
  }
  return { format: format.name, end: reader.finish() };
}

function notACapture(signature: Uint8Array): CaptureEnd {
  return { kind: 'not-a-capture', ...describeStranger(signature) };
}

interface Peeked {
  /** The first octets; fewer than SIGNATURE_LENGTH only when there are no more. */
  readonly signature: Uint8Array;
  /** All octets, the signature's too. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** How many octets `chunks` has yielded. */
  readonly octets: () => number;
  /** Lets go of the source, read to its end or not. */
  readonly close: () => Promise<unknown>;
}

async function peek(source: AsyncGenerator<Uint8Array, void, undefined>): Promise<Peeked> {
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < SIGNATURE_LENGTH) {
    const next = await source.next();
    if (next.done === true) break;
    first.push(next.value);
    length += next.value.length;
  }
  let octets = 0;
  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    for (const chunk of first) {
      octets += chunk.length;
      yield chunk;
    }
    for await (const chunk of source) {
      octets += chunk.length;
      yield chunk;
    }
  }
  const signature = concatenate(first, length).subarray(0, SIGNATURE_LENGTH);
  return { signature, chunks: chunks(), octets: () => octets, close: () => source.return() };
}

/** Ends quietly where unpacking fails, so that what came before is read; the fault is told apart. */
async function* untilFault(
  chunks: AsyncIterable<Uint8Array>,
  onFault: (fault: DecompressionError) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* chunks;
  } catch (error) {
    if (!(error instanceof DecompressionError)) throw error;
    onFault(error);
  }
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  onProgress: ((octetsRead: number) => void) | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  let octets = 0;
  for await (const chunk of chunks) {
    octets += chunk.length;
    onProgress?.(octets);
    yield chunk;
  }
}
