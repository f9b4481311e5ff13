import luaparse from 'luaparse';
import type { Diagnostic, Protocol, Span } from '../spec/index.ts';
import { makeContext } from './expression/make-context.ts';
import { freeNames as namesIn } from './gate/check-lua.ts';
import { HelperSet } from './helpers.ts';
import { makePlan } from './plan/plan.ts';
import { templates } from './render/render.ts';
import { bodyView } from './view/body-view.ts';
import { headerView } from './view/header-view.ts';
import type { Origin } from './view/header-view.ts';
import { shortcutsFor } from './view/shortcuts.ts';
import type { ViewContext } from './view/view-context.ts';

export type GeneratedPlugin = { readonly lua: string } | { readonly diagnostics: readonly Diagnostic[] };

/** The plugin's text, or what of the spec has no Lua yet. */
export function generatePlugin(protocol: Protocol, origin: Origin): GeneratedPlugin {
  const diagnostics: Diagnostic[] = [];
  const plan = makePlan(protocol);
  const context: ViewContext = {
    ...makeContext(plan, new HelperSet()),
    unsupported: (span, feature) => diagnostics.push(notSupported(span, feature)),
  };
  const view = bodyView(context, { version: origin.version, helperText: templates().partial });
  if (diagnostics.length > 0) return { diagnostics: withoutRepeats(diagnostics) };
  const body = tidy(templates().render('body.lua', view));
  const free = freeNames(body);
  const lua = templates().render('plugin.lua', {
    header: headerView(protocol, origin),
    ...shortcutsFor(free),
    limits: limitsFor(protocol, free),
    body,
  });
  return { lua: tidy(lua) };
}

/** A part of the view may be built twice; the user hears of it once. */
function withoutRepeats(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter((diagnostic) => {
    const key = `${diagnostic.span.source.name}:${String(diagnostic.span.start)}:${diagnostic.message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function notSupported(span: Span, feature: string): Diagnostic {
  return {
    code: 'spec/not-supported',
    severity: 'error',
    message: `In generated Lua, ${feature} is not supported yet.`,
    span,
    path: '/',
    notes: [],
    help: undefined,
  };
}

function freeNames(body: string): ReadonlySet<string> {
  const chunk = luaparse.parse(body, { scope: true, locations: true, luaVersion: '5.1' });
  return new Set(namesIn(chunk).map(({ name }) => name));
}

function limitsFor(
  protocol: Protocol,
  free: ReadonlySet<string>,
): readonly { readonly name: string; readonly value: string; readonly purpose: string }[] {
  const { limits } = protocol;
  return [
    { name: 'MAX_PDU_OCTETS', value: String(limits.maxPduOctets), purpose: 'more is not waited for' },
    { name: 'MAX_ELEMENTS', value: String(limits.maxElements), purpose: 'of one repeated field' },
    {
      name: 'MAX_DEPTH',
      value: String(limits.maxDepth),
      purpose: 'of objects inside objects of their own kind',
    },
  ].filter(({ name }) => free.has(name));
}

/** Parts that are left out leave blank lines behind: at most one in a row, and one line break at the end. */
function tidy(lua: string): string {
  return `${lua
    .replace(/[ \t]+$/gmu, '')
    .replace(/\n{3,}/gu, '\n\n')
    .trim()}\n`;
}
