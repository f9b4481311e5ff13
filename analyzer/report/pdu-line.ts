import { type JsonObject, leaves, toHex, toJsonFields, type Value } from '../decode/index.ts';
import type { PduProblem, SessionPdu } from '../session/pdu.ts';
import { printable } from './printable.ts';

/** One line of `decode --format ndjson` (contracts; docs/schema/decode.schema.json). */
export function toLine(pdu: SessionPdu, full: boolean): string {
  const { frame, stream, direction, offset, length, protocol } = pdu;
  const fields: JsonObject = toJsonFields(pdu.decoded, { full });
  return JSON.stringify({
    frame,
    stream,
    direction,
    offset,
    length,
    protocol,
    ...(pdu.parent === undefined ? {} : { parent: pdu.parent }),
    fields,
    problem: problemJson(pdu.problem),
  });
}

function problemJson(problem: PduProblem | null): object | null {
  if (problem === null) return null;
  switch (problem.kind) {
    case 'truncated':
      return { ...problem, needed: exact(problem.needed) };
    case 'limit':
      return { ...problem, needed: exact(problem.needed) };
    case 'malformed':
    case 'gap':
      return problem;
  }
}

/** Integers beyond 2^53 - 1 are decimal strings: JSON readers would round them. */
function exact(value: bigint): number | string {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}

const TREE_OCTETS = 48;

/** The same PDU for reading: every field with its octets. */
export function renderTree(pdu: SessionPdu): string {
  const lines = [
    `packet ${pdu.frame}  stream ${pdu.stream} ${pdu.direction}  octet ${pdu.offset}  ${pdu.parent === undefined ? '' : `${pdu.parent.protocol} / `}${pdu.protocol}  ${pdu.length} B`,
  ];
  for (const leaf of leaves(pdu.decoded)) {
    const depth = leaf.path.split('.').length;
    const place =
      leaf.range === null
        ? ''
        : bitText(leaf.range.start, leaf.range.length, leaf.range.source.derived !== null);
    lines.push(
      `${'  '.repeat(depth)}${leaf.path.split('.').at(-1) ?? ''}${leaf.group ? '' : `: ${valueText(leaf.value)}`}  ${place}`.trimEnd(),
    );
  }
  if (pdu.problem !== null) lines.push(`  problem: ${JSON.stringify(problemJson(pdu.problem))}`);
  return `${lines.join('\n')}\n`;
}

function bitText(start: number, length: number, derived: boolean): string {
  const whole = start % 8 === 0 && length % 8 === 0;
  const place = whole ? `[${start / 8}+${length / 8}]` : `[bit ${start}+${length}]`;
  return derived ? `${place} after processing` : place;
}

function valueText(value: Value): string {
  if (typeof value === 'string')
    return `"${printable(value.slice(0, TREE_OCTETS * 2))}"${value.length > TREE_OCTETS * 2 ? '…' : ''}`;
  if (value instanceof Uint8Array) {
    return (
      toHex(value.subarray(0, TREE_OCTETS)) + (value.length > TREE_OCTETS ? `… (${value.length} B)` : '')
    );
  }
  if (typeof value === 'object') return '';
  return String(value);
}
