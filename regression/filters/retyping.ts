import type { PluginFilter } from './lua/registrations.ts';

/** What a saved filter can write beside a field depends on which of these it is. */
type Family = 'number' | 'truth' | 'text' | 'octets' | 'none' | 'other';

/** What filters with this field do not do any more although its name is the same; sentences. */
export function retyping(old: PluginFilter, now: PluginFilter): readonly string[] {
  // Without a value there is nothing but its presence to ask for, and that goes on.
  if (old.types.every((type) => familyOf(type) === 'none')) return [];
  const [before, after] = [oneType(old), oneType(now)];
  const typed = before === after ? [] : typeBreak(old.filter, before, after);
  return [...typed, ...maskBreak(old, now), ...nameBreaks(old, now)];
}

/** Of a field whose type depends on the version, all of them count. */
function oneType({ types }: PluginFilter): string {
  return [...types].sort().join(' or ');
}

function typeBreak(filter: string, before: string, after: string): readonly string[] {
  const [left, right] = [familyOf(before), familyOf(after)];
  const what = `${filter} was ${before} and is ${after}`;
  if (left !== right || left === 'other') return [`${what}: ${familyExample(left, filter)}`];
  if (left !== 'number') return [];
  const [signs, widths] = [
    [before, after].map((type) => !type.startsWith('FT_UINT')),
    [before, after].map((type) => Number(/\d+$/.exec(type)?.[0] ?? 0)),
  ];
  if (signs[0] !== signs[1]) return [`${what}: its values beyond the half of its range are others.`];
  const isNarrower = (widths[1] ?? 0) < (widths[0] ?? 0);
  return isNarrower ? [`${what}: a saved filter with a number that is too large for it now is refused.`] : [];
}

function familyOf(type: string): Family {
  if (/^FT_U?INT\d+$/.test(type) || type === 'FT_CHAR') return 'number';
  if (type === 'FT_BOOLEAN') return 'truth';
  if (/^FT_(STRING|STRINGZ|UINT_STRING|STRINGZPAD|STRINGZTRUNC)$/.test(type)) return 'text';
  if (type === 'FT_BYTES' || type === 'FT_UINT_BYTES') return 'octets';
  return type === 'FT_NONE' || type === 'FT_PROTOCOL' ? 'none' : 'other';
}

function familyExample(family: Family, filter: string): string {
  switch (family) {
    case 'number':
      return `a saved filter such as "${filter} > 5" is refused or matches otherwise.`;
    case 'truth':
      return `a saved filter such as "${filter} == True" is refused or matches otherwise.`;
    case 'text':
      return `a saved filter such as "${filter} == "hello"" is refused or matches otherwise.`;
    case 'octets':
      return `a saved filter such as "${filter} contains 01:02" is refused or matches otherwise.`;
    case 'none':
    case 'other':
      return 'a saved filter that compares its value is refused or matches otherwise.';
  }
}

/** Which bits a value is made of: counted from the top of the octets, so that a wider field may have the same. */
function maskBreak(old: PluginFilter, now: PluginFilter): readonly string[] {
  const [before, after] = [bitsOf(old), bitsOf(now)];
  if (before === null || after === null || before === after) return [];
  const texts = [old, now].map(({ mask }) =>
    mask === 0n ? 'no bit mask' : `the bit mask 0x${mask.toString(16)}`,
  );
  return [`${old.filter} had ${texts[0]} and has ${texts[1]}: a saved filter matches other values.`];
}

/** `4+4`: first bit and number of bits; null: the type has none. */
function bitsOf({ types, mask, base }: PluginFilter): string | null {
  const [type] = types;
  if (type === undefined || types.length > 1) return null;
  const isTruth = type === 'FT_BOOLEAN';
  const width = isTruth
    ? Number(/^\d+$/.exec(base)?.[0] ?? 0)
    : Number(/^FT_U?INT(\d+)$/.exec(type)?.[1] ?? 0);
  // A number of its own may be told in more bits than before.
  if (mask === 0n) return width === 0 || isTruth ? null : 'all';
  const length = mask.toString(2).length;
  return `${width - length}:${mask.toString(2).replace(/0+$/, '')}`;
}

/** `ws.opcode == "Text"` works by the names of values. */
function nameBreaks(old: PluginFilter, now: PluginFilter): readonly string[] {
  if (old.names === null || now.names === null) return [];
  const found: string[] = [];
  for (const [number, name] of old.names) {
    const other = now.names.get(number);
    if (other === name) continue;
    const instead = other === undefined ? 'has no name' : `is "${other}"`;
    found.push(`${old.filter} == "${name}" is refused: the value ${number} ${instead} now.`);
  }
  return found;
}
