import { primitiveType } from '../expression/check-cast.ts';
import type { Scope } from '../expression/check-context.ts';
import { isPoison } from '../expression/value-types.ts';
import { plainScope } from '../passes/typed-model.ts';
import type { ExprText, Located } from '../syntax/spec-ast.ts';
import type { WireProcess, WireReassembly, WireState } from '../syntax/wireshark-state-ast.ts';
import type { WireRule, WireVariable } from '../syntax/wireshark-state-ast.ts';
import type { Expr } from './expression.ts';
import { checkArguments, isAssignable } from './lower-struct.ts';
import type { Lowering } from './lowering.ts';
import { claimRule, lowerExpr, reportMismatch } from './lowering.ts';
import type { Limits, Protocol } from './protocol.ts';
import type { BuiltinRule, InflateProcess, Reassembly, SessionVariable } from './state.ts';
import type { ValueType } from './value-type.ts';

type StateOfProtocol = Pick<
  Protocol,
  'session' | 'processes' | 'reassembly' | 'recovery' | 'pairing' | 'rules'
>;

const NO_STATE: StateOfProtocol = {
  session: [],
  processes: [],
  reassembly: null,
  recovery: null,
  pairing: null,
  rules: [],
};

/** The keys of `-wireshark` about more than one PDU. Their expressions stand in the scope of the root type. */
export function lowerState(wire: WireState | undefined, limits: Limits, lowering: Lowering): StateOfProtocol {
  if (wire === undefined) return NO_STATE;
  const scope: Scope = { ...plainScope(lowering.typed.model.main), wire: true };
  const bool = (text: ExprText, what: string): Expr =>
    lowerExpr(text, { what, kind: 'bool' }, scope, lowering);
  const { recovery, pairing } = wire;
  return {
    session: wire.session.map((variable) => lowerVariable(variable, scope, lowering)),
    processes: wire.processes.map((process) => lowerProcess(process, limits, scope, lowering)),
    reassembly:
      wire.reassembly === undefined ? null : lowerReassembly(wire.reassembly, limits, scope, lowering),
    recovery:
      recovery === undefined
        ? null
        : {
            accept: recovery.accept === undefined ? null : bool(recovery.accept, '"accept"'),
            fromClient: recovery.fromClient === undefined ? null : bool(recovery.fromClient, '"from-client"'),
          },
    pairing:
      pairing === undefined
        ? null
        : {
            key: lowering.typed.check(pairing.key, scope),
            request: bool(pairing.request, '"request"'),
            response: bool(pairing.response, '"response"'),
          },
    rules: wire.rules.map((rule) => lowerRule(rule, lowering)),
  };
}

const VARIABLE_KINDS: readonly ValueType['kind'][] = ['bool', 'int', 'string', 'bytes'];

function lowerVariable(variable: WireVariable, scope: Scope, lowering: Lowering): SessionVariable {
  const type = typeOfVariable(variable, lowering);
  const constant = (text: ExprText | undefined): Expr | null =>
    text === undefined ? null : lowerConstant(text, { type, scope, id: variable.id }, lowering);
  return {
    id: variable.id.value,
    doc: variable.doc.trim(),
    type,
    per: variable.per,
    init: constant(variable.init) ?? zeroOf(type),
    from: variable.from ?? null,
    unseen: constant(variable.unseen),
  };
}

function typeOfVariable({ type: use }: WireVariable, lowering: Lowering): ValueType {
  const type = use === undefined ? undefined : primitiveType(use.name);
  if (type !== undefined && VARIABLE_KINDS.includes(type.kind)) return type;
  if (use !== undefined && use.name.kind !== 'broken') {
    const what = { what: 'The type of a session variable', expected: 'bool, str, bytes or an integer type' };
    lowering.sink.report('spec/bad-value', use.place, { ...what, found: `"${use.text}"` });
  }
  return { kind: 'bool' };
}

