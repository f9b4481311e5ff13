/** Functions of Lua's library that plugins call by a short name. */
const LIBRARY: Readonly<Record<string, string>> = {
  byte: 'string.byte',
  char: 'string.char',
  sub: 'string.sub',
  find: 'string.find',
  gsub: 'string.gsub',
  format: 'string.format',
  concat: 'table.concat',
  floor: 'math.floor',
};

/** Tables of functions, one function a type or a member. */
const TABLES: Readonly<Record<string, string>> = {
  read: 'fill an object from its octets',
  get: 'work out what is only needed now and then',
  state: 'what PDUs leave behind for those that follow',
  change: 'work out what a PDU leaves behind',
  expect: 'rules that may not apply',
  partial: 'rules for what was not read to its end',
  check: 'tell whether something is wrong with an object',
  alias: 'fill the filter names of the built-in',
  hand: 'the packet whose octets other dissectors are given',
  show: 'put an object into the protocol tree',
};

export interface Shortcuts {
  readonly shortcuts: { readonly names: string; readonly values: string } | null;
  readonly tables: readonly { readonly name: string; readonly purpose: string }[];
}

/** `free`: names that the body uses and does not declare. */
export function shortcutsFor(free: ReadonlySet<string>): Shortcuts {
  const names = Object.keys(LIBRARY).filter((name) => free.has(name));
  return {
    shortcuts:
      names.length === 0
        ? null
        : { names: names.join(', '), values: names.map((name) => LIBRARY[name] ?? '').join(', ') },
    tables: Object.entries(TABLES)
      .filter(([name]) => free.has(name))
      .map(([name, purpose]) => ({ name, purpose })),
  };
}
