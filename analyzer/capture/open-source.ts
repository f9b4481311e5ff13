import { open } from 'node:fs/promises';
import { CaptureError } from './captured-packet.ts';
import { READ_CHUNK_OCTETS } from './limits.ts';
import { plainOctets } from './octets.ts';

/** A path, or octets that come in by themselves (stdin, a pipe, a test). */
export type CaptureSource = string | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * The octets of a source as chunks. Each chunk is memory of its own, never written again.
 * @throws CaptureError
 */
export async function* openSource(source: CaptureSource): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (typeof source === 'string') yield* readFile(source);
    else for await (const chunk of source) yield plainOctets(chunk);
  } catch (error) {
    throw unreadable(source, error);
  }
}

async function* readFile(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path, 'r');
  try {
    for (;;) {
      const chunk = new Uint8Array(READ_CHUNK_OCTETS);
      const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
};

function unreadable(source: CaptureSource, cause: unknown): CaptureError {
  const name = typeof source === 'string' ? `"${source}"` : 'the input';
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new CaptureError('capture-unreadable', `Cannot read ${name}: ${reason}.`, { cause });
}
