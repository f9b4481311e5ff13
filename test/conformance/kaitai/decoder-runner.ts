import {
  createDecoder,
  memberValue,
  type CustomProcess,
  type DecodedStruct,
  type DecodeOutcome,
  type Fault,
  type Value,
} from '../../../analyzer/decode/index.ts';
import { compileSpec, formatDiagnostic } from '../../../spec/index.ts';
import { withAsserts, withOpaqueImports } from './augment.ts';
import type { KaitaiCase, KaitaiSuite } from './suite.ts';
import { isSame, show } from './values.ts';

/** What a case did not do as expected, in words; empty: it passed. */
export function runInDecoder(suite: KaitaiSuite, id: string): readonly string[] {
  const kaitaiCase = suite.read(id);
  const spec = suite.format(id);
  if (spec === undefined) return [`no formats/${id}.ksy`];
  const main = withAsserts(withOpaqueImports(spec, suite), kaitaiCase.asserts);
  const compiled = compileSpec({ main, load: suite.load });
  if (compiled.protocol === undefined) {
    return compiled.diagnostics.filter(({ severity }) => severity === 'error').map(formatDiagnostic);
  }
  const decoder = createDecoder(compiled.protocol, { processes: PROCESSES });
  const outcome = decoder.decode(kaitaiCase.data, 0, kaitaiCase.data.length, {});
  const root = outcome.kind === 'pdu' ? outcome.pdu.root : outcome.partial.root;
  return [...judgeAsserts(root, kaitaiCase), ...judgeEnd(outcome, root, kaitaiCase)];
}

function judgeAsserts(root: DecodedStruct, { asserts }: KaitaiCase): string[] {
  return asserts.flatMap(({ actual, expected }, i) => {
    const left = memberValue(root, `kst_a${i.toString()}`);
    if (expected.kind === 'exception') return judgeFailure(actual, left, expected.type);
    if ('error' in left) return expected.kind === 'absent' ? [] : [`${actual}: ${left.error}`];
    const right =
      expected.kind === 'absent' ? { value: undefined } : memberValue(root, `kst_e${i.toString()}`);
    if ('error' in right) return [`${actual}: the expected value fails with ${right.error}`];
    return isSame(left.value, right.value)
      ? []
      : [`${actual}: ${show(left.value)}, expected ${show(right.value)}`];
  });
}

function judgeFailure(actual: string, found: ReturnType<typeof memberValue>, type: string): string[] {
  if (!('error' in found)) return [`${actual}: ${show(found.value)}, expected ${type}`];
  const thrown = REASONS[found.reason] ?? found.reason;
  return thrown === type ? [] : [`${actual}: ${thrown}, expected ${type}`];
}

/** Exceptions of Kaitai, by what the decoder says instead. */
const FAULTS: Readonly<Record<Fault['kind'], string>> = {
  'not-equal': 'ValidationNotEqualError',
  contents: 'ValidationNotEqualError',
  'less-than': 'ValidationLessThanError',
  'greater-than': 'ValidationGreaterThanError',
  'not-any-of': 'ValidationNotAnyOfError',
  'not-in-enum': 'ValidationNotInEnumError',
  expression: 'ValidationExprError',
  'not-computable': '',
};

const REASONS: Readonly<Record<string, string>> = {
  'end-of-data': 'EndOfStreamError',
  'undecided-endian': 'UndecidedEndiannessError',
  conversion: 'ConversionError',
};

interface Thrown {
  readonly type: string;
  readonly message: string;
}

/** Everything that would have been an exception in Kaitai. */
function thrownBy(outcome: DecodeOutcome): readonly Thrown[] {
  if (outcome.kind === 'need-more') {
    const { offset, wanted } = outcome.cut;
    return [{ type: 'EndOfStreamError', message: endMessage(wanted.toString(), outcome.available - offset) }];
  }
  const { faults, problem } = outcome.pdu;
  // Faults of the added instances are those of the assertions, which are judged by their values.
  const own = faults.filter(({ path, kind }) => !/^kst_[ae]\d+/.test(path) && kind !== 'not-computable');
  const thrown: Thrown[] = own.map(({ kind, message }) => ({ type: FAULTS[kind], message }));
  // An unknown encoding is one when somebody asks for the text; the suite's languages do not before that.
  if (problem === null || (problem.kind === 'malformed' && problem.reason === 'unsupported')) return thrown;
  const type = problem.kind === 'malformed' ? (REASONS[problem.reason] ?? problem.reason) : problem.kind;
  const [, wanted, left] = /^(\d+) octets? needed, (\d+) left$/.exec(problem.message) ?? [];
  const message = wanted === undefined ? problem.message : endMessage(wanted, Number(left));
  return [...thrown, { type, message }];
}

function endMessage(wanted: string, available: number): string {
  return `requested ${wanted} bytes, but only ${available.toString()} bytes available`;
}

function judgeEnd(outcome: DecodeOutcome, root: DecodedStruct, { exception }: KaitaiCase): string[] {
  const thrown = thrownBy(outcome);
  if (exception === null) return thrown.map(({ type, message }) => `unexpected ${type}: ${message}`);
  const wanted = exception.type.replace(/<.*/, '');
  const found = thrown.filter(({ type }) => type === wanted);
  if (found.length === 0) {
    return [`expected ${exception.type}, got ${thrown.map(({ type }) => type).join(', ') || 'no exception'}`];
  }
  if (exception.message === null || found.some(({ message }) => message === exception.message)) return [];
  return [`expected "${exception.message}", got ${found.map(({ message }) => `"${message}"`).join(', ')}`];
}

/** The processes that the suite asks its runners to write. */
const PROCESSES: Readonly<Record<string, CustomProcess>> = {
  custom_fx_no_args: (bytes) => Uint8Array.of(0x5f, ...bytes, 0x5f),
  my_custom_fx: (bytes, [key, flag]) => bytes.map((octet) => octet + (flag === true ? 1 : -1) * Number(key)),
  'nested.deeply.custom_fx': (bytes, [key]: readonly Value[]) =>
    Uint8Array.of(Number(key), ...bytes, Number(key)),
};
