import type { DiagnosticSink } from '../diagnostics/diagnostic.ts';
import { visitAst } from '../expression/parse-expression.ts';
import type { ExprText } from '../syntax/spec-ast.ts';
import { memberExpressions, typeExpressions } from './declared-expressions.ts';
import type { FieldSymbol, InstanceSymbol, SpecModel, TypeSymbol } from './symbols.ts';

/**
 * The Kaitai style guide on names: what is only the size of `x` is called `len_x`, what only counts `xs`, `num_xs`.
 * https://doc.kaitai.io/ksy_style_guide.html#attr-id
 */
export function checkStyle(model: SpecModel, sink: DiagnosticSink): void {
  for (const symbol of model.types) {
    for (const member of [...symbol.fields, ...symbol.instances]) {
      if (member.kind === 'field' && !member.named) continue;
      const { size, repeat } = member.decl;
      if (size !== undefined) checkUse(size, `len_${member.id}`, `the size of "${member.id}"`);
      if (repeat.kind === 'count') {
        checkUse(repeat.count, `num_${member.id}`, `the number of elements of "${member.id}"`);
      }
    }

    function checkUse(text: ExprText, better: string, use: string): void {
      if (text.ast?.kind !== 'name') return;
      const used = symbol.members.get(text.ast.id);
      if (used === undefined || used.kind === 'param' || used.id === better) return;
      if (countMentions(model, symbol, used) !== 1) return;
      sink.report('spec/style', used.place, { better, found: used.id, use });
    }
  }
}

/** How often the name of a member stands in the expressions of its file, whatever it means there. */
function countMentions(model: SpecModel, owner: TypeSymbol, used: FieldSymbol | InstanceSymbol): number {
  let mentions = 0;
  for (const symbol of model.types) {
    if (symbol.file !== owner.file) continue;
    for (const text of [
      ...typeExpressions(symbol),
      ...[...symbol.fields, ...symbol.instances].flatMap(memberExpressions),
    ]) {
      if (text.ast === undefined) continue;
      visitAst(text.ast, (node) => {
        if ((node.kind === 'name' || node.kind === 'member') && node.id === used.id) mentions += 1;
      });
    }
  }
  return mentions;
}
