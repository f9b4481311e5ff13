import type { Command } from 'commander';
import { ruleHint } from '../analyzer/index.ts';
import { didYouMean, type Protocol } from '../spec/index.ts';
import { CommandError, EXIT, type ExitCode } from './exit-code.ts';
import { createNotes } from './notes.ts';
import { type OutputOptions, outputOption, quietOption, specOption, type SpecOptions } from './options.ts';
import { Output } from './output.ts';
import { loadProtocols } from './spec-files.ts';

interface ExplainOptions extends OutputOptions {
  readonly spec: readonly string[];
}

/** A rule of the spec, wherever it stands there. */
interface Rule {
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

const EXAMPLES = `
Examples:
  wiretwin explain                     every rule, one a line
  wiretwin explain MASK-C2S            what it means, where it stands, how to filter for it in Wireshark
  wiretwin explain pong-missing        capitals do not matter
  wiretwin explain MAGIC --spec my.ksy
`;

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

function rulesOf(protocol: Protocol): Rule[] {
  const checks = protocol.types.flatMap(({ checks: own }) => own);
  const common = { protocol: protocol.id };
  return [
    ...checks.map(({ id, severity, scope, reference, message, doc, filter }): Rule => {
      const hint = hintOf(protocol, id);
      return {
        ...common,
        id,
        severity,
        scope,
        reference,
        message,
        doc,
        filter: filterOf(scope, filter),
        hint,
      };
    }),
    ...protocol.rules.map(({ id, severity, scope, reference, message, doc, filter }): Rule => {
      const hint = hintOf(protocol, id);
      return {
        ...common,
        id,
        severity,
        scope,
        reference,
        message,
        doc,
        filter: filterOf(scope, filter),
        hint,
      };
    }),
  ];
}

function ownRules(): Rule[] {
  return BUILT_IN.map((rule) => ({ ...rule, protocol: 'any', filter: null, hint: ruleHint(rule.id) }));
}

/** Rules about a whole connection need its future: the dissector has none of them. */
function filterOf(scope: string, filter: string): string | null {
  return scope === 'connection' || filter === '' ? null : filter;
}

function hintOf(protocol: Protocol, id: string): string | null {
  return protocol.id === 'websocket' ? ruleHint(id) : null;
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
