import { OWN_RULES } from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { VALID_RULE } from './suite.ts';

/** Rules that a vector can break by itself: those of its PDUs, its messages, and its handshake. */
export function rulesOfVector({ types, rules }: Protocol): readonly string[] {
  const checks = types.flatMap((type) => type.checks.filter(({ scope }) => scope !== 'connection'));
  const named = rules.filter(({ scope }) => scope !== 'connection');
  return unique([...checks, ...named].map(({ id }) => id).concat(VALID_RULE));
}

/** All that can be found of a connection. */
export function rulesOfAnalyzer({ types, rules }: Protocol): readonly string[] {
  const declared = [...types.flatMap((type) => type.checks), ...rules].map(({ id }) => id);
  // Requests without an answer are found wherever the spec says what belongs together.
  return unique([...declared, ...OWN_RULES.map(({ id }) => id), 'UNANSWERED']);
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}

/** Rules about the heads of an upgrade, which no PDU breaks. */
export function rulesOfHandshake({ types, rules }: Protocol): ReadonlySet<string> {
  const checks = types.flatMap((type) => type.checks.filter(({ scope }) => scope === 'handshake'));
  const named = rules.filter(({ scope }) => scope === 'handshake');
  return new Set([...checks, ...named].map(({ id }) => id));
}
