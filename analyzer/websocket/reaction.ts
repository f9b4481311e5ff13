import type { Side } from '../capture/stream.ts';
import type { Finding, RuleBreach } from '../judge/finding.ts';
import { HINTS } from './hints.ts';
import { OPCODE, type WebsocketFrame } from './opcode.ts';
import type { SessionPdu } from '../session/pdu.ts';
import { placeOf } from '../judge/connection-judge.ts';
import { otherSide, senderOf, SIDES } from './sides.ts';

interface Violation {
  readonly rule: string;
  readonly frame: number;
}

interface WentOn {
  readonly breach: RuleBreach;
  frames: number;
}

/** So many frames may have been on their way when the violation arrived. */
const FRAMES_ON_THE_WAY = 2;

/** After a Close nobody has to react to anything any more. */
const NO_REACTION_DUE: readonly string[] = ['AFTER-CLOSE'];

/**
 * Whether the receiver of a frame that breaks a rule failed the connection, as it must (RFC 6455 section 7.1.7): it
 * did not when it goes on sending and never says Close.
 */
export class ReactionWatch {
  /** The first violation of each direction. */
  readonly violations: Record<Side, Violation | null> = { c2s: null, s2c: null };
  private readonly wentOn: Record<Side, WentOn | null> = { c2s: null, s2c: null };
  private readonly failed: Record<Side, boolean> = { c2s: false, s2c: false };

  /** A finding of severity error that names who broke the rule. */
  violated({ rule, direction, frame }: Pick<Finding, 'rule' | 'direction' | 'frame'>): void {
    if (direction === null || NO_REACTION_DUE.includes(rule)) return;
    this.violations[direction] ??= { rule, frame };
  }

  frame(pdu: SessionPdu, { opcode }: WebsocketFrame): void {
    const { direction } = pdu;
    if (opcode === OPCODE.close) this.failed[direction] = true;
    const violation = this.violations[otherSide(direction)];
    if (violation === null || this.failed[direction] || violation.frame >= pdu.frame) return;
    if (pdu.problem?.kind === 'truncated') return;
    const sender = senderOf(direction);
    const message = `The ${sender} goes on after ${violation.rule} of the ${senderOf(otherSide(direction))} in packet ${violation.frame}; it had to fail the connection`;
    const breach = { rule: 'reaction', ...placeOf(pdu), message, hint: HINTS.reaction };
    const known = (this.wentOn[direction] ??= { breach, frames: 0 });
    known.frames += 1;
  }

  /** Sides that went on and did not fail the connection later. `ended`: who ended TCP first, which fails it too. */
  breaches(ended: Side | null): RuleBreach[] {
    return SIDES.flatMap((side) => {
      const wentOn = this.wentOn[side];
      if (wentOn === null || this.failed[side]) return [];
      return ended === side && wentOn.frames <= FRAMES_ON_THE_WAY ? [] : [wentOn.breach];
    });
  }
}
