import { expect, test } from 'vitest';
import { EncodeError } from '../../regression/encode/encode-error.ts';
import { protocolOf, thereAndBack } from '../../regression/encode/testing/there-and-back.ts';
import { pathText } from '../../regression/suite/field-paths.ts';
import { makeSpec } from './random-spec.ts';

/** The same in every run: a spec that is found to fail keeps its number. */
const FIRST = Number(process.env['WIRETWIN_SEED'] ?? 1);
const SPECS = Number(process.env['WIRETWIN_SPECS'] ?? 300);

/** What went wrong with one spec; null: values there and back were the same. */
function failure(seed: number): string | null {
  const { ksy, given } = makeSpec(seed);
  const tell = (what: string): string => `seed ${seed}: ${what}\n${ksy}\n${shown(given)}`;
  try {
    const { read, lost, again, hex, faults } = thereAndBack(protocolOf(ksy), given);
    if (typeof read === 'string') return tell(`${hex}: ${read}`);
    if (lost !== null) return tell(`${hex}: ${lost}`);
    if (again !== hex) return tell(`${hex}: written again it is ${again}`);
    return faults.length === 0 ? null : tell(`${hex}: faults in ${faults.join(', ')}`);
  } catch (error) {
    if (error instanceof EncodeError) return tell(`refused: ${pathText(error.steps)} ${error.message}`);
    return tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

function shown(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (typeof one === 'bigint') return one.toString();
    return one instanceof Uint8Array ? Buffer.from(one).toString('hex') : one;
  });
}

test(`${SPECS} specs made at random: values are read as they were written`, () => {
  for (let seed = FIRST; seed < FIRST + SPECS; seed += 1) expect(failure(seed)).toBeNull();
});
