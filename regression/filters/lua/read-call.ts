import type { PluginFilter } from './registrations.ts';
import type { StaticValue } from './static-value.ts';

/** Where a constructor's arguments stand, from 0; absent: it has none. */
interface Places {
  readonly base?: number;
  readonly names?: number;
  readonly mask?: number;
  readonly description: number;
}

const NUMBER: Places = { base: 2, names: 3, mask: 4, description: 5 };
const SHOWN: Places = { base: 2, description: 3 };
const PLAIN: Places = { description: 2 };

/** The constructors of Wireshark's class ProtoField, with the types they make. */
const CONSTRUCTORS: Readonly<Record<string, readonly [string, Places]>> = {
  ...Object.fromEntries(
    ['8', '16', '24', '32', '64'].flatMap((bits) => [
      [`uint${bits}`, [`FT_UINT${bits}`, NUMBER]],
      [`int${bits}`, [`FT_INT${bits}`, NUMBER]],
    ]),
  ),
  char: ['FT_CHAR', NUMBER],
  bool: ['FT_BOOLEAN', NUMBER],
  framenum: ['FT_FRAMENUM', NUMBER],
  float: ['FT_FLOAT', { names: 2, description: 3 }],
  double: ['FT_DOUBLE', { names: 2, description: 3 }],
  string: ['FT_STRING', SHOWN],
  stringz: ['FT_STRINGZ', SHOWN],
  bytes: ['FT_BYTES', SHOWN],
  ubytes: ['FT_UINT_BYTES', SHOWN],
  absolute_time: ['FT_ABSOLUTE_TIME', SHOWN],
  none: ['FT_NONE', PLAIN],
  ipv4: ['FT_IPv4', PLAIN],
  ipv6: ['FT_IPv6', PLAIN],
  ether: ['FT_ETHER', PLAIN],
  guid: ['FT_GUID', PLAIN],
  oid: ['FT_OID', PLAIN],
  rel_oid: ['FT_REL_OID', PLAIN],
  systemid: ['FT_SYSTEM_ID', PLAIN],
  eui64: ['FT_EUI64', PLAIN],
  relative_time: ['FT_RELATIVE_TIME', PLAIN],
  protocol: ['FT_PROTOCOL', PLAIN],
};

/** `ftypes.IPv4` and the like. */
const NEW_PLACES: Places = { names: 3, base: 4, mask: 5, description: 6 };

/** A call that is none of a registration is undefined; one that cannot be read is a sentence. */
export function readCall(
  callee: StaticValue,
  args: readonly StaticValue[],
  line: number,
): PluginFilter | string | undefined {
  const paths = pathsOf(callee);
  const [first] = paths;
  if (first === undefined) return undefined;
  if (first === 'Proto' || first === 'Proto.new') return readProto(args, line);
  if (first === 'ProtoExpert.new') return readExpert(args, line);
  if (first === 'ProtoField.new') return readNew(args, line);
  if (!paths.every((path) => path.startsWith('ProtoField.'))) return undefined;
  const made = paths.map((path) => CONSTRUCTORS[path.slice('ProtoField.'.length)]);
  const places = made[0]?.[1];
  if (places === undefined) return `it calls ${first}, which is not known here`;
  const types = made.flatMap((one) => (one === undefined ? [] : [one[0]]));
  return field({ filter: args[0], label: args[1], types, places, args, line });
}

function pathsOf(callee: StaticValue): readonly string[] {
  if (callee.kind === 'path') return [callee.path];
  if (callee.kind !== 'choice') return [];
  return callee.values.flatMap((value) => (value.kind === 'path' ? [value.path] : []));
}

const NOTHING = {
  base: '',
  mask: 0n,
  names: new Map<bigint, string>(),
  unit: '',
  description: '',
  severity: null,
} as const;

function readProto([name, label]: readonly StaticValue[], line: number): PluginFilter | string {
  if (name?.kind !== 'string') return NOT_WRITTEN;
  const filter = name.text.toLowerCase();
  return { ...NOTHING, kind: 'protocol', filter, label: textOf(label), types: ['FT_PROTOCOL'], line };
}

function readExpert([name, label, , severity]: readonly StaticValue[], line: number): PluginFilter | string {
  if (name?.kind !== 'string') return NOT_WRITTEN;
  const word = severity?.kind === 'path' ? (severity.path.split('.').at(-1) ?? null) : null;
  return {
    ...NOTHING,
    kind: 'expert',
    filter: name.text,
    label: textOf(label),
    types: ['FT_NONE'],
    severity: word,
    line,
  };
}

function readNew(args: readonly StaticValue[], line: number): PluginFilter | string {
  const type = args[2];
  if (type?.kind !== 'path') return 'its type is not written out';
  const types = [`FT_${type.path.split('.').at(-1) ?? ''}`];
  return field({ filter: args[1], label: args[0], types, places: NEW_PLACES, args, line });
}

const NOT_WRITTEN = 'its name is not written out';

interface Draft {
  readonly filter: StaticValue | undefined;
  readonly label: StaticValue | undefined;
  readonly types: readonly string[];
  readonly places: Places;
  readonly args: readonly StaticValue[];
  readonly line: number;
}

function field({ filter, label, types, places, args, line }: Draft): PluginFilter | string {
  if (filter?.kind !== 'string') return NOT_WRITTEN;
  const at = (place: number | undefined): StaticValue | undefined =>
    place === undefined ? undefined : args[place];
  const mask = at(places.mask);
  if (mask !== undefined && mask.kind !== 'number' && mask.kind !== 'nil') {
    return `the mask of ${filter.text} is not written out`;
  }
  return {
    kind: 'field',
    filter: filter.text,
    label: textOf(label),
    types,
    base: baseOf(at(places.base)),
    mask: mask?.kind === 'number' ? mask.number : 0n,
    ...shownAs(types[0] ?? '', at(places.base), at(places.names)),
    description: textOf(at(places.description)),
    severity: null,
    line,
  };
}

function textOf(value: StaticValue | undefined): string {
  return value?.kind === 'string' ? value.text : '';
}

function baseOf(value: StaticValue | undefined): string {
  if (value?.kind === 'number') return value.number.toString();
  if (value?.kind !== 'path') return '';
  const words = value.path.split('+').map((path) => path.split('.').at(-1) ?? '');
  return `BASE_${words.find((word) => word !== 'UNIT_STRING') ?? 'DEC'}`;
}

/** One argument has names of values, texts for true and false, or a unit. */
function shownAs(
  type: string,
  base: StaticValue | undefined,
  value: StaticValue | undefined,
): Pick<PluginFilter, 'names' | 'unit'> {
  const names = namesOf(value);
  const [first, second] = [names?.get(1n), names?.get(2n)];
  const isUnit = base?.kind === 'path' && base.path.includes('UNIT_STRING');
  if (isUnit || type === 'FT_FLOAT' || type === 'FT_DOUBLE') return { names: new Map(), unit: first ?? '' };
  if (type !== 'FT_BOOLEAN' || first === undefined || second === undefined) return { names, unit: '' };
  return {
    names: new Map([
      [1n, first],
      [0n, second],
    ]),
    unit: '',
  };
}

function namesOf(value: StaticValue | undefined): ReadonlyMap<bigint, string> | null {
  if (value === undefined || value.kind === 'nil') return new Map();
  if (value.kind !== 'table') return null;
  const names = new Map<bigint, string>();
  for (const [key, name] of value.entries) {
    if (!/^-?\d+$/.test(key) || name.kind !== 'string') return null;
    names.set(BigInt(key), name.text);
  }
  return names;
}
