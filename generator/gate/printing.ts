import type { Chunk, Node } from 'luaparse';
import { partsOf } from './scopes.ts';

/** The one function that may print: it runs when a tap's tables were asked for, and writes nothing but those. */
const PRINTER = { table: 'tap', name: 'say' } as const;

/** Whether a plugin prints anywhere else: tshark's own output goes the same way. */
export function printsElsewhere(chunk: Chunk): boolean {
  return chunk.body.some((statement) => hasPrint(statement));
}

/** Ends: a syntax tree is finite. */
function hasPrint(node: Node): boolean {
  if (node.type === 'FunctionDeclaration' && isPrinter(node.identifier)) return false;
  return (
    (node.type === 'Identifier' && node.name === 'print') || partsOf(node).some((part) => hasPrint(part))
  );
}

function isPrinter(name: Node | null): boolean {
  return (
    name?.type === 'MemberExpression' &&
    name.base.type === 'Identifier' &&
    name.base.name === PRINTER.table &&
    name.identifier.name === PRINTER.name
  );
}
