import type { RuleBreach } from '../judge/finding.ts';
import { HINTS } from './hints.ts';
import type { LoggedMessage } from './message-log.ts';
import type { Pairs } from './pairs.ts';

/** Told one by one; the report's `pairs` has them all. */
const MAX_TOLD = 10;
const SHOWN_CHARACTERS = 40;

/**
 * `inferred`: nobody said what to expect, so it is only worth knowing. `closed`: the server has said Close, so what
 * it sent no answer to last is no riddle.
 */
export function unansweredBreaches(
  pairs: Pairs,
  messages: readonly LoggedMessage[],
  { inferred, closed }: { readonly inferred: boolean; readonly closed: boolean },
): RuleBreach[] {
  const told = new Set(pairs.unanswered.slice(0, MAX_TOLD).map(({ index }) => index));
  const requests = messages.filter(({ direction, index }) => direction === 'c2s' && told.has(index));
  const lastAnswer = messages.findLast(({ direction }) => direction === 's2c')?.time ?? 0n;
  const more = pairs.unanswered.length - requests.length;
  return requests.map((request, at) => {
    const rest = more > 0 && at === requests.length - 1 ? `; and ${more} more` : '';
    return {
      rule: 'unanswered',
      direction: 'c2s',
      frame: request.frame,
      offset: null,
      hex: null,
      message: `${describe(request)} has no answer (${whatIsExpected(pairs, inferred)})${rest}`,
      hint: closed && request.time > lastAnswer ? HINTS.closedInstead : HINTS.nextReader,
      onlyInfo: inferred,
    };
  });
}

function describe({ index, type, length, short }: LoggedMessage): string {
  const text = short === null ? '' : `, ${JSON.stringify(short.slice(0, SHOWN_CHARACTERS))}`;
  return `Message ${index} of the client (${type}, ${length} octets${text})`;
}

function whatIsExpected({ kind, requests, answered }: Pairs, inferred: boolean): string {
  const what = kind === 'echo' ? 'the same message back' : 'one message in answer';
  return inferred ? `${answered} of ${requests} have ${what}` : `expected: ${what}`;
}
