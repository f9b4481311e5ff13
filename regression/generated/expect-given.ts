import { toHex } from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { type Given, type GivenMap, Written } from '../encode/given.ts';
import { pathText } from '../suite/field-paths.ts';
import type { Expectation, Wanted } from '../suite/suite.ts';
import { valuesIn } from './given-values.ts';

/** The values that were written, as what a tests file expects. */
export function expectationsOf(protocol: Protocol, given: GivenMap): readonly Expectation[] {
  return [...valuesIn(given)].flatMap(([steps, value]) => {
    const wanted = wantedOf(value);
    return wanted === undefined ? [] : [{ path: pathText(steps), steps, wanted, enums: protocol.enums }];
  });
}

function wantedOf(value: Given): Wanted | undefined {
  if (value === null) return { kind: 'absent' };
  if (value instanceof Uint8Array) {
    const isEmpty = value.length === 0;
    return { kind: 'literal', text: isEmpty ? '' : toHex(value), quoted: isEmpty };
  }
  if (typeof value === 'string') return { kind: 'literal', text: value, quoted: true };
  if (value === undefined || value instanceof Written || typeof value === 'object') return undefined;
  return { kind: 'literal', text: String(value), quoted: false };
}
