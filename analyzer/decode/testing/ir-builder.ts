import type {
  Check,
  CompareOp,
  Content,
  Expr,
  Extent,
  Field,
  Instance,
  Limits,
  Param,
  Protocol,
  ProtocolField,
  SourceText,
  StructType,
  TypeId,
  ValueType,
} from '../../../spec/index.ts';

/**
 * Small IRs by hand, for tests that must not depend on the front end. Every field gets a protocol field of its own,
 * numbered as the fields come.
 */
const SOURCE: SourceText = { name: 'by-hand.ksy', text: '' };
const SPAN = { source: SOURCE, start: 0, end: 0 };

export const BOOL: ValueType = { kind: 'bool' };
export const BYTES: ValueType = { kind: 'bytes' };
export const STRING: ValueType = { kind: 'string' };
export const U1: ValueType = unsigned(8);
export const U2: ValueType = unsigned(16);
export const U4: ValueType = unsigned(32);
export const U8: ValueType = unsigned(64);

export function unsigned(bits: number): ValueType {
  return { kind: 'int', min: 0n, max: (1n << BigInt(bits)) - 1n };
}

export function int(value: number | bigint): Expr {
  const exact = BigInt(value);
  return { kind: 'int', value: exact, type: { kind: 'int', min: exact, max: exact } };
}

export const SELF: Expr = { kind: 'self', type: { kind: 'struct', type: 0 } };

/** A member of the object in which the expression stands. */
export function member(
  owner: TypeId,
  kind: 'field' | 'instance' | 'param',
  index: number,
  type: ValueType,
): Expr {
  const ref = { kind, index, id: `${kind}${index.toString()}` };
  return { kind: 'member', object: SELF, owner, member: ref, type };
}

export function compare(left: Expr, op: CompareOp, right: Expr): Expr {
  return { kind: 'compare', op, left, right, type: BOOL };
}

export function choose(condition: Expr, yes: Expr, no: Expr, type: ValueType): Expr {
  return { kind: 'choose', condition, yes, no, type };
}

export const REST: Extent = extent({ kind: 'rest' });

export function extent(length: Extent['length'], rest: Partial<Extent> = {}): Extent {
  return {
    length,
    terminator: null,
    include: false,
    consume: true,
    eosError: true,
    padRight: null,
    process: null,
    ...rest,
  };
}

export function sized(octets: Expr, rest: Partial<Extent> = {}): Extent {
  return extent({ kind: 'size', octets }, rest);
}

let nextField = 0;

export function integer(octets: 1 | 2 | 4 | 8, signed = false, endian: 'le' | 'be' | 'type' = 'be'): Content {
  return { kind: 'integer', octets, signed, endian, enum: null, field: nextField++ };
}

export function bits(width: number, order: 'be' | 'le' = 'be'): Content {
  return { kind: 'bits', width, order, boolean: false, enum: null, shift: null, field: nextField++ };
}

export function flag(): Content {
  return { kind: 'bits', width: 1, order: 'be', boolean: true, enum: null, shift: null, field: nextField++ };
}

/** Small bounds, so that tests can pass them. */
export const LIMITS: Limits = {
  maxPduOctets: 65536,
  maxElements: 100,
  maxDepth: 20,
  maxMessageOctets: 65536,
  maxInflatedOctets: 65536,
};

export function bytes(where: Extent): Content {
  return { kind: 'bytes', extent: where, field: nextField++ };
}

export function text(where: Extent, encoding = 'UTF-8'): Content {
  return { kind: 'string', extent: where, encoding, enum: null, field: nextField++ };
}

export function struct(type: TypeId, where: Extent | null = null, args: readonly Expr[] = []): Content {
  return { kind: 'struct', type, args, extent: where, parent: { kind: 'holder' }, field: nextField++ };
}

export function field(id: string, content: Content, type: ValueType, rest: Partial<Field> = {}): Field {
  return {
    id,
    named: true,
    doc: '',
    when: null,
    repeat: { kind: 'once' },
    content,
    valid: null,
    hidden: false,
    aliases: [],
    handover: null,
    type,
    staticOffsetBits: null,
    span: SPAN,
    ...rest,
  };
}

export function computed(id: string, value: Expr, type: ValueType, rest: Partial<Instance> = {}): Instance {
  return {
    kind: 'value',
    id,
    doc: '',
    when: null,
    value,
    valid: null,
    field: nextField++,
    hidden: false,
    aliases: [],
    type,
    span: SPAN,
    ...(rest as object),
  };
}

export function readAt(id: string, content: Content, type: ValueType, pos: Expr): Instance {
  return { ...field(id, content, type), kind: 'parse', pos, io: null };
}

export function directionParam(id: string): Param {
  return { id, type: BOOL, source: { kind: 'direction' }, field: null, span: SPAN };
}

export function rule(id: string, expect: Expr): Check {
  const filter = `hand.rule.${id.toLowerCase()}`;
  return {
    id,
    expect,
    severity: 'error',
    scope: 'frame',
    message: id,
    reference: '',
    filter,
    doc: '',
    reads: [],
    span: SPAN,
  };
}

export function structType(id: TypeId, parts: Partial<StructType>): StructType {
  return {
    id,
    path: id === 0 ? ['hand'] : ['hand', `type${id.toString()}`],
    doc: '',
    parent: { kind: 'struct', type: null },
    params: [],
    fields: [],
    instances: [],
    endian: { kind: 'fixed' },
    checks: [],
    sets: [],
    info: null,
    toStringExpr: null,
    staticBits: null,
    span: SPAN,
    ...parts,
  };
}

export function protocol(types: readonly StructType[], rest: Partial<Protocol> = {}): Protocol {
  return {
    id: 'hand',
    name: 'By hand',
    filter: 'hand',
    title: '',
    doc: '',
    root: 0,
    types,
    enums: [],
    protocolFields: Array.from({ length: nextField }, (_, id) => protocolField(id)),
    binds: [],
    framing: { kind: 'self-delimiting' },
    info: null,
    replaces: null,
    limits: LIMITS,
    session: [],
    processes: [],
    reassembly: null,
    recovery: null,
    pairing: null,
    rules: [],
    sources: [SOURCE],
    hash: '',
    ...rest,
  };
}

function protocolField(id: number): ProtocolField {
  const filter = `hand.f${id.toString()}`;
  return {
    id,
    filter,
    label: '',
    doc: '',
    type: { kind: 'group' },
    display: 'default',
    unit: '',
    enum: null,
  };
}
