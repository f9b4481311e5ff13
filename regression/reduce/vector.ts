import type { AnalysisReport } from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { vectorYaml } from '../report/vector-yaml.ts';
import { VectorDecoder } from '../run/decode-vector.ts';
import { runSuite } from '../run/run-suite.ts';
import { bareVector } from '../suite/bare-vector.ts';
import { readSuite } from '../suite/read-suite.ts';
import { rulesOfAnalyzer, rulesOfVector } from '../suite/rules.ts';
import type { HandshakeChange, Suite, Vector } from '../suite/suite.ts';
import type { Conversation } from './conversation.ts';

/** A vector for NAME.tests.yaml, or why there is none. */
export type VectorMade =
  { readonly kind: 'vector'; readonly yaml: string } | { readonly kind: 'none'; readonly reason: string };

/** The same conversation as a vector; it was run, so that it passes where it is pasted. */
export async function makeVector(
  conversation: Conversation,
  report: AnalysisReport,
  name: string,
  folder: string,
): Promise<VectorMade> {
  const { protocol } = conversation;
  const why = whyNone(conversation, report);
  if (why !== null) return { kind: 'none', reason: why };
  const yaml = vectorYaml(vectorOf(conversation, report, name), protocol);
  const failures = await failuresOf(yaml, protocol, folder);
  if (failures.length === 0) return { kind: 'vector', yaml };
  return { kind: 'none', reason: `As a vector it comes out differently: ${failures.join(' ')}` };
}

function whyNone(
  { protocol, opening, parts, endAfter }: Conversation,
  { connections }: AnalysisReport,
): string | null {
  const known = rulesOfAnalyzer(protocol);
  const foreign = connections.flatMap(({ findings }) => findings.map(({ rule }) => rule));
  const inner = foreign.find((rule) => !known.includes(rule));
  if (inner !== undefined) {
    return `${inner} is a rule of what "${protocol.id}" carries, and a vector is of one spec alone.`;
  }
  if (parts.length === 0) return 'No PDU is sent, and a vector is about PDUs.';
  if (opening.kind === 'upgrade' && !opening.answered) {
    return 'The upgrade is never answered, and the one of a vector always is.';
  }
  if (endAfter > 0n) return 'It takes a pause before the connection ends, which a vector cannot say.';
  return opening.kind === 'midstream' ? 'It shows only where the beginning was not captured.' : null;
}

function vectorOf(conversation: Conversation, { connections }: AnalysisReport, name: string): Vector {
  const { protocol, opening, parts, end } = conversation;
  const found = connections.flatMap(({ findings }) => findings.map(({ rule }) => rule));
  const own = rulesOfVector(protocol);
  const beyond = found.some((rule) => !own.includes(rule));
  const vector: Vector = {
    ...bareVector(name, parts),
    parts,
    end,
    handshake: opening.kind === 'upgrade' && isChanged(opening.change) ? opening.change : null,
    findings: new Set(found.filter((rule) => own.includes(rule))),
    connection: beyond
      ? { line: 0, verdict: null, close: null, findings: new Set(found), counts: new Map() }
      : null,
  };
  const { pdus } = new VectorDecoder(protocol).decode(vector);
  const problem = pdus.findLast((pdu) => pdu.problem !== null)?.problem ?? null;
  return { ...vector, problem };
}

function isChanged({ request, response }: HandshakeChange): boolean {
  return [request, response].some(({ line, fields }) => line !== null || fields.size > 0);
}

/** What `wiretwin test` says of it, with our decoder and our session. */
async function failuresOf(yaml: string, protocol: Protocol, folder: string): Promise<readonly string[]> {
  const text = `spec: ./spec.ksy\nvectors:\n${yaml}`;
  const { suite, diagnostics } = readSuite({ name: 'reduced.tests.yaml', text }, () => protocol);
  if (suite === undefined) return diagnostics.map(({ message }) => message);
  const { vectors } = await runSuite(suite satisfies Suite, {
    engines: [],
    lua: undefined,
    folder,
    keylog: undefined,
  });
  return vectors.flatMap(({ failures }) => failures.map(({ message }) => message));
}
