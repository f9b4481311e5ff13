import type { Analysis, ConnectionReport, OctetRange } from '../../analyzer/index.ts';
import type { CaptureExpectation, PinnedCapture } from '../suite/suite.ts';
import type { DecodedPin } from './decode-pin.ts';

/** All that can be pinned of a capture, as it is. */
export type PinnedNumbers = {
  readonly [Key in keyof CaptureExpectation]: NonNullable<CaptureExpectation[Key]>;
};

/** Findings that are told with their packet. */
const MOST_FINDINGS = 5;
const MOST_DIFFERENCES = 5;

export function numbersOf({ pdus, messages }: DecodedPin, { report }: Analysis): PinnedNumbers {
  const { verdict, connections } = report;
  const findings = new Map<string, number>();
  for (const { rule } of findingsOf(connections)) findings.set(rule, (findings.get(rule) ?? 0) + 1);
  return {
    verdict,
    pdus: pdus.length,
    messages,
    connections: connections.length,
    closes: connections.flatMap(({ websocket }) => (websocket === null ? [] : [websocket.close.cause])),
    findings: new Map([...findings].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** What is not as pinned, each in a sentence. */
export function judgeNumbers(pin: PinnedCapture, found: PinnedNumbers, analysis: Analysis): string[] {
  const { expect } = pin;
  const wrong: string[] = [];
  for (const key of ['verdict', 'pdus', 'messages', 'connections'] as const) {
    const wanted = expect[key];
    if (wanted !== null && wanted !== found[key]) wrong.push(`${key} is ${found[key]}, expected ${wanted}`);
  }
  wrong.push(...judgeCloses(expect.closes, found.closes), ...judgeFindings(expect.findings, found.findings));
  return wrong.length === 0 ? [] : [...wrong, ...findingTexts(analysis)];
}

function judgeCloses(expected: readonly string[] | null, found: readonly string[]): string[] {
  if (expected === null) return [];
  const count = Math.max(expected.length, found.length);
  return Array.from({ length: count }, (_, index) => index).flatMap((index) =>
    expected[index] === found[index]
      ? []
      : [
          `closes: connection ${index + 1} ends as ${found[index] ?? '(there is none)'}, expected ${expected[index] ?? '(none)'}`,
        ],
  );
}

function judgeFindings(
  expected: ReadonlyMap<string, number> | null,
  found: ReadonlyMap<string, number>,
): string[] {
  if (expected === null) return [];
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((rule) => {
    const [wanted, has] = [expected.get(rule) ?? 0, found.get(rule) ?? 0];
    return wanted === has ? [] : [`findings: ${rule} is found ${times(has)}, expected ${times(wanted)}`];
  });
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function findingTexts({ report }: Analysis): string[] {
  const all = findingsOf(report.connections);
  const told = all
    .slice(0, MOST_FINDINGS)
    .map(({ rule, frame, message }) => `found: ${rule} in packet ${frame}: ${message}`);
  const rest = all.length - told.length;
  return rest === 0 ? told : [...told, `found: … and ${rest} more findings`];
}

function findingsOf(connections: readonly ConnectionReport[]): ConnectionReport['findings'] {
  return connections.flatMap(({ findings }) => findings);
}

/** What the engines and our decoder do not agree on, and engines that failed. */
export function judgeCrossCheck({ report, failures, differenceCount }: Analysis): string[] {
  const told = (report.crossCheck?.differences ?? []).slice(0, MOST_DIFFERENCES).map((difference) => {
    const { engine, frame, field, decoded, tshark, byteRange } = difference;
    const octets = byteRange === null ? '' : ` (${octetsText(byteRange)} of the PDU)`;
    return `${engine}: packet ${frame}, ${field} is ${tshark ?? '(absent)'}, our decoder has ${decoded ?? '(absent)'}${octets}`;
  });
  const rest = differenceCount - told.length;
  const more = rest === 0 ? [] : [`… and ${rest} more differences`];
  return [...failures.map(({ message }) => message), ...told, ...more];
}

function octetsText({ start, end }: OctetRange): string {
  return end - start === 1 ? `octet ${start}` : `octets ${start} to ${end - 1}`;
}
