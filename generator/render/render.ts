import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Handlebars from 'handlebars';
import { luaString } from '../lua/lua-text.ts';
import { guardView } from './guard-view.ts';

const TEMPLATES = new URL('../../templates/', import.meta.url);

/** No helper but one, nothing escaped for HTML, nothing missing in silence. */
const OPTIONS = {
  noEscape: true,
  strict: true,
  knownHelpersOnly: true,
  knownHelpers: { luaString: true },
} as const;

export type TemplateName = 'plugin.lua' | 'body.lua';

interface Templates {
  readonly render: (name: TemplateName, view: object) => string;
  /** Text of a partial that has no holes. */
  readonly partial: (name: string) => string;
}

let loaded: Templates | undefined;

export function templates(): Templates {
  loaded ??= loadTemplates();
  return loaded;
}

function loadTemplates(): Templates {
  const handlebars = Handlebars.create();
  handlebars.registerHelper('luaString', (text: string) => luaString(text));
  const partials = new Map<string, string>();
  for (const [name, text] of readPartials()) {
    partials.set(name, text);
    handlebars.registerPartial(name, handlebars.compile(text, OPTIONS));
  }
  const compiled = new Map(
    (['plugin.lua', 'body.lua'] as const).map((name) => [
      name,
      handlebars.compile(readFileSync(new URL(`${name}.hbs`, TEMPLATES), 'utf8'), OPTIONS),
    ]),
  );
  return {
    render: (name, view) => compiled.get(name)?.(guardView(view)) ?? '',
    partial: (name) => partials.get(name) ?? '',
  };
}

function readPartials(): readonly (readonly [string, string])[] {
  const folder = new URL('partials/', TEMPLATES);
  return readdirSync(fileURLToPath(folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.hbs'))
    .map((file) => file.replaceAll('\\', '/'))
    .toSorted()
    .map((file) => [file.slice(0, -'.hbs'.length), readFileSync(new URL(file, folder), 'utf8')] as const);
}
