import type { Protocol, Severity } from '../../spec/index.ts';

/** How Wireshark must know a rule of the spec. */
export interface ExpectedExpert {
  readonly filter: string;
  readonly label: string;
  readonly severity: string;
  /** The plugin has an expert info of a rule only where something can raise it: of the rules of our modules, not all. */
  readonly isOptional: boolean;
}

const SEVERITIES: Readonly<Record<Severity, string>> = { error: 'ERROR', warning: 'WARN', info: 'NOTE' };

export function expectedExperts({ types, rules }: Protocol): readonly ExpectedExpert[] {
  const checks = types.flatMap((type) => type.checks.map((check) => ({ ...check, isOptional: false })));
  const others = rules.map((rule) => ({ ...rule, isOptional: true }));
  return [...checks, ...others].map(({ filter, id, message, reference, severity, isOptional }) => ({
    filter,
    label: `${id}: ${message}${reference === '' ? '' : ` (${reference})`}`,
    severity: SEVERITIES[severity],
    isOptional,
  }));
}
