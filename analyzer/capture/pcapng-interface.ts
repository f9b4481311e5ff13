import { MICROSECONDS, pcapngClock } from './clock.ts';
import { MAXIMUM_OPTIONS } from './limits.ts';
import type { ByteOrder } from './octets.ts';
import type { CaptureInterface } from './pcapng.ts';

const LINK_TYPE_AT = 8;
const SNAPLEN_AT = 12;
const OPTIONS_AT = 16;
const TRAILER_LENGTH = 4;

const OPTION_END = 0;
const OPTION_TSRESOL = 9;
const OPTION_TSOFFSET = 14;

/** Interface Description Block; a string is what is wrong with it. */
export function readInterface(block: Uint8Array, order: ByteOrder): CaptureInterface | string {
  if (block.length < OPTIONS_AT + TRAILER_LENGTH) return 'is too short for an interface description';
  let resolution = MICROSECONDS;
  let offsetSeconds = 0n;

  const end = block.length - TRAILER_LENGTH;
  let at = OPTIONS_AT;
  // Ends: every option uses at least its own four octets.
  for (let count = 0; at + 4 <= end && count < MAXIMUM_OPTIONS; count += 1) {
    const code = order.uint16(block, at);
    const length = order.uint16(block, at + 2);
    at += 4;
    if (code === OPTION_END || at + length > end) break;
    if (code === OPTION_TSRESOL && length === 1) resolution = block[at] ?? MICROSECONDS;
    if (code === OPTION_TSOFFSET && length === 8) offsetSeconds = int64(block, at, order);
    at += (length + 3) & ~3;
  }

  const clock = pcapngClock(resolution, offsetSeconds);
  if (clock === undefined) return `has a time resolution (if_tsresol ${resolution}) that 64 bits cannot hold`;
  return { linkType: order.uint16(block, LINK_TYPE_AT), snaplen: order.uint32(block, SNAPLEN_AT), clock };
}

function int64(bytes: Uint8Array, at: number, order: ByteOrder): bigint {
  const [high, low] = order.name === 'big' ? [at, at + 4] : [at + 4, at];
  return BigInt.asIntN(64, (BigInt(order.uint32(bytes, high)) << 32n) | BigInt(order.uint32(bytes, low)));
}
