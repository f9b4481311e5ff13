import { expect, test } from 'vitest';
import { OPERATOR_TEXT } from './expression-ast.ts';
import type { ExprAst } from './expression-ast.ts';
import { parseExpressionText } from './parser.ts';

/** The tree in parentheses. */
function show(ast: ExprAst): string {
  switch (ast.kind) {
    case 'int':
    case 'float':
    case 'bool':
      return String(ast.value);
    case 'string':
      return JSON.stringify(ast.value);
    case 'name':
      return ast.id;
    case 'enum':
      return `${ast.absolute ? '::' : ''}${[...ast.typePath, ast.enum, ast.member].join('::')}`;
    case 'format':
      return `f${ast.parts.map(show).join('+')}`;
    case 'list':
      return `[${ast.elements.map(show).join(' ')}]`;
    case 'unary':
      return `(${ast.op} ${show(ast.operand)})`;
    case 'logic':
      return `(${show(ast.left)} ${ast.op} ${show(ast.right)})`;
    case 'arithmetic':
    case 'compare':
      return `(${show(ast.left)} ${OPERATOR_TEXT[ast.op]} ${show(ast.right)})`;
    case 'choose':
      return `(${show(ast.condition)} ? ${show(ast.yes)} : ${show(ast.no)})`;
    case 'subscript':
      return `${show(ast.object)}[${show(ast.index)}]`;
    case 'member':
      return `${show(ast.object)}.${ast.id}`;
    case 'call':
      return `${show(ast.callee)}(${ast.args.map(show).join(' ')})`;
    case 'cast':
      return `${show(ast.operand)}<${ast.type.absolute ? '::' : ''}${ast.type.path.join('::')}${ast.type.array ? '[]' : ''}>`;
    case 'sizeof':
      return `${ast.unit}<${ast.type.path.join('::')}>`;
  }
}

function parse(text: string): string {
  return show(parseExpressionText(text, { start: 0, end: text.length }));
}

test.each([
  ['1 + 2 * 3', '(1 + (2 * 3))'],
  ['1 - 2 - 3', '((1 - 2) - 3)'],
  ['a | b & c ^ d', '(a | ((b & c) ^ d))'],
  ['a & b == c', '((a & b) == c)'],
  ['1 << 2 + 3', '(1 << (2 + 3))'],
  ['not a == b and c or d', '(((not (a == b)) and c) or d)'],
  ['not not a', '(not (not a))'],
  ['-1 ** 0'.slice(0, 2), '(negate 1)'],
  ['- - +3', '(negate (negate 3))'],
  ['~a & b', '((invert a) & b)'],
  ['a ? b : c ? d : e', '(a ? b : (c ? d : e))'],
  ['(a ? b : c) ? d : e', '((a ? b : c) ? d : e)'],
  ['a % b / c', '((a % b) / c)'],
  ['a >> 1 >> 2', '((a >> 1) >> 2)'],
])('%s', (text, tree) => {
  expect(parse(text)).toBe(tree);
});

test.each([
  ['a.b[1].c(2, 3).d', 'a.b[1].c(2 3).d'],
  ['x.as<u4>', 'x<u4>'],
  ['x.as<u4> > 2', '(x<u4> > 2)'],
  ['x.as<u4>>>2', '(x<u4> >> 2)'],
  ['x.as<a::b[]>[0]', 'x<a::b[]>[0]'],
  ['x.as<::a>', 'x<::a>'],
  ['x.as', 'x.as'],
  ['sizeof<a::b> + bitsizeof<b3>', '(octets<a::b> + bits<b3>)'],
  ['plant::tomato', 'plant::tomato'],
  ['a::b::plant::tomato.to_i', 'a::b::plant::tomato.to_i'],
  ['::a::plant::tomato', '::a::plant::tomato'],
  ['[1, 2, 3]', '[1 2 3]'],
  ['[1, 2,]', '[1 2]'],
  ['[]', '[]'],
  ['"a" \'b\' "c"', '"abc"'],
  ['f"n={a + 1}, {b}"', 'f"n="+(a + 1)+", "+b'],
  ['f"{"}"}"', 'f"}"'],
])('%s', (text, tree) => {
  expect(parse(text)).toBe(tree);
});

test.each([
  ['1_000', '1000'],
  ['0xFF_ff', '65535'],
  ['0b1010', '10'],
  ['0o17', '15'],
  ['18446744073709551615', '18446744073709551615'],
  ['1.5e3', '1500'],
  ['1e-1', '0.1'],
  ['1. + 2', '(1 + 2)'],
  ['1.to_s', '1.to_s'],
  ['"\\x"'.replace('x', 'n'), '"\\n"'],
  ['"\\101\\u0042\\\\"', '"AB\\\\"'],
  ["'\\n'", '"\\\\n"'],
])('%s is %s', (text, tree) => {
  expect(parse(text)).toBe(tree);
});

test.each([
  '',
  '1 +',
  '(1',
  '1)',
  'a b',
  '1 < 2 < 3',
  'a &&b',
  '!a',
  'a = b',
  '"open',
  "'open",
  'f"{1"',
  '"\\q"',
  '0x',
  '18446744073709551616',
  'a.',
  'a.1',
  'a[',
  'f(1,)',
  'and',
  'plant::',
  '::plant',
  'x.as<>',
  'x.as<u4',
  '@',
])('%j is refused', (text) => {
  expect(() => parse(text)).toThrow();
});

test('a node knows where it stands', () => {
  const text = 'not (abc + 1) == "x"';
  const ast = parseExpressionText(text, { start: 0, end: text.length });
  expect(ast.range).toEqual({ start: 0, end: text.length });
  const compare = ast.kind === 'unary' ? ast.operand : ast;
  const left = compare.kind === 'compare' ? compare.left : compare;
  expect(text.slice(left.range.start, left.range.end)).toBe('(abc + 1)');
});
