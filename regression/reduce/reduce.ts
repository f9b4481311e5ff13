import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  analyzeCapture,
  type AnalysisReport,
  type ConnectionReport,
  openSecure,
  printable,
  type Subject,
} from '../../analyzer/index.ts';
import type { Engine } from '../../engines/index.ts';
import { anonymisePackets } from './anonymise-packets.ts';
import { conversationCapture } from './conversation.ts';
import { conversationOf, type Draft } from './draft.ts';
import { gather, packetsOf } from './gather.ts';
import { DIFFERENCE, type Goal, goalText, type Showing, showings } from './goal.ts';
import { leaksIn, type Originals, originalsIn } from './leaks.ts';
import { Oracle } from './oracle.ts';
import { reduceConversation } from './reduce-conversation.ts';
import { ReduceError } from './reduce-error.ts';
import { packetsCapture, reducePackets } from './reduce-packets.ts';
import { makeVector, type VectorMade } from './vector.ts';

export interface ReduceOptions {
  /** Id of a rule, or `difference`. */
  readonly keep: string;
  readonly subjects: readonly Subject[];
  readonly engines: readonly Engine[];
  readonly keylog?: string | undefined;
  readonly anonymise: boolean;
  /** Exists, and is the caller's to remove. */
  readonly folder: string;
  /** Told of every analysis: how many there were of how many at most. */
  readonly onProgress: (done: number, total: number) => void;
}

export interface Reduced {
  readonly goal: Goal;
  readonly capture: Uint8Array;
  readonly before: CaptureSize;
  readonly after: CaptureSize;
  /** `conversation`: sent anew; `packets`: some of the captured packets as they were. */
  readonly form: 'conversation' | 'packets';
  readonly vector: VectorMade;
  /** Sentences. */
  readonly notes: readonly string[];
}

export interface CaptureSize {
  readonly packets: number;
  readonly octets: number;
  readonly connections: number;
}

/**
 * Analyses of candidates: an engine takes half a second for each, our decoding some milliseconds. Both end after some
 * minutes, with what is smallest by then.
 */
const MAX_RUNS = { rule: 4000, difference: 300 };

/**
 * The smallest capture that still shows what is to be kept. `octets`: the size of the file.
 * @throws ReduceError, CaptureError, EngineError
 */
export async function reduce(file: string, octets: number, options: ReduceOptions): Promise<Reduced> {
  const { subjects, engines, keep, keylog, folder } = options;
  const asked = keep === DIFFERENCE ? engines : [];
  const { report, failures } = await analyzeCapture(file, subjects, asked, { strict: false, keylog });
  if (failures.length > 0) {
    const hint = 'A capture is reduced that can be analysed to its end: see wiretwin analyze.';
    throw new ReduceError('failed', report.failures.join('\n'), hint);
  }
  const [best] = showings(report, keep);
  if (best === undefined) throw notShown(report, keep, file);
  const limit = MAX_RUNS[best.goal.kind];
  const oracle = new Oracle({
    subjects,
    engines,
    folder,
    goal: best.goal,
    original: best.connection,
    limit,
    onRun: (runs) => options.onProgress(runs, limit),
  });
  const smallest = await smallestOf(file, best, oracle, options);
  const shown = await oracle.analyse(smallest.capture);
  if (shown === null) throw notShownAgain(file, best.goal);
  const left = options.anonymise ? await leftIn(smallest, options) : [];
  const stopped = oracle.isExhausted
    ? [`Stopped after ${limit} analyses: it may be possible to leave out more.`]
    : [];
  return {
    goal: best.goal,
    capture: smallest.capture,
    form: smallest.draft === null ? 'packets' : 'conversation',
    before: { packets: report.capture.frames, octets, connections: report.connections.length },
    after: {
      packets: shown.capture.frames,
      octets: smallest.capture.length,
      connections: shown.connections.length,
    },
    vector: await vectorFor(smallest, shown, best, folder),
    notes: [...stopped, ...left],
  };
}

/** `draft`: what the capture was made of; null: of captured packets. */
interface Smallest {
  readonly capture: Uint8Array;
  readonly draft: Draft | null;
  readonly originals: Originals;
}

async function smallestOf(
  file: string,
  { connection, goal }: Showing,
  oracle: Oracle,
  { subjects, keylog, engines, anonymise, folder }: ReduceOptions,
): Promise<Smallest> {
  const protocols = subjects.map(({ protocol }) => protocol);
  const secure = await openSecure(file, { keylog, engines: () => Promise.resolve(engines) });
  const { gathered, decoded } = await gather(file, protocols, connection, secure);
  const draft = await reduceConversation(gathered, oracle, anonymise);
  if (draft !== null) {
    const originals = { connections: [gathered.connection], pdus: gathered.pdus };
    return { draft, capture: conversationCapture(conversationOf(draft)), originals };
  }
  for (const wanted of [connection, null]) {
    const packets = await reducePackets(await packetsOf(file, decoded, wanted), oracle);
    if (packets === null) continue;
    const capture = packetsCapture(packets);
    const kept = join(folder, 'kept.pcapng');
    writeFileSync(kept, capture);
    const originals = await originalsIn(kept, protocols);
    if (!anonymise) return { draft: null, capture, originals };
    const { protocol } = gathered.connection;
    const anonymous = await anonymisePackets(packets, originals, protocol, oracle);
    if (anonymous === null) throw notAnonymous(file, goal);
    return { draft: null, capture: anonymous, originals };
  }
  throw notShownAgain(file, goal);
}

/** What an anonymous capture still has of the original, in words. */
async function leftIn(
  { capture, originals }: Smallest,
  { subjects, folder }: ReduceOptions,
): Promise<readonly string[]> {
  const file = join(folder, 'anonymous.pcapng');
  writeFileSync(file, capture);
  const leaks = await leaksIn(
    file,
    originals,
    subjects.map(({ protocol }) => protocol),
  );
  return leaks.map(
    ({ what, text }) => `Still there, for it does not show without it: ${what} "${printable(text)}".`,
  );
}

function notAnonymous(file: string, goal: Goal): ReduceError {
  return new ReduceError(
    'not-anonymous',
    `${file} shows ${goalText(goal)} in its own packets only, not in packets with other addresses.`,
    'Leave out --anonymise, and look at what you give away.',
  );
}

async function vectorFor(
  { draft }: Smallest,
  shown: AnalysisReport,
  { goal }: Showing,
  folder: string,
): Promise<VectorMade> {
  if (draft === null) {
    return {
      kind: 'none',
      reason:
        'It shows in how the packets came, not in the octets of the protocol, and a vector is about octets.',
    };
  }
  return makeVector(conversationOf(draft), shown, goalText(goal), folder);
}

function notShown(report: AnalysisReport, keep: string, file: string): ReduceError {
  const all = report.connections.flatMap(({ findings }: ConnectionReport) =>
    findings.map(({ rule }) => rule),
  );
  const rules = [...new Set(all)].sort();
  const found = rules.length === 0 ? 'No rule is broken there.' : `It shows ${rules.join(', ')}.`;
  const what = keep === DIFFERENCE ? 'no unexplained difference' : `no ${keep}`;
  return new ReduceError('not-shown', `${file} shows ${what}.`, found);
}

function notShownAgain(file: string, goal: Goal): ReduceError {
  return new ReduceError(
    'failed',
    `${file} does not show ${goalText(goal)} any more when its packets are written anew.`,
    'Inside TLS it cannot be reduced; otherwise please report this, with the capture.',
  );
}
