import type {
  Content,
  Expr,
  Extent,
  Field,
  Instance,
  Process,
  Protocol,
  StructType,
  Validation,
} from '../../spec/index.ts';

type PartsOf = { readonly [K in Expr['kind']]: (expr: Extract<Expr, { kind: K }>) => readonly Expr[] };

const none = (): readonly Expr[] => [];
const operand = (expr: { readonly operand: Expr }): readonly Expr[] => [expr.operand];
const elements = (expr: { readonly elements: readonly Expr[] }): readonly Expr[] => expr.elements;
const object = (expr: { readonly object: Expr }): readonly Expr[] => [expr.object];
const sides = (expr: { readonly left: Expr; readonly right: Expr }): readonly Expr[] => [
  expr.left,
  expr.right,
];

const PARTS: PartsOf = {
  int: none,
  float: none,
  bool: none,
  string: none,
  bytes: none,
  enum: none,
  self: none,
  root: none,
  index: none,
  it: none,
  'byte-list': elements,
  array: elements,
  parent: object,
  io: object,
  member: object,
  not: operand,
  negate: operand,
  invert: operand,
  cast: operand,
  logic: sides,
  arithmetic: sides,
  concat: sides,
  compare: sides,
  choose: (expr) => [expr.condition, expr.yes, expr.no],
  subscript: (expr) => [expr.object, expr.index],
  call: (expr) => [expr.object, ...expr.args],
  format: (expr) => expr.parts,
};

/** The expressions directly inside one. */
export function subexpressions(expr: Expr): readonly Expr[] {
  // The table has for each kind a function of that kind.
  const parts = PARTS[expr.kind] as (expr: Expr) => readonly Expr[];
  return parts(expr);
}

/** Visits an expression and all within it. Ends: the IR is a finite tree. */
export function visitExpr(expr: Expr, visit: (expr: Expr) => void): void {
  visit(expr);
  for (const inner of subexpressions(expr)) visitExpr(inner, visit);
}

export function processExpressions(process: Process | null): readonly Expr[] {
  if (process === null) return [];
  switch (process.kind) {
    case 'xor':
      return [process.key];
    case 'rotate':
      return [process.bits];
    case 'zlib':
      return [];
    case 'custom':
      return process.args;
  }
}

export function extentExpressions(extent: Extent): readonly Expr[] {
  const size = extent.length.kind === 'size' ? [extent.length.octets] : [];
  return [...size, ...processExpressions(extent.process)];
}

export function contentExpressions(content: Content): readonly Expr[] {
  switch (content.kind) {
    case 'integer':
    case 'float':
    case 'bits':
    case 'contents':
      return [];
    case 'bytes':
    case 'string':
    case 'opaque':
      return extentExpressions(content.extent);
    case 'struct':
      return [
        ...content.args,
        ...(content.extent === null ? [] : extentExpressions(content.extent)),
        ...(content.parent.kind === 'other' ? [content.parent.object] : []),
      ];
    case 'switch':
      return [
        content.on,
        ...content.arms.flatMap((arm) => [arm.value, ...contentExpressions(arm.content)]),
        ...(content.fallback === null ? [] : contentExpressions(content.fallback)),
      ];
  }
}

export function validationExpressions(valid: Validation | null): readonly Expr[] {
  if (valid === null) return [];
  const rule = valid.rule;
  switch (rule.kind) {
    case 'equal':
      return [rule.value];
    case 'range':
      return [rule.min, rule.max].filter((bound) => bound !== null);
    case 'any-of':
      return rule.values;
    case 'in-enum':
      return [];
    case 'expression':
      return [rule.expr];
  }
}

/** What has to be evaluated to read a field, in order of evaluation. */
export function readingExpressions(field: Field): readonly Expr[] {
  const repeat =
    field.repeat.kind === 'count'
      ? [field.repeat.count]
      : field.repeat.kind === 'until'
        ? [field.repeat.until]
        : [];
  return [...(field.when === null ? [] : [field.when]), ...repeat, ...contentExpressions(field.content)];
}

export function instanceExpressions(instance: Instance): readonly Expr[] {
  if (instance.kind === 'value') return [...(instance.when === null ? [] : [instance.when]), instance.value];
  return [
    ...readingExpressions(instance),
    ...(instance.pos === null ? [] : [instance.pos]),
    ...(instance.io === null ? [] : [instance.io]),
  ];
}

/** Every expression of a type, those of the `-wireshark` key included. */
export function typeExpressions(type: StructType): readonly Expr[] {
  const members = [...type.fields, ...type.instances];
  return [
    ...type.fields.flatMap((field) => readingExpressions(field)),
    ...type.instances.flatMap((instance) => instanceExpressions(instance)),
    ...members.flatMap((member) => validationExpressions(member.valid)),
    ...members.flatMap((member) =>
      member.aliases.flatMap((alias) => (alias.when === null ? [] : [alias.when])),
    ),
    ...type.checks.map((check) => check.expect),
    ...type.sets.map((set) => set.value),
    ...type.fields.flatMap((field) => handoverExpressions(field)),
    ...(type.info === null ? [] : [type.info]),
    ...(type.endian.kind === 'calculated'
      ? [type.endian.on, ...type.endian.cases.map((one) => one.value)]
      : []),
  ];
}

function handoverExpressions({ handover }: Field): readonly Expr[] {
  return handover === null ? [] : handover.tables.map(({ key }) => key);
}

/** What is asked of a PDU to find PDUs and to put messages together. */
export function streamExpressions({ reassembly, recovery, processes }: Protocol): readonly Expr[] {
  const found = recovery === null ? [] : [recovery.accept, recovery.fromClient];
  const joined =
    reassembly === null
      ? []
      : [reassembly.part, reassembly.first, reassembly.last, reassembly.data, ...reassembly.args];
  const inflated = processes.flatMap(({ reset, windowBits }) => [reset, windowBits]);
  return [...found, ...joined, ...inflated].filter((expr) => expr !== null);
}

/** The contents a field can have: itself, or the arms of a switch. */
export function plainContents(content: Content): readonly Exclude<Content, { kind: 'switch' }>[] {
  if (content.kind !== 'switch') return [content];
  return [
    ...content.arms.map((arm) => arm.content),
    ...(content.fallback === null ? [] : [content.fallback]),
  ].flatMap((inner) => plainContents(inner));
}
