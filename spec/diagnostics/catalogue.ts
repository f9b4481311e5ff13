/**
 * Everything the compiler can say about a spec. A code is a promise to users (they search for it, they silence it):
 * it is never reused for something else. docs/diagnostics.md is generated from this file.
 */
export interface CatalogueEntry<P> {
  readonly severity: 'error' | 'warning';
  /** For docs/diagnostics.md: what is wrong and how it is mended. */
  readonly explanation: string;
  readonly message: (params: P) => string;
}

function error<P>(explanation: string, message: (params: P) => string): CatalogueEntry<P> {
  return { severity: 'error', explanation, message };
}

function warning<P>(explanation: string, message: (params: P) => string): CatalogueEntry<P> {
  return { severity: 'warning', explanation, message };
}

/** Of a message that says the same everywhere. */
type NoParams = Readonly<Record<string, never>>;

export const CATALOGUE = {
  'spec/too-large': error(
    'The file is longer than a spec may be. Split it and use `meta/imports`.',
    (p: { length: number; limit: number }) =>
      `The spec has ${p.length} characters; at most ${p.limit} are read.`,
  ),
  'spec/too-deep': error(
    'Maps and lists, or the parts of an expression, are nested deeper than the compiler follows.',
    (p: { what: string; limit: number }) => `${p.what} may be nested at most ${p.limit} deep.`,
  ),
  'spec/too-many-nodes': error(
    'The file, with its aliases written out, has more values than a spec may have.',
    (p: { limit: number }) => `The spec has more than ${p.limit} values, with its aliases written out.`,
  ),
  'spec/too-many-faults': error(
    'The spec has so many faults that the compiler stops counting. Mend the first ones.',
    (p: { limit: number }) => `The spec has more than ${p.limit} faults: the others are not shown.`,
  ),
  'spec/yaml-syntax': error('The file is not well-formed YAML.', (p: { detail: string }) => p.detail),
  'spec/yaml-feature': error(
    'A feature of YAML that frame specs do not use: tags, several documents in one file, complex keys, endless aliases.',
    (p: { feature: string }) => `${p.feature} cannot be used in a spec.`,
  ),
  'spec/duplicate-key': error(
    'A map has the same key twice.',
    (p: { key: string }) => `The key "${p.key}" stands twice in this map.`,
  ),
  'spec/unknown-key': error(
    'The language has no such key at this place.',
    (p: { key: string; where: string }) => `${p.where} has no key "${p.key}".`,
  ),
  'spec/missing-key': error(
    'A key that is needed at this place is absent.',
    (p: { key: string; where: string }) => `${p.where} needs the key "${p.key}".`,
  ),
  'spec/key-conflict': error(
    'Two keys contradict one another, or a key needs another one that is absent.',
    (p: { detail: string }) => p.detail,
  ),
  'spec/wrong-shape': error(
    'A value is of another kind (map, list, text, number ...) than the key takes.',
    (p: { what: string; expected: string; found: string }) =>
      `${p.what} must be ${p.expected}, but this is ${p.found}.`,
  ),
  'spec/bad-value': error(
    'A value is of the right kind but not one that the key takes.',
    (p: { what: string; expected: string; found: string }) =>
      `${p.what} must be ${p.expected}, found ${p.found}.`,
  ),
  'spec/bad-identifier': error(
    'Identifiers begin with a lower-case letter and go on with lower-case letters, digits and underscores.',
    (p: { what: string; id: string }) =>
      `"${p.id}" cannot be the name of ${p.what}: a lower-case letter, then lower-case letters, digits and "_".`,
  ),
  'spec/duplicate-id': error(
    'Two things of one kind have the same name.',
    (p: { what: string; id: string }) => `There already is ${p.what} named "${p.id}".`,
  ),
  'spec/version': error(
    '`ks-version` asks for another version of the language than the one compiled here (Kaitai Struct 0.11).',
    (p: { wanted: string; reason: string }) => `The spec asks for language version ${p.wanted}: ${p.reason}.`,
  ),
  'spec/unknown-import': error(
    'A file named in `meta/imports` was not found.',
    (p: { path: string; from: string }) => `Cannot find "${p.path}.ksy", imported by ${p.from}.`,
  ),
  'spec/unknown-type': error(
    'No type of that name is visible here.',
    (p: { name: string; from: string }) => `Cannot find the type "${p.name}", searched from "${p.from}".`,
  ),
  'spec/unknown-enum': error(
    'No enum of that name is visible here.',
    (p: { name: string; from: string }) => `Cannot find the enum "${p.name}", searched from "${p.from}".`,
  ),
  'spec/unknown-enum-member': error(
    'The enum has no value of that name.',
    (p: { enum: string; name: string }) => `The enum "${p.enum}" has no value "${p.name}".`,
  ),
  'spec/unknown-variable': error(
    'A parameter or `set` names a session variable that `-wireshark: session:` does not declare.',
    (p: { name: string }) => `There is no session variable "${p.name}".`,
  ),
  'spec/unknown-member': error(
    'The type has no parameter, attribute or instance of that name.',
    (p: { type: string; name: string }) => `${p.type} has no member "${p.name}".`,
  ),
  'spec/unknown-method': error(
    'Values of this kind have no such property or method.',
    (p: { type: string; name: string }) => `There is no property or method "${p.name}" of ${p.type}.`,
  ),
  'spec/wrong-arguments': error(
    'A method is called with other arguments than it takes.',
    (p: { method: string; expected: string; found: string }) =>
      `"${p.method}" takes ${p.expected}, but is given ${p.found}.`,
  ),
  'spec/argument-count': error(
    'A type is used with another number of arguments than it has parameters.',
    (p: { type: string; declared: number; given: number }) =>
      `The type "${p.type}" has ${p.declared} parameter(s), but is given ${p.given} argument(s).`,
  ),
  'spec/argument-type': error(
    'An argument does not fit its parameter.',
    (p: { parameter: string; expected: string; found: string }) =>
      `The parameter "${p.parameter}" takes ${p.expected}, but is given ${p.found}.`,
  ),
  'spec/expression-syntax': error(
    'An expression cannot be read.',
    (p: { found: string; expected: string }) => `Found ${p.found} where ${p.expected} was expected.`,
  ),
  'spec/integer-range': error(
    'Integers have at most 64 bits.',
    (p: { text: string }) => `The number ${p.text} does not fit into 64 bits.`,
  ),
  'spec/type-mismatch': error(
    'An expression has another type than is needed here.',
    (p: { what: string; expected: string; found: string }) =>
      `${p.what} must be ${p.expected}, but the expression is ${p.found}.`,
  ),
  'spec/operand-types': error(
    'An operator does not work on operands of these types.',
    (p: { operator: string; operands: string }) => `"${p.operator}" cannot be applied to ${p.operands}.`,
  ),
  'spec/not-comparable': error(
    'Values of different kinds cannot be compared.',
    (p: { left: string; right: string }) => `Cannot compare ${p.left} with ${p.right}.`,
  ),
  'spec/endless-definition': error(
    'The type or the size of something depends on itself.',
    (p: { what: string; name: string }) => `The ${p.what} of "${p.name}" depends on itself.`,
  ),
  'spec/no-static-size': error(
    '`sizeof` and `_sizeof` need a size that is the same in every object.',
    (p: { what: string }) => `${p.what} has no fixed size.`,
  ),
  'spec/enum-needs-integer': error(
    '`enum` gives names to integers only.',
    (p: { found: string }) => `An enum names integers, but this is ${p.found}.`,
  ),
  'spec/missing-endian': error(
    'Numbers of more than one octet need `meta/endian`, or `le`/`be` in their type.',
    (p: { type: string }) => `The octet order of "${p.type}" is not known: there is no "meta/endian".`,
  ),
  'spec/missing-encoding': error<NoParams>(
    'Text needs `encoding`, here or in `meta`.',
    () => 'The encoding of this text is not known: neither "encoding" nor "meta/encoding" is given.',
  ),
  'spec/missing-size': error(
    'Octets and text need an end: `size`, `size-eos`, `terminator`, or `contents`.',
    (p: { what: string }) =>
      `It is not said where the ${p.what} ends: "size", "size-eos" or "terminator" is needed.`,
  ),
  'spec/not-supported': error(
    'The language has it, this compiler does not (yet).',
    (p: { feature: string }) => `${p.feature} is not supported yet.`,
  ),
  'spec/filter-name': error(
    'Display filter names consist of lower-case letters, digits, "_", "-" and ".", and end in neither `_raw` nor `_tree`, which `tshark -T json` adds itself.',
    (p: { name: string; reason: string }) => `"${p.name}" cannot be a display filter name: ${p.reason}.`,
  ),
  'spec/filter-clash': error(
    'Two fields have one display filter name. Give one of them another by `-wireshark: {filter: NAME}`.',
    (p: { name: string }) => `The display filter name "${p.name}" is already taken in this spec.`,
  ),
  'spec/filter-taken': error(
    'Wireshark itself already has a protocol of that name, and refuses a second one.',
    (p: { what: string; name: string }) => `Wireshark already has a protocol with the ${p.what} "${p.name}".`,
  ),
  'spec/not-self-delimiting': error(
    'A PDU on a byte stream (TCP, an upgraded HTTP connection) must itself say where it ends.',
    (p: { carrier: string; reason: string }) =>
      `Cannot bind to ${p.carrier}: the end of a PDU on a byte stream is not known, because ${p.reason}.`,
  ),
  'spec/param-without-source': warning(
    'A parameter of the spec itself gets its value from nobody. Give it a `source` in `-wireshark`.',
    (p: { id: string }) =>
      `Nothing gives the parameter "${p.id}" a value: it is 0, false or empty unless a test sets it.`,
  ),
  'spec/style': warning(
    'The name differs from what the Kaitai Struct style guide advises.',
    (p: { better: string; found: string; use: string }) =>
      `"${p.found}" is better called "${p.better}": it is only used as ${p.use}.`,
  ),
  'spec/encoding-name': warning(
    'The encoding has a canonical name that tools agree on.',
    (p: { found: string; canonical: string }) =>
      `The canonical name of the encoding "${p.found}" is "${p.canonical}".`,
  ),
  'spec/unknown-encoding': warning(
    'The encoding is none that this compiler knows, or leaves the order of octets open.',
    (p: { found: string; readAs: string }) =>
      `The encoding "${p.found}" is not known: such text is read as ${p.readAs}.`,
  ),
} as const satisfies Record<string, CatalogueEntry<never>>;

export type DiagnosticCode = keyof typeof CATALOGUE;
export type DiagnosticParams<C extends DiagnosticCode> = Parameters<(typeof CATALOGUE)[C]['message']>[0];
