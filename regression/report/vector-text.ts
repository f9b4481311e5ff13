import type { OctetRange } from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { joined } from '../capture/build-capture.ts';
import { carriersOf, isStream } from '../capture/carrier.ts';
import { type Case, describeCase } from '../capture/cases.ts';
import type { Failure, VectorResult } from '../judge/failure.ts';
import type { SuiteResult } from '../run/run-suite.ts';
import { commandFor } from './command.ts';
import { hexLines } from './hex-lines.ts';
import { tableOf } from './table.ts';

/** Failures of one vector told in full; the JSON has them all. */
const MOST_TOLD = 12;

/** What is wrong with a vector, in full: sentences, values side by side, octets, and how to see it in Wireshark. */
export function vectorFailureLines(result: VectorResult, suite: SuiteResult): readonly string[] {
  return [
    ...toldSentences(result),
    ...indented(tableOf(result)),
    ...indented(octetLines(result, suite.suite.protocol)),
    ...commandLines(result, suite),
  ];
}

export function toldSentences(result: VectorResult): readonly string[] {
  const sentences = sentencesOf(result);
  const told = sentences.slice(0, MOST_TOLD);
  const left = sentences.length - told.length;
  return left === 0 ? told : [...told, `… and ${left} more`];
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

/** Ways of carrying that are named; of more only the number is told. */
const MOST_WAYS = 3;

/** What went wrong in the same way however the octets were carried is told once. */
function sentencesOf({ failures, variants }: VectorResult): readonly string[] {
  const told = new Map<string, { readonly text: string; readonly how: string[] }>();
  for (const { party, variant, pdu, message, octets } of failures) {
    const place = [
      ...(pdu === null ? [] : [`PDU ${pdu + 1}`]),
      ...(octets === null ? [] : [octetsText(octets)]),
    ].join(', ');
    const text = `${partyText(party)}: ${place === '' ? '' : `${place}: `}${message}`;
    const known = told.get(text) ?? { text, how: [] };
    if (variant !== null) known.how.push(variant);
    told.set(text, known);
  }
  return [...told.values()].map(({ text, how }) => `${text}${waysText(how, variants)}`);
}

/** Counted from 0, as Wireshark counts them. */
function octetsText({ start, end }: OctetRange): string {
  return end - start <= 1 ? `octet ${start}` : `octets ${start}-${end - 1}`;
}

/** @param all in how many ways the vector was carried */
function waysText(how: readonly string[], all: number): string {
  if (how.length === 0) return '';
  if (how.length === all) return all === 1 ? ` [${how[0] ?? ''}]` : ` [in all ${all} ways it is carried]`;
  const named = how.slice(0, MOST_WAYS).join('; ');
  return how.length <= MOST_WAYS ? ` [${named}]` : ` [${named}; and ${how.length - MOST_WAYS} other ways]`;
}

function partyText(party: Failure['party']): string {
  switch (party.kind) {
    case 'decoder':
      return 'our decoder';
    case 'session':
      return 'our session';
    case 'engine':
      return party.engine;
  }
}

/** The octets, those that something is wrong with underlined: of each side by itself, where both send. */
function octetLines({ vector, failures }: VectorResult, protocol: Protocol): readonly string[] {
  const sides = new Set(vector.parts.map(({ side }) => side));
  if (sides.size < 2 || !isOnStreams(protocol)) {
    return hexLines(joined(vector.parts.map(({ octets }) => octets)), markedBy(failures));
  }
  return [...sides].flatMap((side) => {
    const own = vector.parts.filter((part) => part.side === side).map(({ octets }) => octets);
    const marked = markedBy(failures.filter((failure) => failure.side === side));
    return [side === 'c2s' ? 'from the client' : 'from the server', ...hexLines(joined(own), marked)];
  });
}

/** On a stream octets are counted in all that a side sends, elsewhere in all that is sent. */
function isOnStreams(protocol: Protocol): boolean {
  const carriers = carriersOf(protocol);
  const selfDelimiting = protocol.framing.kind === 'self-delimiting';
  return selfDelimiting && (carriers.length === 0 || carriers.some(isStream));
}

/** What is about a whole PDU would hide the octets that are wrong in it. */
function markedBy(failures: readonly Failure[]): readonly OctetRange[] {
  const all = failures.flatMap(({ octets }) => (octets === null ? [] : [octets]));
  return all.filter((range) => !all.some((other) => isInside(other, range)));
}

function isInside(inner: OctetRange, outer: OctetRange): boolean {
  const isShorter = inner.end - inner.start < outer.end - outer.start;
  return isShorter && inner.start >= outer.start && inner.end <= outer.end;
}

function commandLines({ vector, failures }: VectorResult, result: SuiteResult): readonly string[] {
  const item = failedCase(vector, failures, result.cases);
  const files = item === undefined ? undefined : result.filesOf.get(item);
  if (files === undefined || item === undefined) return [];
  const blamed = failures.find(({ party }) => party.kind === 'engine')?.party;
  const label = blamed?.kind === 'engine' ? blamed.engine : undefined;
  const run = result.engines.find((engine) => engine.label === label) ?? result.engines[0];
  const location = run?.engine.name === 'tshark' ? run.engine.location : 'tshark';
  return [`kept: ${files.capture}`, commandFor(location, files, item)];
}

/** The connection in the capture to look at: the first way in which it failed. */
function failedCase(
  vector: VectorResult['vector'],
  failures: readonly Failure[],
  cases: readonly Case[],
): Case | undefined {
  const own = cases.filter((item) => item.vector === vector);
  const variant = failures.find((failure) => failure.variant !== null)?.variant;
  return own.find((item) => variant === describeCase(item)) ?? own[0];
}

/** `not on tshark 4.0.17: requires tshark >=4.2` */
export function skipTexts({ engines }: VectorResult): readonly string[] {
  return engines.flatMap(({ label, skipped }) => (skipped === null ? [] : [`not on ${label}: ${skipped}`]));
}
