import type { LoggedMessage } from './message-log.ts';
import { milliseconds, type Percentiles, percentiles } from '../judge/percentiles.ts';

/** What an answer is: the same message back, any one message, whichever fits, or nothing is paired. */
export type Expectation = 'echo' | 'reply' | 'auto' | 'none';

export interface Pairs {
  readonly kind: 'echo' | 'reply';
  readonly requests: number;
  readonly answered: number;
  readonly unanswered: readonly { readonly frame: number; readonly index: number }[];
  readonly latencyMs: Percentiles | null;
  /** Share of the answers that answer something: how well the kind fits. */
  readonly fit: number;
}

/** Of a pattern that was inferred: so many of the server's messages must be answers. */
const INFERRED_FIT = 0.8;
/** ... and so many of the client's must have one, unless there are several that do. */
const INFERRED_ANSWERED = 0.5;
const INFERRED_SEVERAL = 3;
const INFERRED_SEVERAL_SHARE = 0.3;

/** `gone`: when the client had left; answers after it reached nobody. null: it had not. */
export function pairMessages(
  messages: readonly LoggedMessage[],
  expectation: Expectation,
  gone: bigint | null,
): Pairs | null {
  switch (expectation) {
    case 'none':
      return null;
    case 'echo':
    case 'reply':
      return pairAs(expectation, messages, gone);
    case 'auto':
      return infer(messages, gone);
  }
}

function infer(messages: readonly LoggedMessage[], gone: bigint | null): Pairs | null {
  const echo = pairAs('echo', messages, null);
  if (isPlausible(echo) && echo.answered > 0) return gone === null ? echo : pairAs('echo', messages, gone);
  const reply = pairAs('reply', messages, null);
  const lockstep =
    reply.fit >= INFERRED_FIT && reply.answered >= Math.max(2, reply.requests * INFERRED_ANSWERED);
  if (!lockstep) return null;
  return gone === null ? reply : pairAs('reply', messages, gone);
}

function isPlausible({ requests, answered, fit }: Pairs): boolean {
  if (requests === 0 || fit < INFERRED_FIT) return false;
  const share = answered / requests;
  return share >= INFERRED_ANSWERED || (answered >= INFERRED_SEVERAL && share >= INFERRED_SEVERAL_SHARE);
}

/**
 * Pairs from the last message to the first: a request takes the earliest later answer that is still free. So a
 * request without an answer is the one that was followed by the next request, not the last one of all.
 */
function pairAs(kind: 'echo' | 'reply', messages: readonly LoggedMessage[], gone: bigint | null): Pairs {
  const free = new Map<string, LoggedMessage[]>();
  const matched: { readonly request: LoggedMessage; readonly answer: LoggedMessage }[] = [];
  const unanswered: LoggedMessage[] = [];
  let requests = 0;
  let answers = 0;
  for (const message of [...messages].reverse()) {
    const key = kind === 'reply' ? '' : message.digest;
    if (message.direction === 's2c') {
      answers += 1;
      if (key !== null && (gone === null || message.time <= gone)) push(free, key, message);
      continue;
    }
    requests += 1;
    const answer = key === null ? undefined : free.get(key)?.pop();
    if (answer !== undefined) matched.push({ request: message, answer });
    else if (key !== null) unanswered.push(message);
  }
  return {
    kind,
    requests,
    answered: matched.length,
    unanswered: unanswered.reverse().map(({ frame, index }) => ({ frame, index })),
    latencyMs: percentiles(latencies(matched)),
    fit: answers === 0 ? 0 : matched.length / answers,
  };
}

function push(map: Map<string, LoggedMessage[]>, key: string, message: LoggedMessage): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [message]);
  else known.push(message);
}

/** The first answer is taken to belong to the first answered request, and so on. */
function latencies(
  matched: readonly { readonly request: LoggedMessage; readonly answer: LoggedMessage }[],
): number[] {
  const byTime = (a: LoggedMessage, b: LoggedMessage): number =>
    a.time < b.time ? -1 : a.time > b.time ? 1 : 0;
  const requests = matched.map(({ request }) => request).sort(byTime);
  const answers = matched.map(({ answer }) => answer).sort(byTime);
  return requests.flatMap((request, at) => {
    const answer = answers[at];
    return answer === undefined ? [] : [Math.max(0, milliseconds(answer.time - request.time))];
  });
}
