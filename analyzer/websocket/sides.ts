import type { Side } from '../capture/stream.ts';

export const SIDES: readonly Side[] = ['c2s', 's2c'];

export function otherSide(side: Side): Side {
  return side === 'c2s' ? 's2c' : 'c2s';
}

/** Who sends in that direction. */
export function senderOf(side: Side): 'client' | 'server' {
  return side === 'c2s' ? 'client' : 'server';
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
