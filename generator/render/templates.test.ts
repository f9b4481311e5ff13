import { readdirSync, readFileSync } from 'node:fs';
import Handlebars from 'handlebars';
import { expect, test } from 'vitest';
import { HELPERS } from '../helpers.ts';
import { guardView } from './guard-view.ts';

const FOLDER = new URL('../../templates/', import.meta.url);
const FILES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.hbs'),
);

/** A partial is one Lua construct; one that does not fit on a screen is two. */
const LONGEST_PARTIAL = 30;

function read(file: string): string {
  return readFileSync(new URL(file, FOLDER), 'utf8');
}

/** What a template may hold: text, `{{name}}`, each, if/else, partials (with a member as their context), luaString. */
class Rules extends Handlebars.Visitor {
  readonly breaches: string[] = [];

  override MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
    const name = pathOf(mustache.path);
    if (mustache.params.length > 0 && name !== 'luaString') this.breaches.push(`helper ${name}`);
    if (mustache.params.length > 1 || hasHash(mustache)) this.breaches.push(`arguments of ${name}`);
    super.MustacheStatement(mustache);
  }

  override BlockStatement(block: hbs.AST.BlockStatement): void {
    const name = pathOf(block.path);
    if (name !== 'each' && name !== 'if') this.breaches.push(`block ${name}`);
    if (block.params.length !== 1 || hasHash(block)) this.breaches.push(`arguments of ${name}`);
    super.BlockStatement(block);
  }

  override PartialStatement(partial: hbs.AST.PartialStatement): void {
    if (partial.name.type !== 'PathExpression') this.breaches.push('a partial with a computed name');
    if (partial.params.length > 1 || hasHash(partial)) this.breaches.push('arguments of a partial');
    super.PartialStatement(partial);
  }

  override PathExpression(path: hbs.AST.PathExpression): void {
    if (path.depth > 0) this.breaches.push(`../ in ${path.original}`);
    if (path.data) this.breaches.push(`@ in ${path.original}`);
  }

  override SubExpression(): void {
    this.breaches.push('a subexpression');
  }
  override Decorator(): void {
    this.breaches.push('a decorator');
  }
}

function pathOf(path: hbs.AST.PathExpression | hbs.AST.Literal): string {
  return 'original' in path ? path.original : 'a literal';
}

/** The type says that there always is one. */
function hasHash(node: object): boolean {
  return Reflect.get(node, 'hash') !== undefined;
}

test.each(FILES)('%s holds nothing but holes', (file) => {
  const rules = new Rules();
  rules.accept(Handlebars.parse(read(file)));
  expect(rules.breaches).toEqual([]);
});

test('the rules can be broken', () => {
  const rules = new Rules();
  for (const text of [
    '{{#unless a}}{{/unless}}',
    '{{../a}}',
    '{{lookup a b}}',
    '{{> (lookup a "b")}}',
    '{{@root.a}}',
  ]) {
    const before = rules.breaches.length;
    rules.accept(Handlebars.parse(text));
    expect(rules.breaches.length, text).toBeGreaterThan(before);
  }
});

/** Lines with Lua on them: choosing among other partials takes none. */
function linesOfLua(file: string): number {
  const lines = read(file)
    .split('\n')
    .map((line) => line.trim());
  return lines.filter((line) => line !== '' && !/^\{\{(?:[#/>]|else\}\})[^{}]*\}*$/u.test(line)).length;
}

test.each(FILES.filter((file) => file.startsWith('partials')))('%s has under 30 lines of Lua', (file) => {
  expect(linesOfLua(file)).toBeLessThan(LONGEST_PARTIAL);
});

test('there is a partial for every helper and a helper for every partial', () => {
  const partials = FILES.filter((file) => /runtime[\\/]/u.test(file))
    .map((file) => file.replace(/^.*runtime[\\/]/u, '').replace('.hbs', ''))
    .filter((name) => name !== 'helper');
  expect(partials.toSorted()).toEqual(Object.keys(HELPERS).toSorted());
});

test('a misspelt member is a fault, also where Handlebars renders nothing', () => {
  const render = (text: string): string =>
    Handlebars.compile(text, { noEscape: true, strict: true, knownHelpersOnly: true })(
      guardView({ list: ['a'], flag: true }),
    );
  expect(render('{{#each list}}{{this}}{{/each}}')).toBe('a');
  expect(() => render('{{#each lits}}{{/each}}')).toThrow('has no member "lits"');
  expect(() => render('{{#if flagg}}{{/if}}')).toThrow('has no member "flagg"');
});
