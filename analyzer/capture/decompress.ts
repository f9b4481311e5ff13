import { createGunzip } from 'node:zlib';
import * as zlib from 'node:zlib';
import { Decompress } from 'fzstd';
import type { Transform } from 'node:stream';
import { plainOctets } from './octets.ts';
import type { Compression } from './recognise.ts';

/** The packed data ended too early, or is wrong. */
export class DecompressionError extends Error {
  readonly kind: 'cut' | 'damaged';
  constructor(kind: 'cut' | 'damaged', message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DecompressionError';
    this.kind = kind;
  }
}

/**
 * Packed octets given to zlib at once. When it meets damage it forgets what this slice had yielded before it;
 * small slices lose little.
 */
const SLICE_OCTETS = 16_384;
const NOTHING_MORE = new Uint8Array(0);

/** @throws DecompressionError after everything before the fault was handed out */
export function decompress(
  compression: Compression,
  chunks: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  if (compression === 'gzip') return throughZlib(createGunzip(), chunks, 'gzip');
  const native = nativeZstd();
  return native === undefined ? throughFzstd(chunks) : throughZlib(native, chunks, 'zstd');
}

/** Node has zstd from 22.15 on. */
function nativeZstd(): Transform | undefined {
  const create: unknown = Reflect.get(zlib, 'createZstdDecompress');
  return typeof create === 'function' ? (create as () => Transform)() : undefined;
}

/**
 * Each slice is written and waited for, and the end is told with no data beside it: a stream that is cut then
 * yields all it has before zlib reports the cut.
 */
async function* throughZlib(
  inflater: Transform,
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  let failure: unknown;
  const feeding = feed(inflater, chunks).catch((error: unknown) => {
    failure = error;
    inflater.destroy();
  });
  try {
    for await (const chunk of inflater) yield plainOctets(chunk as Uint8Array);
  } catch (error) {
    throw describe(error, name);
  } finally {
    inflater.destroy();
    await feeding;
  }
  if (failure !== undefined) throw describe(failure, name);
}

async function feed(inflater: Transform, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += SLICE_OCTETS) {
      // Its reader has the fault already, or wants no more.
      if (inflater.destroyed) return;
      await write(inflater, chunk.subarray(at, at + SLICE_OCTETS));
    }
  }
  if (!inflater.destroyed) inflater.end();
}

/** A stream that fails never calls back for the write it failed in: it closes. */
function write(inflater: Transform, slice: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error | null): void => {
      inflater.off('close', settle);
      if (error instanceof Error) reject(error);
      else resolve();
    };
    inflater.once('close', settle);
    inflater.write(slice, settle);
  });
}

async function* throughFzstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let unpacked: Uint8Array[] = [];
  const inflater = new Decompress((data) => unpacked.push(data));
  const push = (slice: Uint8Array, final: boolean): unknown => {
    try {
      inflater.push(slice, final);
      return undefined;
    } catch (error) {
      return error;
    }
  };
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += SLICE_OCTETS) {
      const failure = push(chunk.subarray(at, at + SLICE_OCTETS), false);
      yield* unpacked;
      unpacked = [];
      if (failure !== undefined) throw fault(failure, 'zstd');
    }
  }
  const failure = push(NOTHING_MORE, true);
  yield* unpacked;
  if (failure !== undefined) throw fault(failure, 'zstd');
}

/** Errors of the source underneath pass through unchanged. */
function describe(error: unknown, name: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const fromZlib = typeof code === 'string' && (code.startsWith('Z_') || code.startsWith('ZSTD_'));
  return fromZlib ? fault(error, name) : error;
}

/** fzstd meets damage with errors of any class. */
function fault(cause: unknown, name: string): DecompressionError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return /unexpected (end of file|EOF)/iu.test(message)
    ? new DecompressionError('cut', `The ${name} data ends too early`, { cause })
    : new DecompressionError('damaged', `The ${name} data is damaged (${message})`, { cause });
}
