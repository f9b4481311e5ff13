/** What an item's display filter expression says of it. */
export interface FilterText {
  /** null: the expression does not name the item's field. */
  readonly name: string | null;
  /** In the form that tshark's JSON has; null: none. */
  readonly value: string | null;
}

/**
 * Takes an item apart into name and value.
 *
 * The embedded engine has no values as such, only the expression Wireshark would filter the item by: `NAME == VALUE`;
 * `NAME` alone for a protocol and for an item without value or octets; `frame[67:3] == 01:02:03` for an item without
 * value that covers octets of the packet, and `""` where these lie elsewhere; `text` for free text. Values differ from
 * those of `tshark -T json` and are brought into its form here, and only here:
 *
 * | type          | expression                         | here                              |
 * |---------------|------------------------------------|-----------------------------------|
 * | boolean       | `True`, `False`                    | `1`, `0`                          |
 * | text          | in quotes, `\"` `\\` `\n` ...      | the text                          |
 * | octets        | `de:ad`, one alone `de:`, none `""`| `de:ad`, `de`, ``                 |
 * | absolute time | `"2023-11-14 22:13:20.123456789Z"` | `2023-11-14T22:13:20.123456789Z`, as 4.6 |
 * | float, double | `1.1000000238418579`               | the same: more digits than JSON's |
 *
 * All others are the same: `0x05` or `5` by the field's base, addresses, `-1`, `'A'`. An integer that Wireshark shows
 * by its name alone (base.NONE with value strings, which no generated plugin has) is that name.
 */
export function readFilterText(filter: string): FilterText {
  const separator = filter.indexOf(' == ');
  if (separator < 0) return { name: isName(filter) ? filter : null, value: null };
  const name = filter.slice(0, separator);
  if (!isName(name)) return { name: null, value: null };
  return { name, value: readValue(filter.slice(separator + ' == '.length)) };
}

/** `text` is what free text has in a name's place. */
function isName(text: string): boolean {
  return text !== 'text' && /^[\w.-]+$/.test(text);
}

function readValue(text: string): string {
  if (text === 'True') return '1';
  if (text === 'False') return '0';
  if (text.startsWith('"') && text.endsWith('"') && text.length > 1) return quoted(text.slice(1, -1));
  return /^[0-9a-f]{2}:$/.test(text) ? text.slice(0, 2) : text;
}

const ABSOLUTE_TIME = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d+(?:Z|[+-]\d{4}))$/;

function quoted(text: string): string {
  const time = ABSOLUTE_TIME.exec(text);
  return time === null ? unescapeFilter(text) : `${time[1] ?? ''}T${time[2] ?? ''}`;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

/** As in C. */
function unescapeFilter(text: string): string {
  return text.replaceAll(/\\(?:x([0-9a-fA-F]{2})|(.))/gs, (_, hex: string | undefined, letter: string) =>
    hex === undefined ? (ESCAPES.get(letter) ?? letter) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
