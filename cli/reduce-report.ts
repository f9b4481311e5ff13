import type { Reduced } from '../regression/index.ts';

interface ReduceContext {
  readonly file: string;
  readonly target: string;
  readonly specs: readonly string[];
  readonly tcp: readonly number[];
  readonly udp: readonly number[];
}

/** What was written, how to see the finding in it, and the vector to paste. */
export function reducedText(reduced: Reduced, context: ReduceContext): string {
  const { before, after, vector, notes } = reduced;
  const rows = [
    ['packets', before.packets, after.packets],
    ['octets', before.octets, after.octets],
    ['connections', before.connections, after.connections],
  ] as const;
  const lines = [
    `${context.target}: ${what(reduced)}`,
    ...rows.map(([label, was, is]) => `  ${label.padEnd(12)} ${was} -> ${is}`),
    ...notes.map((note) => `  ${note}`),
    '',
    `See it:  ${command(reduced, context)}`,
    '',
    ...(vector.kind === 'vector'
      ? ['Paste below "vectors:" in NAME.tests.yaml:', '', vector.yaml.trimEnd()]
      : [`No vector: ${vector.reason}`]),
  ];
  return `${lines.join('\n')}\n`;
}

export function reducedJson(reduced: Reduced, context: ReduceContext): object {
  const { goal, form, before, after, vector, notes } = reduced;
  return {
    schemaVersion: 1,
    input: context.file,
    output: context.target,
    keep: goal.kind === 'rule' ? goal.rule : 'difference',
    direction: goal.direction,
    field: goal.kind === 'difference' ? goal.field : null,
    form,
    before,
    after,
    command: command(reduced, context),
    vector: vector.kind === 'vector' ? vector.yaml : null,
    noVector: vector.kind === 'none' ? vector.reason : null,
    notes,
  };
}

function what({ goal, form }: Reduced): string {
  const shown = goal.kind === 'rule' ? goal.rule : `a difference in ${goal.field}`;
  return form === 'conversation'
    ? `${shown}, in a connection written anew`
    : `${shown}, in packets as they were captured`;
}

function command({ goal }: Reduced, { target, specs, tcp, udp }: ReduceContext): string {
  const options = [
    ...specs.map((spec) => `--spec ${quote(spec)}`),
    ...tcp.map((port) => `--tcp ${port}`),
    ...udp.map((port) => `--udp ${port}`),
    ...(goal.kind === 'rule' ? ['--engine none'] : []),
  ];
  return ['wiretwin analyze', quote(target), ...options].join(' ');
}

function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
