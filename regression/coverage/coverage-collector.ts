import {
  type BitRange,
  type DecodedPdu,
  FALLBACK_ARM,
  type MemberTrace,
  NO_ARM,
  type ObjectTrace,
  type Occurrence,
  type SessionMessage,
  toHex,
  traceObjects,
  type Value,
} from '../../analyzer/index.ts';
import type { Content, Expr, Extent, Protocol } from '../../spec/index.ts';
import {
  armEnding,
  FALLBACK_ENDING,
  hasValidation,
  NO_ARM_ENDING,
  PADDED,
  ruleName,
  sessionName,
  TERMINATED,
  timesOf,
  UNPADDED,
  UNTERMINATED,
} from './coverage-items.ts';
import { memberName, typePrefix } from './names.ts';

/**
 * Gathers what of a spec is exercised, by PDUs and messages as our decoder has them.
 * State: the names found so far (CoverageItem.name).
 */
export class CoverageCollector {
  readonly #protocol: Protocol;
  readonly #found = new Set<string>();

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
  }

  get found(): ReadonlySet<string> {
    return this.#found;
  }

  /** `message`: the one that the PDU completes. PDUs of other protocols do no harm when they are left out. */
  take(pdu: DecodedPdu, message: SessionMessage | null): void {
    const traces = traceObjects(pdu);
    this.#takeObjects(traces, pdu);
    this.#takeSession(traces.find(({ type }) => type.id === this.#protocol.root));
    if (pdu.complete && pdu.problem === null) this.#takeChanges(traces);
    if (message !== null) this.#takeMessage(message);
  }

  /** Rules that were found broken, by whoever looks at more than one PDU. */
  takeFindings(rules: Iterable<string>): void {
    for (const rule of rules) this.#found.add(ruleName(rule, false));
  }

  #takeMessage({ parts, processed, decoded, breaches, ruleBreaches }: SessionMessage): void {
    this.#found.add(parts.length > 1 ? 'message in parts' : 'message whole');
    if (processed) this.#found.add('message processed');
    if (decoded !== null) this.#takeObjects(traceObjects(decoded), decoded);
    this.takeFindings([...breaches.map(({ check }) => check.id), ...ruleBreaches.map(({ id }) => id)]);
  }

  #takeObjects(traces: readonly ObjectTrace[], { faults }: DecodedPdu): void {
    const faulty = new Set(faults.filter(({ kind }) => kind !== 'not-computable').map(({ path }) => path));
    for (const { type, members, checks } of traces) {
      for (const member of members)
        this.#takeMember(memberName(member.member, type, this.#protocol), member, faulty);
      for (const { check, held } of checks) this.#found.add(ruleName(check.id, held));
    }
  }

  #takeMember(name: string, trace: MemberTrace, faulty: ReadonlySet<string>): void {
    const { member, outcome, occurrences, path } = trace;
    if (member.when !== null) this.#found.add(`${name} if ${outcome === 'absent' ? 'absent' : 'present'}`);
    if (outcome === 'no-arm') this.#found.add(name + NO_ARM_ENDING);
    if (outcome !== 'present') return;
    this.#found.add(name);
    const isRepeated = 'content' in member && member.repeat.kind !== 'once';
    const times = isRepeated ? timesOf(member)[Math.min(occurrences.length, 2)] : undefined;
    this.#found.add(name + (times ?? ''));
    for (const [index, occurrence] of occurrences.entries()) {
      this.#takeOccurrence(name, trace, occurrence);
      if (!hasValidation(member)) continue;
      const broken = faulty.has(isRepeated ? `${path}[${index}]` : path);
      this.#found.add(`${name} valid ${broken ? 'broken' : 'held'}`);
    }
  }

  #takeOccurrence(name: string, { member }: MemberTrace, occurrence: Occurrence): void {
    const { value, range } = occurrence;
    if (!('content' in member)) {
      this.#takeValue(name, value, member.type.kind === 'enum' ? member.type.enum : null);
      return;
    }
    const read = this.#takeArm(name, member.content, occurrence);
    if (read === undefined) return;
    this.#takeValue(name, value, 'enum' in read ? read.enum : null);
    if (range === null || !('extent' in read) || read.extent === null) return;
    for (const ending of endsOf(range, read.extent)) this.#found.add(name + ending);
  }

  /** What was read, where a switch has chosen it; undefined: nothing, or nobody knows. */
  #takeArm(name: string, content: Content, { arm }: Occurrence): Content | undefined {
    if (content.kind !== 'switch') return content;
    if (arm === null) return undefined;
    if (arm >= 0) this.#found.add(name + armEnding(content, arm, this.#protocol));
    else this.#found.add(name + (arm === NO_ARM ? NO_ARM_ENDING : FALLBACK_ENDING));
    if (arm === NO_ARM) return undefined;
    return arm === FALLBACK_ARM ? (content.fallback ?? undefined) : content.arms[arm]?.content;
  }

  #takeValue(name: string, value: Value, enumId: number | null): void {
    if (typeof value === 'boolean') this.#found.add(`${name} = ${String(value)}`);
    if (enumId === null || (typeof value !== 'number' && typeof value !== 'bigint')) return;
    for (const one of this.#protocol.enums[enumId]?.values ?? []) {
      if (one.value === BigInt(value)) this.#found.add(`${name} = ${one.name}`);
    }
  }

  #takeSession(root: ObjectTrace | undefined): void {
    for (const { param, value } of root?.params ?? []) {
      if (param.source.kind !== 'session' || value === undefined) continue;
      const { variable } = param.source;
      if (typeof value === 'boolean') this.#found.add(sessionName(variable, `= ${String(value)}`));
      else this.#found.add(sessionName(variable, this.#isInitial(variable, value) ? 'unset' : 'set'));
    }
  }

  #isInitial(variable: string, value: Value): boolean {
    const init = this.#protocol.session.find(({ id }) => id === variable)?.init;
    return init !== undefined && textOf(value) === initialText(init);
  }

  /** A change that leaves the variable as it was is none. */
  #takeChanges(traces: readonly ObjectTrace[]): void {
    const root = traces.find(({ type }) => type.id === this.#protocol.root);
    const before = new Map(
      (root?.params ?? []).flatMap(({ param: { source }, value }) =>
        source.kind === 'session' ? [[source.variable, textOf(value)] as const] : [],
      ),
    );
    for (const { type, changes } of traces) {
      for (const { variable, value } of changes) {
        if (value === undefined || before.get(variable) === textOf(value)) continue;
        this.#found.add(`${typePrefix(type, this.#protocol)}set ${variable}`);
      }
    }
  }
}

