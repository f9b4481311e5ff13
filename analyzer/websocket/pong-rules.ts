import type { Side } from '../capture/stream.ts';
import type { FindingInput, RuleBreach } from '../judge/finding.ts';
import { BUSY_OCTETS, type HeartbeatTracker, type PingNote, type SkippedRun } from './heartbeat.ts';
import { HINTS } from './hints.ts';
import { durationText } from '../judge/percentiles.ts';
import { otherSide, plural, senderOf, SIDES } from './sides.ts';

export interface PongContext {
  /** When nothing could be answered any more, by the direction the pings were sent in. */
  readonly until: Readonly<Record<Side, bigint>>;
  /** Octets of the direction are missing, or its beginning was not seen: what is not there may have been sent. */
  readonly uncertain: Readonly<Record<Side, boolean>>;
}

/** RFC 6455 sections 5.5.2 and 5.5.3: every ping is answered, with its own payload. */
export function pongBreaches(tracker: HeartbeatTracker, context: PongContext): RuleBreach[] {
  const odd = tracker.odd.flatMap((pong): RuleBreach[] => {
    const { direction, frame, offset, hex, instead } = pong;
    const pingSide = otherSide(direction);
    if (context.uncertain[pingSide]) return [];
    const at = { direction, frame, offset, hex };
    const carries = shown(pong.payload);
    if (instead !== null && !instead.answered) {
      const message = `A pong carries ${carries}; the open ping in packet ${instead.frame} carries ${shown(instead.payload)}`;
      return [{ rule: 'pong-data', ...at, message, hint: HINTS.pongData }];
    }
    const message = `A pong (${carries}) that no ping asked for: legal, a heartbeat of one direction`;
    return [{ rule: 'pong-unsol', ...at, message, hint: null }];
  });
  return [...odd, ...SIDES.flatMap((side) => missingPongs(tracker, side, context))];
}

function missingPongs(tracker: HeartbeatTracker, side: Side, context: PongContext): RuleBreach[] {
  const peer = otherSide(side);
  if (context.uncertain[peer]) return [];
  const { missing, octetsMeanwhile, waited } = tracker.unanswered(side, context.until[side]);
  const pings = missing.filter(({ wronglyAnswered }) => !wronglyAnswered);
  const [first] = pings;
  if (first === undefined) return [];
  const { frame, hex } = first;
  const told = `${rowText(pings)} had no pong though the connection lived on for ${durationText(waited)}`;
  const busy = octetsMeanwhile >= BUSY_OCTETS;
  const message = busy ? `${told}; meanwhile the ${senderOf(peer)} sent ${octetsMeanwhile} octets` : told;
  const hint = busy ? HINTS.pongBusy : HINTS.pongMissing;
  return [{ rule: 'pong-missing', direction: peer, frame, offset: null, hex, message, hint }];
}

/** Pings that a pong to a later one passed over: legal, and a sign of a sender that is busy. */
export function skippedPings(tracker: HeartbeatTracker): FindingInput[] {
  const skipped = tracker.skipped
    .map((run): SkippedRun => ({ ...run, pings: run.pings.filter(({ answered }) => !answered) }))
    .filter(({ pings }) => pings.length > 0);
  return skipped.flatMap(({ pings, octetsMeanwhile }): FindingInput[] => {
    const [first] = pings;
    if (first === undefined) return [];
    const peer = otherSide(first.direction);
    const busy = octetsMeanwhile >= BUSY_OCTETS;
    const meanwhile = busy ? `; meanwhile the ${senderOf(peer)} sent ${octetsMeanwhile} octets` : '';
    return [
      {
        rule: 'PONG-SKIPPED',
        severity: 'info',
        direction: peer,
        frame: first.frame,
        offset: null,
        reference: 'RFC 6455 5.5.3',
        message: `${rowText(pings)} had no pong of their own, only a later ping had: legal${meanwhile}`,
        hex: first.hex,
        hint: busy ? HINTS.pongBusy : HINTS.pongMissing,
      },
    ];
  });
}

function rowText(pings: readonly PingNote[]): string {
  const [first] = pings;
  const last = pings.at(-1);
  if (first === undefined || last === undefined) return 'no ping';
  if (pings.length === 1) return `The ping ${shown(first.payload)}`;
  const row = `${shown(first.payload)} in packet ${first.frame} to ${shown(last.payload)} in packet ${last.frame}`;
  return `${plural(pings.length, 'ping')} in a row (${row})`;
}

const SHOWN_CHARACTERS = 24;

function shown(payload: string): string {
  if (payload === '') return 'nothing';
  const isText = /^[\x20-\x7e]+$/u.test(payload);
  const text = isText ? payload : Buffer.from(payload, 'latin1').toString('hex');
  const cut = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  return isText ? `"${cut}"` : cut;
}
