import type { Command } from 'commander';
import { didYouMean } from '../spec/index.ts';
import { CommandError, EXIT, type ExitCode } from './exit-code.ts';
import { createNotes } from './notes.ts';
import { type OutputOptions, outputOption, quietOption, specOption, type SpecOptions } from './options.ts';
import { Output } from './output.ts';
import { ownRules, type Rule, rulesOf } from './rules.ts';
import { loadProtocols } from './spec-files.ts';

interface ExplainOptions extends OutputOptions {
  readonly spec: readonly string[];
}

const EXAMPLES = `
Examples:
  wiretwin explain                     every rule, one a line
  wiretwin explain MASK-C2S            what it means, where it stands, how to filter for it in Wireshark
  wiretwin explain pong-missing        capitals do not matter
  wiretwin explain MAGIC --spec my.ksy
`;

export function addExplain(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('explain')
    .description('say what a rule means and what to do about it; without a rule, list them all')
    .argument('[rule]', 'id of a rule as reports show it')
    .addOption(specOption())
    .addOption(outputOption())
    .addOption(quietOption())
    .addHelpText('after', EXAMPLES)
    .action((rule: string | undefined, options: ExplainOptions) => {
      finish(explain(rule, options));
    });
}

function explain(wanted: string | undefined, options: ExplainOptions): ExitCode {
  const specs: SpecOptions = { spec: options.spec, tcp: [], udp: [] };
  const protocols = loadProtocols(specs, createNotes(options.quiet === true));
  const rules = [...protocols.flatMap(rulesOf), ...ownRules()];
  const chosen = wanted === undefined ? rules : find(rules, wanted);
  const output = new Output(options.output, options.spec);
  try {
    output.write(wanted === undefined ? listOf(chosen) : chosen.map(textOf).join('\n'));
  } finally {
    output.end();
  }
  return EXIT.pass;
}

function find(rules: readonly Rule[], wanted: string): Rule[] {
  const id = wanted.toUpperCase();
  const found = rules.filter((rule) => rule.id.toUpperCase() === id);
  if (found.length > 0) return found;
  const meant = didYouMean(
    wanted,
    rules.map((rule) => rule.id),
  );
  throw new CommandError(
    EXIT.usage,
    `There is no rule "${wanted}".${meant === undefined ? '' : ` Did you mean "${meant}"?`}`,
    'wiretwin explain lists all rules; --spec FILE takes them from another spec.',
  );
}

function listOf(rules: readonly Rule[]): string {
  const width = Math.max(...rules.map(({ id }) => id.length));
  return rules
    .map(({ id, severity, scope, message, reference }) => {
      const where = reference === '' ? '' : `  [${reference}]`;
      return `${id.padEnd(width)}  ${severity.padEnd(7)}  ${scope.padEnd(10)}  ${message}${where}\n`;
    })
    .join('');
}

function textOf({ id, protocol, severity, scope, reference, message, doc, filter, hint }: Rule): string {
  const rows: readonly (readonly [string, string | null])[] = [
    ['severity', SEVERITIES[severity] ?? severity],
    ['scope', SCOPES[scope] ?? scope],
    ['reference', reference === '' ? null : reference],
    ['spec', protocol === 'any' ? null : protocol],
    ['meaning', doc === '' ? null : doc.trim().replaceAll(/\s+/g, ' ')],
    ['to do', hint],
    [
      'Wireshark',
      filter ?? (protocol === 'any' ? null : 'not shown there: it needs what comes later in the connection'),
    ],
  ];
  const lines = rows.flatMap(([label, text]) => (text === null ? [] : [`  ${label.padEnd(10)} ${text}`]));
  return `${id}: ${message}\n${lines.join('\n')}\n`;
}

const SEVERITIES: Readonly<Record<string, string>> = {
  error: 'error (what must hold is broken)',
  warning: 'warning (what should hold is broken, or it is a risk)',
  info: 'info (legal, but worth knowing)',
};

const SCOPES: Readonly<Record<string, string>> = {
  frame: 'frame (seen in one PDU)',
  message: 'message (seen when a message is complete)',
  handshake: 'handshake (seen in the HTTP upgrade)',
  connection: 'connection (seen when the connection is over)',
};
