import type { DiagnosticSink } from '../diagnostics/diagnostic.ts';
import { visitAst } from '../expression/parse-expression.ts';
import type { ExprText, SpecFile } from '../syntax/spec-ast.ts';
import { memberExpressions, typeExpressions } from './declared-expressions.ts';
import type { SpecModel, TypeSymbol } from './symbols.ts';

/**
 * The Kaitai style guide on names: what is only the size of `x` is called `len_x`, what only counts `xs`, `num_xs`.
 * https://doc.kaitai.io/ksy_style_guide.html#attr-id
 */
export function checkStyle(model: SpecModel, sink: DiagnosticSink): void {
  const mentions = countMentions(model);
  for (const symbol of model.types) {
    for (const member of [...symbol.fields, ...symbol.instances]) {
      if (member.kind === 'field' && !member.named) continue;
      const { size, repeat } = member.decl;
      const uses: Use[] = [];
      if (size !== undefined) {
        uses.push({ text: size, better: `len_${member.id}`, as: `the size of "${member.id}"` });
      }
      if (repeat.kind === 'count') {
        const as = `the number of elements of "${member.id}"`;
        uses.push({ text: repeat.count, better: `num_${member.id}`, as });
      }
      for (const use of uses) checkUse(use, symbol, mentions, sink);
    }
  }
}

interface Use {
  readonly text: ExprText;
  readonly better: string;
  readonly as: string;
}
type Mentions = ReadonlyMap<SpecFile, ReadonlyMap<string, number>>;

function checkUse(use: Use, symbol: TypeSymbol, mentions: Mentions, sink: DiagnosticSink): void {
  const { text, better, as } = use;
  if (text.ast?.kind !== 'name') return;
  const used = symbol.members.get(text.ast.id);
  if (used === undefined || used.kind === 'param' || used.id === better) return;
  if (mentions.get(symbol.file)?.get(used.id) !== 1) return;
  sink.report('spec/style', used.place, { better, found: used.id, use: as });
}

/** How often each name stands in the expressions of each file, whatever it means there. */
function countMentions(model: SpecModel): Mentions {
  const mentions = new Map<SpecFile, Map<string, number>>();
  for (const symbol of model.types) {
    const inFile = mentions.get(symbol.file) ?? new Map<string, number>();
    mentions.set(symbol.file, inFile);
    const members = [...symbol.fields, ...symbol.instances].flatMap(memberExpressions);
    for (const { ast } of [...typeExpressions(symbol), ...members]) {
      if (ast === undefined) continue;
      visitAst(ast, (node) => {
        if (node.kind !== 'name' && node.kind !== 'member') return;
        inFile.set(node.id, (inFile.get(node.id) ?? 0) + 1);
      });
    }
  }
  return mentions;
}
