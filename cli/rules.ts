import { ruleHint } from '../analyzer/index.ts';
import type { Protocol } from '../spec/index.ts';

/** A rule of the spec, wherever it stands there. */
export interface Rule {
  readonly protocol: string;
  readonly id: string;
  readonly severity: string;
  readonly scope: string;
  readonly reference: string;
  readonly message: string;
  readonly doc: string;
  /** Display filter; null: only the analyzer looks for it. */
  readonly filter: string | null;
  readonly hint: string | null;
}

/** Findings that need no rule of a spec. */
const BUILT_IN: readonly Omit<Rule, 'protocol' | 'hint' | 'filter'>[] = [
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

function own(
  id: string,
  severity: string,
  scope: string,
  message: string,
): Omit<Rule, 'protocol' | 'hint' | 'filter'> {
  return { id, severity, scope, message, reference: '', doc: '' };
}

/** What a spec declares: checks of its types, and rules that modules of ours look for. */
export function rulesOf(protocol: Protocol): Rule[] {
  const checks = protocol.types.flatMap(({ checks: own }) => own);
  return [...checks, ...protocol.rules].map(
    ({ id, severity, scope, reference, message, doc, filter }): Rule => {
      // Rules about a whole connection need its future: the dissector has none of them.
      const shown = scope === 'connection' || filter === '' ? null : filter;
      const hint = protocol.id === 'websocket' ? ruleHint(id) : null;
      return { protocol: protocol.id, id, severity, scope, reference, message, doc, filter: shown, hint };
    },
  );
}

export function ownRules(): Rule[] {
  return BUILT_IN.map((rule) => ({ ...rule, protocol: 'any', filter: null, hint: ruleHint(rule.id) }));
}
