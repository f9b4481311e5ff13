import type { Registered, RegisteredField, RegisteredValue } from '../../engines/index.ts';
import type { PluginFilter, PluginRegistrations } from '../filters/lua/registrations.ts';

/** How a field is registered, told by an engine or by the plugin's text. */
export interface FoundField {
  readonly filter: string;
  readonly label: string;
  /** null: not known. */
  readonly description: string | null;
  /** Several, where they depend on Wireshark's version. */
  readonly types: readonly string[];
  readonly base: string;
  readonly mask: bigint;
  /** null: not known. */
  readonly names: ReadonlyMap<bigint, string> | null;
  readonly unit: string;
  /** Of an expert info, `WARN`; null: not known. */
  readonly severity: string | null;
}

/** As an engine lists them: the first of a name. */
export function fieldsOfEngine({ fields, values }: Registered): ReadonlyMap<string, FoundField> {
  const byFilter = new Map<string, RegisteredValue[]>();
  for (const value of values) byFilter.set(value.filter, [...(byFilter.get(value.filter) ?? []), value]);
  const found = new Map<string, FoundField>();
  for (const field of fields) {
    if (!found.has(field.filter)) found.set(field.filter, ofEngine(field, byFilter.get(field.filter) ?? []));
  }
  return found;
}

function ofEngine(field: RegisteredField, values: readonly RegisteredValue[]): FoundField {
  const { filter, label, description, type, base, mask } = field;
  const names = new Map<bigint, string>();
  for (const { kind, number, text } of values) {
    // The first of several names of a number is the one that is shown.
    if (kind !== 'unit' && !names.has(number)) names.set(number, text);
  }
  const unit = values.find(({ kind }) => kind === 'unit')?.text ?? '';
  // Wireshark 4.0 to 4.6 forgets the description of a string that a plugin registers with a display.
  const isForgotten = type === 'FT_STRING' && description === '';
  return {
    filter,
    label,
    description: isForgotten ? null : description,
    types: [type],
    base,
    mask,
    names,
    unit,
    severity: null,
  };
}

/** As the plugin's text has them, in the words that an engine would use. */
export function fieldsOfPlugin({ filters }: PluginRegistrations): ReadonlyMap<string, FoundField> {
  const found = new Map<string, FoundField>();
  for (const filter of filters) {
    if (filter.kind !== 'protocol' && !found.has(filter.filter)) found.set(filter.filter, ofPlugin(filter));
  }
  return found;
}

function ofPlugin(filter: PluginFilter): FoundField {
  const { types, base, names } = filter;
  const [type] = types;
  const bits = type === 'FT_UINT64' || type === 'FT_INT64' ? 64 : 32;
  const wrapped =
    names === null ? null : new Map([...names].map(([number, text]) => [BigInt.asUintN(bits, number), text]));
  return { ...filter, base: baseOf(type ?? '', base), names: wrapped };
}

/** What is left out is decimal; of the other types nobody is told a base. */
function baseOf(type: string, base: string): string {
  if (/^FT_U?INT\d/.test(type)) return base === '' ? 'BASE_DEC' : base;
  if (type !== 'FT_BOOLEAN') return '';
  return /^\d+$/.test(base) ? base : '0';
}
