import type { DiagnosticSink, Place } from '../diagnostics/diagnostic.ts';
import type { ExprText } from '../syntax/spec-ast.ts';
import type { YamlScalar } from '../syntax/yaml-node.ts';
import type { ExprAst, TextRange } from './expression-ast.ts';
import { ExpressionFault } from './lexer.ts';
import {
  ExpressionTooDeep,
  MAX_EXPRESSION_DEPTH,
  MAX_EXPRESSION_LENGTH,
  parseArgumentList,
  parseExpressionText,
} from './parser.ts';

/** Reads the expression that a YAML scalar holds. */
export function parseExpression(scalar: YamlScalar, sink: DiagnosticSink): ExprText {
  const text = scalar.text;
  const ast = guarded(scalar, sink, () => parseExpressionText(text, { start: 0, end: text.length }));
  return { text, place: scalar.place, ast, textStart: scalar.textStart };
}

/** Reads the arguments that stand in a part of a YAML scalar; each becomes an expression of its own. */
export function parseArguments(
  scalar: YamlScalar,
  part: TextRange,
  sink: DiagnosticSink,
): readonly ExprText[] | undefined {
  const trees = guarded(scalar, sink, () => parseArgumentList(scalar.text, part));
  return trees?.map((ast) => ({ text: scalar.text, place: scalar.place, ast, textStart: scalar.textStart }));
}

function guarded<T>(scalar: YamlScalar, sink: DiagnosticSink, parse: () => T): T | undefined {
  try {
    if (scalar.text.length > MAX_EXPRESSION_LENGTH) {
      throw new ExpressionFault(
        { start: 0, end: 1 },
        'an expression that is too long',
        `at most ${String(MAX_EXPRESSION_LENGTH)} characters`,
      );
    }
    return parse();
  } catch (fault) {
    if (fault instanceof ExpressionFault) {
      const { found, expected, help } = fault;
      sink.report('spec/expression-syntax', placeInside(scalar, fault.range), { found, expected }, { help });
    } else if (fault instanceof ExpressionTooDeep) {
      const place = placeInside(scalar, { start: fault.range.start, end: fault.range.start + 1 });
      sink.report('spec/too-deep', place, {
        what: 'The parts of an expression',
        limit: MAX_EXPRESSION_DEPTH,
      });
    } else throw fault;
    return undefined;
  }
}

/** The exact place of a part of an expression, when its text stands in the source as it is; else the whole scalar. */
export function placeInside(
  whole: { readonly place: Place; readonly textStart: number | undefined },
  range: TextRange,
): Place {
  if (whole.textStart === undefined) return whole.place;
  const { source } = whole.place.span;
  const start = whole.textStart + range.start;
  const end = Math.max(whole.textStart + range.end, start + 1);
  return { span: { source, start, end }, path: whole.place.path };
}

/** For passes that look for something in an expression: visits every node. */
export function visitAst(ast: ExprAst, visit: (node: ExprAst) => void): void {
  visit(ast);
  for (const child of childrenOf(ast)) visitAst(child, visit);
}

type ChildrenOf = {
  readonly [K in ExprAst['kind']]: (ast: Extract<ExprAst, { kind: K }>) => readonly ExprAst[];
};

const none = (): readonly ExprAst[] => [];
const CHILDREN: ChildrenOf = {
  int: none,
  float: none,
  bool: none,
  string: none,
  name: none,
  enum: none,
  sizeof: none,
  format: (ast) => ast.parts,
  list: (ast) => ast.elements,
  unary: (ast) => [ast.operand],
  cast: (ast) => [ast.operand],
  logic: (ast) => [ast.left, ast.right],
  arithmetic: (ast) => [ast.left, ast.right],
  compare: (ast) => [ast.left, ast.right],
  choose: (ast) => [ast.condition, ast.yes, ast.no],
  subscript: (ast) => [ast.object, ast.index],
  member: (ast) => [ast.object],
  call: (ast) => [ast.callee, ...ast.args],
};

function childrenOf(ast: ExprAst): readonly ExprAst[] {
  const children = CHILDREN[ast.kind] as (ast: ExprAst) => readonly ExprAst[];
  return children(ast);
}