function textOf(value: Value): string {
  if (value instanceof Uint8Array) return toHex(value);
  return typeof value === 'object' ? '' : String(value);
}

function initialText(init: Expr): string | undefined {
  if (init.kind === 'bytes') return toHex(init.value);
  return 'value' in init ? String(init.value) : undefined;
}

/**
 * How a run of octets ends, by what stands behind its value. Where the size is computed, the next field may look like
 * a terminator or padding.
 */
function* endsOf({ source, start, length }: BitRange, extent: Extent): Generator<string> {
  const { terminator, include, padRight } = extent;
  const behind = Math.floor((start + length) / 8);
  const isShort = length < 8 * sizeOf(extent);
  const hasTerminator = (from: number): boolean =>
    terminator?.every((octet, index) => source.bytes[from + index] === octet) === true;
  if (terminator !== null) {
    const isThere = include ? hasTerminator(behind - terminator.length) : isShort && hasTerminator(behind);
    yield isThere ? TERMINATED : UNTERMINATED;
  }
  if (padRight !== null) yield isShort && source.bytes[behind] === padRight ? PADDED : UNPADDED;
}

/** In octets. */
function sizeOf({ length }: Extent): number {
  return length.kind === 'size' && length.octets.kind === 'int' ? Number(length.octets.value) : Infinity;
}
