import type { Check, Protocol, Severity } from '../../../spec/index.ts';
import { NameSpace } from '../../plan/names.ts';

/** An expert info that the plugin registers. */
export interface ExpertView {
  readonly key: string;
  readonly filter: string;
  readonly text: string;
  readonly severity: string;
}

const SEVERITIES: Readonly<Record<Severity, string>> = { error: 'ERROR', warning: 'WARN', info: 'NOTE' };

/** Problems that are the plugin's own, not rules of the spec. */
const OWN = {
  malformed: { severity: 'error', text: 'Malformed: the octets do not fit the spec' },
  truncated: { severity: 'warning', text: 'The captured octets end before the PDU does' },
  limit: { severity: 'error', text: 'A limit of the dissector was reached' },
  unrecoverable: { severity: 'info', text: 'The content of a message cannot be recovered' },
  refused: { severity: 'info', text: 'The upgrade was not granted' },
  trailing: { severity: 'warning', text: 'Octets are left over behind the PDU' },
  invalid_error: { severity: 'error', text: 'A value is not valid' },
  invalid_warning: { severity: 'warning', text: 'A value is not valid' },
  invalid_info: { severity: 'info', text: 'A value is not valid' },
} as const satisfies Readonly<Record<string, { readonly severity: Severity; readonly text: string }>>;

export type OwnExpert = keyof typeof OWN;

/** What the checks and the named rules of a spec have in common. */
type DeclaredRule = Pick<Check, 'id' | 'filter' | 'message' | 'reference' | 'severity'>;

/** Hands out experts, each registered once and only when something can raise it. */
export class Experts {
  readonly #protocol: Protocol;
  readonly #keys = new NameSpace();
  readonly #filters: Set<string>;
  readonly #found = new Map<string, ExpertView>();

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
    this.#filters = new Set(protocol.protocolFields.map((field) => field.filter));
  }

  own(name: OwnExpert): string {
    const known = this.#found.get(name);
    if (known !== undefined) return known.key;
    let filter = `${this.#protocol.filter}.${name}`;
    while (this.#filters.has(filter)) filter += '_';
    const { severity, text } = OWN[name];
    return this.#add(name, { filter, text, severity });
  }

  rule(check: DeclaredRule): string {
    const known = this.#found.get(check.filter);
    if (known !== undefined) return known.key;
    const reference = check.reference === '' ? '' : ` (${check.reference})`;
    const name = check.filter.split('.').at(-1) ?? check.id;
    return this.#add(
      check.filter,
      {
        filter: check.filter,
        text: `${check.id}: ${check.message}${reference}`,
        severity: check.severity,
      },
      name,
    );
  }

  all(): readonly ExpertView[] {
    return [...this.#found.values()];
  }

  #add(
    id: string,
    given: { readonly filter: string; readonly text: string; readonly severity: Severity },
    name = id,
  ): string {
    const key = this.#keys.claim(name);
    this.#filters.add(given.filter);
    this.#found.set(id, {
      key,
      filter: given.filter,
      text: given.text,
      severity: SEVERITIES[given.severity],
    });
    return key;
  }
}
