import type { CheckScope, Severity } from '../../spec/index.ts';

/** A rule that we look for in every protocol, or in WebSocket, without a spec declaring it. */
export interface OwnRule {
  readonly id: string;
  readonly severity: Severity;
  readonly scope: CheckScope;
  /** What it says. */
  readonly message: string;
}

/** Findings that need no rule of a spec. */
export const OWN_RULES: readonly OwnRule[] = [
  own(
    'TRUNCATED',
    'warning',
    'frame',
    'The stream ends inside a PDU: FIN, RST or the end of the capture came too early.',
  ),
  own(
    'MALFORMED',
    'error',
    'frame',
    'The octets contradict the spec, so nothing after the place can be read.',
  ),
  own('LIMIT', 'warning', 'frame', 'A PDU claims to be larger than the spec lets us wait for.'),
  own('GAP', 'info', 'frame', 'The capture lacks octets of the stream; rules that need them are not judged.'),
  own('VALID', 'error', 'frame', 'A value breaks what the spec says of it with `valid` or `contents`.'),
  own(
    'PONG-SKIPPED',
    'info',
    'connection',
    'Pings had no pong of their own, a later ping had: legal (RFC 6455 5.5.3).',
  ),
  own('FRAGMENTS', 'info', 'connection', 'Messages were sent in many small fragments.'),
  own('SLOW-CONSUMER', 'warning', 'connection', 'A receiver did not read: its TCP window was closed.'),
  own(
    'RECONNECTS',
    'info',
    'connection',
    'A client came back again and again, each time to be gone at once.',
  ),
];

function own(id: string, severity: Severity, scope: CheckScope, message: string): OwnRule {
  return { id, severity, scope, message };
}
