import { constants, deflateRawSync } from 'node:zlib';

export interface DeflateTerms {
  /** The sender looks back at most 2^window octets: 8 to 15. */
  readonly window: number;
  /** Messages before it whose text it may refer to (context takeover), in order. */
  readonly after?: readonly Uint8Array[];
  /** What reading puts behind the octets, and is therefore left out where they end in it. */
  readonly append?: Uint8Array;
}

/** The least window that zlib writes raw deflate with: with less, what reaches further back is not compressed. */
const LEAST_WINDOW = 9;

/** A message as RFC 7692 section 7.2.1 compresses it: raw deflate, ended by an empty block without compression. */
export function deflateRaw(octets: Uint8Array, { window, after = [], append }: DeflateTerms): Uint8Array {
  const dictionary = Buffer.concat(after);
  const reachesTooFar = window < LEAST_WINDOW && dictionary.length + octets.length > 2 ** window;
  const all = deflateRawSync(octets, {
    ...(reachesTooFar ? { level: 0 } : {}),
    windowBits: Math.max(window, LEAST_WINDOW),
    finishFlush: constants.Z_SYNC_FLUSH,
    ...(dictionary.length === 0 ? {} : { dictionary }),
  });
  const end = append === undefined ? undefined : all.subarray(Math.max(all.length - append.length, 0));
  const isThere = append !== undefined && end !== undefined && Buffer.compare(end, append) === 0;
  return new Uint8Array(isThere ? all.subarray(0, all.length - append.length) : all);
}
