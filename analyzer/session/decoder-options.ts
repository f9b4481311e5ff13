import { inflateSync } from 'node:zlib';
import type { DecoderOptions } from '../decode/index.ts';

/** Node's zlib is several times faster than the decoder's own inflate. */
export function decoderOptions(): DecoderOptions {
  return {
    inflate: (bytes, maxOctets) => {
      try {
        return {
          kind: 'inflated',
          bytes: new Uint8Array(inflateSync(bytes, { maxOutputLength: maxOctets })),
        };
      } catch (error) {
        if (error instanceof RangeError) return { kind: 'too-big' };
        return { kind: 'corrupt', message: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}
