import { createDecoder, paramsFor, type Side, toHex } from '../../../analyzer/index.ts';
import { compileSpec, formatDiagnostic, type Protocol } from '../../../spec/index.ts';
import { encodePdu } from '../encode-pdu.ts';
import { type Given, type GivenMap, isMap } from '../given.ts';
import { givenOf } from '../given-of.ts';

/** A protocol from the text of its spec, and of others that it imports by their names. */
export function protocolOf(text: string, imports: Readonly<Record<string, string>> = {}): Protocol {
  const { protocol, diagnostics } = compileSpec({
    main: { name: 'made.ksy', text },
    load: (path) => {
      const found = imports[path];
      return found === undefined ? undefined : { name: `${path}.ksy`, text: found };
    },
  });
  if (protocol === undefined) throw new Error(diagnostics.map(formatDiagnostic).join(''));
  return protocol;
}

export interface Journey {
  /** What was written. */
  readonly hex: string;
  /** What our decoder reads of it; a sentence: it is no whole PDU. */
  readonly read: GivenMap | string;
  /** What was given and is not read; null: nothing. */
  readonly lost: string | null;
  /** What is written of what was read. */
  readonly again: string;
  /** Breaches of `valid` and `contents`, by path. */
  readonly faults: readonly string[];
}

/** Writes values, reads the octets, and writes what was read. */
export function thereAndBack(protocol: Protocol, given: GivenMap, side: Side = 'c2s'): Journey {
  const octets = encodePdu(protocol, given, side);
  const hex = toHex(octets);
  const outcome = createDecoder(protocol).decode(octets, 0, octets.length, paramsFor(protocol, side));
  const nothing = { lost: null, again: '', faults: [] };
  if (outcome.kind === 'need-more') return { hex, read: `${outcome.needed} octets are wanted`, ...nothing };
  const { problem, root, length, faults } = outcome.pdu;
  if (problem !== null) return { hex, read: `${problem.path}: ${problem.message}`, ...nothing };
  if (length !== octets.length) return { hex, read: `${length} octets are read`, ...nothing };
  const read = givenOf(root);
  const again = toHex(encodePdu(protocol, read, side));
  return { hex, read, lost: lostOf(given, read, ''), again, faults: faults.map(({ path }) => path) };
}

/** The first member that was given and is not there, or not the same. */
export function lostOf(given: Given, read: Given, path: string): string | null {
  if (given === undefined) return null;
  if (isMap(given) && isMap(read)) {
    const found = Object.entries(given).map(([id, member]) => lostOf(member, read[id], `${path}.${id}`));
    return found.find((one) => one !== null) ?? null;
  }
  if (Array.isArray(given) && Array.isArray(read)) {
    const items = given as readonly Given[];
    const found = items.map((item, index) =>
      lostOf(item, (read as readonly Given[])[index], `${path}[${index}]`),
    );
    return items.length === read.length
      ? (found.find((one) => one !== null) ?? null)
      : `${path}: ${read.length} elements`;
  }
  const [wanted, found] = [given, read].map(textOf);
  return wanted === found ? null : `${path}: ${found}, and ${wanted} was given`;
}

function textOf(value: Given): string {
  if (value instanceof Uint8Array) return toHex(value);
  return typeof value === 'object' ? JSON.stringify(Object.keys(value ?? {})) : String(value);
}
