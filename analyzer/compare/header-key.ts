import { canonicalText } from './canonical.ts';
import type { ExpectedPdu } from './expected.ts';
import type { FieldPlan } from './field-plan.ts';
import type { ObservedPdu } from './observed.ts';

/**
 * What tells one PDU of a direction from another: its numbers and flags. Texts and octets are left out, so that a
 * PDU with one wrong octet in its payload is still recognised as the same one.
 */
const expectedKeys = new WeakMap<ExpectedPdu, string>();
const observedKeys = new WeakMap<ObservedPdu, string>();

const HEADER_KINDS: ReadonlySet<string> = new Set(['uint', 'int', 'bool']);

export function headerKeyOfExpected(expected: ExpectedPdu): string {
  const known = expectedKeys.get(expected);
  if (known !== undefined) return known;
  const parts: string[] = [];
  for (const [filter, items] of expected.items) {
    if (!HEADER_KINDS.has(items[0]?.field.type.kind ?? '')) continue;
    parts.push(`${filter}=${items.map(({ canonical }) => canonical ?? '?').join(',')}`);
  }
  return remember(expectedKeys, expected, parts);
}

export function headerKeyOfObserved(observed: ObservedPdu, plan: FieldPlan): string {
  const known = observedKeys.get(observed);
  if (known !== undefined) return known;
  const parts: string[] = [];
  for (const [filter, items] of observed.items) {
    const field = plan.byFilter.get(filter);
    if (field === undefined || !HEADER_KINDS.has(field.type.kind)) continue;
    const values = items.map(({ value }) => canonicalText(field.type, value ?? '') ?? '?');
    parts.push(`${filter}=${values.join(',')}`);
  }
  return remember(observedKeys, observed, parts);
}

/** Of a PDU that is not whole, the engine may show less or more: what both have must be the same. */
export function sharesHeader(expected: ExpectedPdu, observed: ObservedPdu, plan: FieldPlan): boolean {
  let shared = 0;
  for (const [filter, items] of expected.items) {
    const field = plan.byFilter.get(filter);
    const other = observed.items.get(filter)?.[0];
    if (field === undefined || other === undefined || !HEADER_KINDS.has(field.type.kind)) continue;
    if (canonicalText(field.type, other.value ?? '') !== items[0]?.canonical) return false;
    shared += 1;
  }
  return shared > 0;
}

function remember<T extends object>(keys: WeakMap<T, string>, pdu: T, parts: readonly string[]): string {
  const key = [...parts].sort().join(';');
  keys.set(pdu, key);
  return key;
}
