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

export function toldSentences({ failures }: VectorResult): readonly string[] {
  const sentences = sentencesOf(failures);
  const told = sentences.slice(0, MOST_TOLD);
  const left = sentences.length - told.length;
  return left === 0 ? told : [...told, `… and ${left} more`];
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

/** What went wrong in the same way however the octets were carried is told once. */
function sentencesOf(failures: readonly Failure[]): readonly string[] {
  const variants = new Map<string, { readonly who: string; readonly what: string; readonly how: string[] }>();
  for (const { party, variant, pdu, message } of failures) {
    const who = partyText(party);
    const what = pdu === null ? message : `PDU ${pdu + 1}: ${message}`;
    const key = `${who} ${what}`;
    const known = variants.get(key) ?? { who, what, how: [] };
    if (variant !== null) known.how.push(variant);
    variants.set(key, known);
  }
  return [...variants.values()].map(
    ({ who, what, how }) => `${who}: ${what}${how.length === 0 ? '' : ` [${how.join('; ')}]`}`,
  );
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

function markedBy(failures: readonly Failure[]): readonly OctetRange[] {
  return failures.flatMap(({ octets }) => (octets === null ? [] : [octets]));
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
