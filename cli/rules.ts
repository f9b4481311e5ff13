import { OWN_RULES, ruleHint } from '../analyzer/index.ts';
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
  return OWN_RULES.map((rule) => ({
    ...rule,
    protocol: 'any',
    reference: '',
    doc: '',
    filter: null,
    hint: ruleHint(rule.id),
  }));
}