function zeroOf(type: ValueType): Expr {
  if (type.kind === 'int') return { kind: 'int', value: 0n, type: { kind: 'int', min: 0n, max: 0n } };
  if (type.kind === 'string') return { kind: 'string', value: '', type };
  if (type.kind === 'bytes') return { kind: 'bytes', value: new Uint8Array(0), type };
  return { kind: 'bool', value: false, type: { kind: 'bool' } };
}

const CONSTANTS: readonly Expr['kind'][] = ['bool', 'int', 'string', 'bytes'];

function lowerConstant(
  text: ExprText,
  wanted: { readonly type: ValueType; readonly scope: Scope; readonly id: Located<string> },
  lowering: Lowering,
): Expr {
  const expr = lowering.typed.check(text, wanted.scope);
  const what = `A value of "${wanted.id.value}"`;
  if (!isAssignable(expr.type, wanted.type)) {
    reportMismatch(text.place, { what, expected: 'a value of its type', found: expr.type }, lowering);
  } else if (!CONSTANTS.includes(expr.kind) && !isPoison(expr.type)) {
    const found = `"${text.text}"`;
    lowering.sink.report('spec/bad-value', text.place, { what, expected: 'a constant', found });
  }
  return expr;
}

function lowerProcess(
  process: WireProcess,
  limits: Limits,
  scope: Scope,
  lowering: Lowering,
): InflateProcess {
  const { reset, windowBits } = process;
  const bits = { what: '"window-bits"', kind: 'int' } as const;
  return {
    name: process.name.value,
    append: process.append,
    window: process.window,
    reset: reset === undefined ? null : lowerExpr(reset, { what: '"reset"', kind: 'bool' }, scope, lowering),
    windowBits: windowBits === undefined ? null : lowerExpr(windowBits, bits, scope, lowering),
    maxOctets: limits.maxInflatedOctets,
  };
}

function lowerReassembly(
  reassembly: WireReassembly,
  limits: Limits,
  scope: Scope,
  lowering: Lowering,
): Reassembly {
  const bool = (text: ExprText, what: string): Expr =>
    lowerExpr(text, { what, kind: 'bool' }, scope, lowering);
  const { type: use } = reassembly;
  const { name } = use;
  const { typed } = lowering;
  const args = name.kind === 'user' ? name.args.map((argument) => typed.check(argument, scope)) : [];
  const resolved = typed.model.resolvedTypes.get(use);
  if (resolved?.kind === 'struct') checkArguments(use, resolved.symbol, args, lowering);
  else if (name.kind !== 'user' && name.kind !== 'broken') {
    const what = { what: 'The type of a message', expected: 'a type of the spec', found: `"${use.text}"` };
    lowering.sink.report('spec/bad-value', use.place, what);
  }
  const data = typed.check(reassembly.data, scope);
  if (data.type.kind !== 'bytes' && !isPoison(data.type)) {
    const wrong = { what: '"data"', expected: 'octets', found: data.type };
    reportMismatch(reassembly.data.place, wrong, lowering);
  }
  const yes: Expr = { kind: 'bool', value: true, type: { kind: 'bool' } };
  return {
    part: reassembly.part === undefined ? yes : bool(reassembly.part, '"part"'),
    first: bool(reassembly.first, '"first"'),
    last: bool(reassembly.last, '"last"'),
    data,
    per: reassembly.per,
    type: resolved?.kind === 'struct' ? (typed.model.typeIds.get(resolved.symbol) ?? 0) : 0,
    args,
    maxOctets: limits.maxMessageOctets,
    field: lowering.table.add(
      {
        filter: `${lowering.filter}.message`,
        label: 'Message',
        doc: 'The message that this PDU completes.',
        type: { kind: 'group' },
        display: 'default',
        unit: '',
        enum: null,
      },
      undefined,
    ),
  };
}

function lowerRule(rule: WireRule, lowering: Lowering): BuiltinRule {
  const { id, rule: name, severity, scope, message, reference, doc } = rule;
  return {
    id: id.value,
    rule: name,
    severity,
    scope,
    message,
    reference,
    filter: claimRule(id, lowering),
    doc,
  };
}
