/** Numbers that are the same for the same seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 to `end` - 1. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % end;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  of<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new Error('nothing to choose from');
    return found;
  }

  octets(length: number, from = 0): Uint8Array {
    return Uint8Array.from({ length }, () => from + this.below(256 - from));
  }

  /** An integer of so many bits; its ends are as likely as all between. */
  bits(width: number): bigint {
    const most = (1n << BigInt(width)) - 1n;
    if (this.chance(30)) return this.of([0n, 1n, most, most >> 1n, (most >> 1n) + 1n]) & most;
    let value = 0n;
    for (let at = 0; at < width; at += 8) value = (value << 8n) | BigInt(this.below(256));
    return value & most;
  }
}
