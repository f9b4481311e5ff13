import type { FilterAlias, Protocol, ProtocolFieldType } from '../../spec/index.ts';
import type { RegistrationFault } from './compare-fields.ts';
import type { FoundField } from './registered-fields.ts';

/**
 * The built-in's names that go on matching. An engine lists its own dissector's fields under these names: an alias of
 * another type or mask would break filters that people have. The plugin's text has ours.
 *
 * @param version of the engine; null: the plugin's text, which has the types of all versions
 */
export function compareAliases(
  protocol: Protocol,
  found: ReadonlyMap<string, FoundField>,
  version: string | null,
): readonly RegistrationFault[] {
  if (protocol.replaces === null) return [];
  const faults: RegistrationFault[] = [];
  for (const alias of aliasesOf(protocol).values()) {
    const own = found.get(alias.filter);
    const check = (what: string, expected: string, got: string): void => {
      if (expected !== got) faults.push({ filter: alias.filter, what, expected, found: got });
    };
    if (own === undefined) {
      check('the alias', 'registered', 'not registered');
      continue;
    }
    const types = [...new Set(typesOf(alias, version).map(typeName))].sort();
    check('the type', types.join(' or '), [...own.types].sort().join(' or '));
    check('the bit mask', maskText(BigInt(alias.mask)), maskText(own.mask));
  }
  return faults;
}

/** A member may be known by one name in several types. */
function aliasesOf({ types }: Protocol): ReadonlyMap<string, FilterAlias> {
  const aliases = types.flatMap(({ fields, instances }) =>
    [...fields, ...instances].flatMap((member) => member.aliases),
  );
  return new Map(aliases.map((alias) => [alias.filter, alias]));
}

function typesOf({ types }: FilterAlias, version: string | null): readonly ProtocolFieldType[] {
  if (version === null) return types.map(({ type }) => type);
  return types
    .filter(({ since }) => !isBefore(version, since))
    .slice(-1)
    .map(({ type }) => type);
}

function isBefore(version: string, since: string): boolean {
  const [have, need] = [version, since].map((text) =>
    text.split('.').map((part) => Number.parseInt(part, 10) || 0),
  );
  for (const place of [0, 1]) {
    const difference = (have?.[place] ?? 0) - (need?.[place] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function typeName(type: ProtocolFieldType): string {
  if (type.kind === 'uint' || type.kind === 'int') return `FT_${type.kind.toUpperCase()}${type.bits}`;
  return NAMES[type.kind];
}

const NAMES = {
  group: 'FT_NONE',
  float: 'FT_FLOAT',
  double: 'FT_DOUBLE',
  bool: 'FT_BOOLEAN',
  bytes: 'FT_BYTES',
  string: 'FT_STRING',
  ipv4: 'FT_IPv4',
  ipv6: 'FT_IPv6',
  ether: 'FT_ETHER',
  guid: 'FT_GUID',
  'absolute-time': 'FT_ABSOLUTE_TIME',
  'relative-time': 'FT_RELATIVE_TIME',
} as const;

function maskText(mask: bigint): string {
  return mask === 0n ? '(none)' : `0x${mask.toString(16)}`;
}
