import { readSync } from 'node:fs';
import type { DissectedPacket, DissectionEnd } from '../dissected.ts';
import { createPacketReader, type PacketReaderOptions } from './packet-reader.ts';

/** A pipe gives 64 KiB at most; a file this much at once. */
const BUFFER_OCTETS = 1 << 20;
/** How long to wait for a pipe that has nothing yet and does not block. */
const NAP_MILLISECONDS = 2;

/**
 * Reads a descriptor to its end, without the event loop: from a pipe that is a quarter of the time `process.stdin`
 * takes. The writer is held back while packets are looked at; a live writer's packets are handed out as they come.
 */
export function readPacketsFromFd(
  fd: number,
  options: PacketReaderOptions,
  onPacket: (packet: DissectedPacket) => void,
): DissectionEnd {
  const reader = createPacketReader(options, onPacket);
  const buffer = Buffer.alloc(BUFFER_OCTETS);
  for (;;) {
    const length = readSome(fd, buffer);
    if (length === 0 || !reader.push(buffer.subarray(0, length))) return reader.end();
  }
}

/** The same from a stream; the next chunk is asked for when the last one is done. */
export async function readPacketsFromStream(
  chunks: AsyncIterable<Uint8Array>,
  options: PacketReaderOptions,
  onPacket: (packet: DissectedPacket) => void,
): Promise<DissectionEnd> {
  const reader = createPacketReader(options, onPacket);
  for await (const chunk of chunks) if (!reader.push(chunk)) break;
  return reader.end();
}

/** 0: the end. */
function readSome(fd: number, buffer: Buffer): number {
  for (;;) {
    try {
      return readSync(fd, buffer, 0, buffer.length, null);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      // Windows reports the end of a pipe as an error.
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN' && code !== 'EINTR') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, NAP_MILLISECONDS);
    }
  }
}
