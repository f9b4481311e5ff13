/** Turns the two halves of a file's timestamp into nanoseconds since the epoch. */
export interface Clock {
  nanoseconds(high: number, low: number): bigint;
}

const TWO_TO_32 = 4_294_967_296;
const NANOSECONDS = 1_000_000_000n;

/** `if_tsresol`: the top bit set means a power of two, else of ten; the other seven bits are the exponent. */
const POWER_OF_TWO = 0x80;
export const MICROSECONDS = 6;

/** Exponents beyond these cannot be told apart within 64 bits of ticks: 10^19 and 2^63 fill them. */
const MAXIMUM_DECIMAL_EXPONENT = 19;
const MAXIMUM_BINARY_EXPONENT = 63;

/**
 * The clock of a pcapng interface: 64-bit ticks of `if_tsresol`, shifted by `if_tsoffset` seconds.
 * Undefined for a resolution that 64 bits of ticks cannot hold.
 */
export function pcapngClock(resolution: number, offsetSeconds: bigint): Clock | undefined {
  const exponent = resolution & ~POWER_OF_TWO;
  const binary = (resolution & POWER_OF_TWO) !== 0;
  if (exponent > (binary ? MAXIMUM_BINARY_EXPONENT : MAXIMUM_DECIMAL_EXPONENT)) return undefined;
  const ticksPerSecond = binary ? 1n << BigInt(exponent) : 10n ** BigInt(exponent);
  const shift = offsetSeconds * NANOSECONDS;

  if (!binary && exponent <= 9) {
    const factor = NANOSECONDS / ticksPerSecond;
    return { nanoseconds: (high, low) => ticks(high, low) * factor + shift };
  }
  return { nanoseconds: (high, low) => (ticks(high, low) * NANOSECONDS) / ticksPerSecond + shift };
}

/** pcap: seconds and a fraction of 1/10^6 or 1/10^9. */
export function pcapClock(nanosecondFraction: boolean): Clock {
  const factor = nanosecondFraction ? 1n : 1000n;
  return { nanoseconds: (seconds, fraction) => BigInt(seconds) * NANOSECONDS + BigInt(fraction) * factor };
}

function ticks(high: number, low: number): bigint {
  const sum = high * TWO_TO_32 + low;
  return Number.isSafeInteger(sum) ? BigInt(sum) : (BigInt(high) << 32n) | BigInt(low);
}
