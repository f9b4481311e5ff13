import { printable } from '../../analyzer/index.ts';
import type { ExpectedField } from './expected-fields.ts';
import type { FoundField } from './registered-fields.ts';

/** One thing that a field is registered with, and should not. */
export interface RegistrationFault {
  readonly filter: string;
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

/** Names of values told of one field; where a table is shifted, all are wrong in the same way. */
const MOST_NAMES = 8;

export function compareField(
  expected: ExpectedField,
  found: FoundField | undefined,
): readonly RegistrationFault[] {
  const { filter } = expected;
  if (found === undefined) return [{ filter, what: 'it', expected: 'registered', found: 'not registered' }];
  const faults: RegistrationFault[] = [];
  const check = (what: string, wanted: string, got: string): void => {
    if (wanted !== got) faults.push({ filter, what, expected: wanted, found: got });
  };
  check('the type', expected.type, found.types.join(' or '));
  if (expected.base !== null) check('the display', expected.base, found.base);
  check('the bit mask', hex(expected.mask), hex(found.mask));
  check('the label', quoted(expected.label), quoted(found.label));
  if (found.description !== null) {
    check('the description', quoted(expected.description), quoted(found.description));
  }
  check('the unit', quoted(expected.unit), quoted(found.unit));
  return [...faults, ...compareNames(expected, found)];
}

function compareNames({ filter, names }: ExpectedField, found: FoundField): readonly RegistrationFault[] {
  if (found.names === null) {
    return names.size === 0
      ? []
      : [
          {
            filter,
            what: 'the names of its values',
            expected: `${names.size} of them`,
            found: 'none that can be read',
          },
        ];
  }
  const faults: RegistrationFault[] = [];
  for (const number of new Set([...names.keys(), ...found.names.keys()])) {
    const [wanted, got] = [nameText(names.get(number)), nameText(found.names.get(number))];
    if (wanted !== got)
      faults.push({ filter, what: `the name of value ${number}`, expected: wanted, found: got });
  }
  return faults.slice(0, MOST_NAMES);
}

function nameText(name: string | undefined): string {
  return name === undefined ? '(none)' : quoted(name);
}

function hex(mask: bigint): string {
  return mask === 0n ? '(none)' : `0x${mask.toString(16).padStart(2, '0')}`;
}

/** As people read it: Wireshark prints what a terminal cannot show in ways of its own. */
function quoted(text: string): string {
  return `"${printable(text)}"`;
}
