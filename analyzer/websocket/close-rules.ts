import type { Side } from '../capture/stream.ts';
import type { RuleBreach } from '../judge/finding.ts';
import type { CloseFrame, TransportEnd } from './close-cause.ts';
import { HINTS } from './hints.ts';
import { durationText } from '../judge/percentiles.ts';
import { otherSide, senderOf, SIDES } from './sides.ts';

/** A fragmented message that was begun. */
export interface OpenFragments {
  readonly frame: number;
  readonly offset: number;
  readonly hex: string;
}

export interface CloseContext {
  /** The first close frame of each direction, in order of arrival. */
  readonly closes: readonly CloseFrame[];
  /** FIN and RST, the first one first. */
  readonly ends: readonly TransportEnd[];
  /** Time of the last segment of the capture. */
  readonly captureEnd: bigint;
  /** The last frame of a direction after the other side's Close; null: none. */
  readonly afterClose: Readonly<Record<Side, { readonly frame: number; readonly time: bigint } | null>>;
  /** Octets of the direction are missing. */
  readonly uncertain: Readonly<Record<Side, boolean>>;
  /** Messages begun and not finished. */
  readonly fragments: Readonly<Record<Side, OpenFragments | null>>;
}

/** A Close may wait for what is being sent; longer than this nobody needs. In nanoseconds. */
const ANSWER_TIME = 1_000_000_000n;

export function closeBreaches(context: CloseContext): RuleBreach[] {
  return [
    ...unanswered(context),
    ...tcpFirst(context),
    ...SIDES.flatMap((side) => openFragments(context, side)),
  ];
}

/** RFC 6455 section 5.5.1: who receives a Close and has sent none answers with one. */
function unanswered(context: CloseContext): RuleBreach[] {
  const { closes, ends, captureEnd, uncertain } = context;
  const [close] = closes;
  if (close === undefined || closes.length > 1) return [];
  const side = otherSide(close.side);
  if (uncertain[side]) return [];
  const { frame, hex } = close;
  const closer = senderOf(close.side);
  const said = `The ${senderOf(side)} sent no Close in answer to the ${closer}'s in packet ${frame}`;
  const breach = { rule: 'close-echo', direction: side, frame, offset: null, hex };
  const left = ends.find((end) => end.side === side && end.frame > frame);
  const reset = ends.find((end) => end.side === close.side && end.reason === 'rst');
  if (reset !== undefined && reset.time - close.time < ANSWER_TIME && !isBefore(left, reset)) {
    const message = `${said}: the ${closer} reset the connection ${durationText(reset.time - close.time)} after it`;
    return [{ ...breach, message, hint: HINTS.closeReset, onlyInfo: true }];
  }
  if (left !== undefined) {
    const message = `${said}: it ended TCP (${left.reason.toUpperCase()} in packet ${left.frame})`;
    return [{ ...breach, message, hint: HINTS.closeEcho }];
  }
  const later = context.afterClose[side];
  if (later !== null && captureEnd - close.time >= ANSWER_TIME) {
    return [{ ...breach, message: `${said}: it went on (packet ${later.frame})`, hint: HINTS.closeEcho }];
  }
  return [];
}

function isBefore(end: TransportEnd | undefined, other: TransportEnd): boolean {
  return end !== undefined && end.frame < other.frame;
}

/** RFC 6455 section 7.1.1: after both Close frames the server closes TCP, and the client waits for it. */
function tcpFirst({ closes, ends }: CloseContext): RuleBreach[] {
  const [end] = ends;
  const [, second] = closes;
  if (second === undefined || end?.side !== 'c2s' || end.frame < second.frame) return [];
  const waited = durationText(end.time - second.time);
  const message = `The client ended TCP first (${end.reason.toUpperCase()}), ${waited} after the second Close`;
  return [
    {
      rule: 'tcp-first',
      direction: 'c2s',
      frame: end.frame,
      offset: null,
      hex: null,
      message,
      hint: HINTS.tcpFirst,
    },
  ];
}

/** RFC 6455 section 5.4. Who is told to stop need not finish. */
function openFragments({ fragments, closes, ends, uncertain }: CloseContext, side: Side): RuleBreach[] {
  const open = fragments[side];
  if (open === null || uncertain[side]) return [];
  const own = closes.find((close) => close.side === side);
  const end = ends.find((known) => known.side === side);
  const at = own ?? end;
  const other = [...closes, ...ends].find((known) => known.side !== side);
  if (at === undefined || (other !== undefined && other.frame < at.frame)) return [];
  const how = own === undefined ? (end?.reason.toUpperCase() ?? 'end') : 'Close';
  const message = `The message begun in packet ${open.frame} is unfinished at the ${senderOf(side)}'s ${how} in packet ${at.frame}`;
  return [{ rule: 'frag-open', direction: side, ...open, message, hint: HINTS.fragOpen }];
}
