import type { Param } from '../../spec/index.ts';
import { compileExpr } from '../expression/compile.ts';
import { wholeObject } from '../expression/context.ts';
import { oneLine } from '../lua/lua-text.ts';
import { Unsupported } from '../unsupported.ts';
import { located } from './view-context.ts';
import type { ViewContext } from './view-context.ts';

export interface PreferenceView {
  readonly name: string;
  readonly kind: 'bool' | 'uint' | 'string';
  readonly label: string;
  readonly initial: string;
  readonly help: string;
}

/** Preferences of the plugin: `-o <filter>.<name>:VALUE`. */
export function preferenceViews(context: ViewContext): readonly PreferenceView[] {
  const { protocol } = context.plan;
  const root = context.plan.type(protocol.root);
  const declared = root.params.flatMap((param) =>
    located(context, param.span, [], () => paramPreference(context, param)),
  );
  const upgrade = protocol.binds.find((bind) => bind.kind === 'http-upgrade');
  const recovers = protocol.recovery !== null && protocol.framing.kind === 'self-delimiting';
  const recover: readonly PreferenceView[] = recovers
    ? [
        {
          name: 'recover',
          kind: 'bool',
          label: `Look for ${protocol.name} in connections of other protocols`,
          initial: 'false',
          help: 'Connections captured from their middle are taken from the dissector of their port when their octets fit.',
        },
      ]
    : [];
  if (upgrade === undefined) return [...declared, ...recover];
  const other = protocol.replaces === null ? 'nobody' : `Wireshark's own ${protocol.replaces.name} dissector`;
  return [
    ...declared,
    ...recover,
    {
      name: 'takeover',
      kind: 'bool',
      label: `Dissect HTTP upgrades to ${upgrade.token}`,
      initial: 'true',
      help: `When off, ${other} gets them.`,
    },
  ];
}

function paramPreference(context: ViewContext, param: Param): readonly PreferenceView[] {
  if (param.source.kind !== 'preference') return [];
  const { name, initial, label } = param.source;
  const value = compileExpr(context, wholeObject('o', context.plan.protocol.root), initial).text;
  return [{ name, kind: preferenceKind(param), label: oneLine(label), initial: value, help: oneLine(label) }];
}

function preferenceKind(param: Param): PreferenceView['kind'] {
  switch (param.type.kind) {
    case 'bool':
      return 'bool';
    case 'int':
    case 'enum':
      return 'uint';
    case 'string':
      return 'string';
    case 'float':
    case 'bytes':
    case 'struct':
    case 'array':
    case 'io':
    case 'any':
      throw new Unsupported(`a preference that is a ${param.type.kind}`);
  }
}
