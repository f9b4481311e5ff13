import type { Side } from '../capture/stream.ts';
import type { LoggedMessage } from './message-log.ts';
import { median, milliseconds } from '../judge/percentiles.ts';
import { otherSide, senderOf, SIDES } from './sides.ts';

/** Heartbeats that an application sends as messages of its own (a browser cannot send pings). */
export interface ApplicationHeartbeat {
  /** `"ping" from the client, answered by "pong"` */
  readonly pattern: string;
  readonly by: 'client' | 'server';
  readonly sent: number;
  readonly intervalMs: number;
  /** Beats without an answer, of those that usually have one. */
  readonly missed: number;
  /** Their numbers, from 1. */
  readonly missedNumbers: readonly number[];
}

/** What libraries send: Socket.IO and Engine.IO (`2` and `3`), SockJS (`h`), STOMP (a line end), and by hand. */
const KNOWN =
  /^(?:2|3|h|\n|\r\n|ping|pong|heartbeat|hb|keepalive|keep-alive|\{.{0,20}(?:ping|heartbeat|keepalive).{0,20}\})$/iu;
const FEWEST_KNOWN = 3;
/** An unknown text must be repeated so often before its rhythm means anything. */
const FEWEST_UNKNOWN = 6;
/** Gaps may differ so much from the usual one ... */
const TOLERANCE = 0.3;
/** ... in so many of the cases. */
const REGULAR = 0.7;
/** An answer comes within this share of the interval. */
const PROMPT = 0.25;
/** So many beats must have the same answer before a missing one is missed. */
const ANSWERED = 0.5;
const SHOWN_CHARACTERS = 24;

/** null: no message is sent in such a rhythm. */
export function findApplicationHeartbeat(messages: readonly LoggedMessage[]): ApplicationHeartbeat | null {
  const candidates = SIDES.flatMap((side) => beatsOf(messages, side));
  // Two texts in one rhythm are the beat and its answer: the beat came first.
  candidates.sort((a, b) => b.beats.length - a.beats.length || a.first - b.first);
  const [best] = candidates;
  return best === undefined ? null : describe(messages, best);
}

interface Candidate {
  readonly side: Side;
  readonly text: string;
  readonly beats: readonly LoggedMessage[];
  readonly interval: number;
  /** Position of the first one among all messages. */
  readonly first: number;
}

function beatsOf(messages: readonly LoggedMessage[], side: Side): Candidate[] {
  const byText = new Map<string, { beats: LoggedMessage[]; first: number }>();
  messages.forEach((message, at) => {
    if (message.direction !== side || message.short === null || message.short === '') return;
    const known = byText.get(message.short);
    if (known === undefined) byText.set(message.short, { beats: [message], first: at });
    else known.beats.push(message);
  });
  return [...byText].flatMap(([text, { beats, first }]) => {
    if (beats.length < (KNOWN.test(text) ? FEWEST_KNOWN : FEWEST_UNKNOWN)) return [];
    const interval = regularInterval(beats);
    if (interval === null || arePrompted(messages, beats, interval)) return [];
    return [{ side, text, beats, interval, first }];
  });
}

/** Most of them come right after a message of the other side: they are answers, whose rhythm is not their own. */
function arePrompted(
  messages: readonly LoggedMessage[],
  beats: readonly LoggedMessage[],
  interval: number,
): boolean {
  const wanted = new Set(beats);
  let prompted = 0;
  let before: LoggedMessage | null = null;
  for (const message of messages) {
    const isBeat = wanted.has(message);
    if (isBeat && before !== null && milliseconds(message.time - before.time) < interval * PROMPT)
      prompted += 1;
    if (message.direction !== beats[0]?.direction) before = message;
    else if (isBeat) before = null;
  }
  return prompted > beats.length / 2;
}

/** null: no rhythm. */
function regularInterval(beats: readonly LoggedMessage[]): number | null {
  const gaps = beats.slice(1).map((beat, at) => milliseconds(beat.time - (beats[at]?.time ?? beat.time)));
  const usual = median(gaps);
  if (usual === null || usual <= 0) return null;
  const regular = gaps.filter((gap) => Math.abs(gap - usual) <= usual * TOLERANCE).length;
  return regular >= gaps.length * REGULAR ? usual : null;
}

function describe(messages: readonly LoggedMessage[], best: Candidate): ApplicationHeartbeat {
  const { side, text, beats, interval } = best;
  const answers = answersTo(messages, best);
  const usual = mostCommon(answers.filter((answer) => answer !== null));
  const isAnswered = usual !== null && usual.count >= beats.length * ANSWERED;
  // The last one may have been on its way when everything ended.
  const due = answers.at(-1) === null ? answers.slice(0, -1) : answers;
  const missedNumbers = isAnswered
    ? due.flatMap((answer, at) => (answer === usual.text ? [] : [at + 1]))
    : [];
  const answered = isAnswered ? `, answered by ${quoted(usual.text)}` : ', no answer expected';
  return {
    pattern: `${quoted(text)} from the ${senderOf(side)}${answered}`,
    by: senderOf(side),
    sent: beats.length,
    intervalMs: interval,
    missed: missedNumbers.length,
    missedNumbers,
  };
}

/** What the other side sent first after each beat, before the next one; null: nothing, or nothing short. */
function answersTo(messages: readonly LoggedMessage[], { side, text }: Candidate): (string | null)[] {
  const answers: (string | null)[] = [];
  let waiting = false;
  for (const message of messages) {
    if (message.direction === side && message.short === text) {
      answers.push(null);
      waiting = true;
    } else if (waiting && message.direction === otherSide(side) && message.short !== null) {
      answers[answers.length - 1] = message.short;
      waiting = false;
    }
  }
  return answers;
}

function mostCommon(texts: readonly string[]): { readonly text: string; readonly count: number } | null {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  let best: { text: string; count: number } | null = null;
  for (const [text, count] of counts) if (best === null || count > best.count) best = { text, count };
  return best;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);
}
