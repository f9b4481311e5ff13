import type { EnumType, Expr, Protocol, StructType } from '../../spec/index.ts';
import { mapExprs, withPart } from './ir-path.ts';
import type { SpecMutant } from './mutant.ts';

/** Each value of each enum, one too high: in the table, and wherever the spec names it. */
export function enumMutants(protocol: Protocol): readonly SpecMutant[] {
  return protocol.enums.flatMap((type) =>
    type.values.map((entry, index): SpecMutant => {
      const [before, after] = [`${entry.value}`, `${entry.value + 1n}`];
      const subject = `enum ${type.path.at(-1) ?? ''}::${entry.name}`;
      return {
        name: `${subject}: enum value, ${before} -> ${after}`,
        operator: 'enum value',
        subject,
        before,
        after,
        span: null,
        protocol: () => withValue(protocol, type, index),
      };
    }),
  );
}

function withValue(protocol: Protocol, { id, values }: EnumType, index: number): Protocol {
  const entry = values[index];
  if (entry === undefined) return protocol;
  const value = entry.value + 1n;
  const table = withPart(protocol, ['enums', id, 'values', index, 'value'], value);
  const change = (expr: Expr): Expr =>
    expr.kind === 'enum' && expr.enum === id && expr.name === entry.name ? { ...expr, value } : expr;
  return mapProtocol(table, change);
}

/** Two fields that follow each other have changed places; whoever names them means the same ones as before. */
export function exchangedFields(protocol: Protocol, type: StructType, index: number): Protocol {
  const fields = [...type.fields];
  const [own, next] = [fields[index], fields[index + 1]];
  if (own === undefined || next === undefined) return protocol;
  fields[index] = next;
  fields[index + 1] = own;
  const change = (expr: Expr): Expr => {
    if (expr.kind !== 'member' || expr.owner !== type.id || expr.member.kind !== 'field') return expr;
    const at = expr.member.index;
    const other = at === index ? index + 1 : at === index + 1 ? index : at;
    return other === at ? expr : { ...expr, member: { ...expr.member, index: other } };
  };
  return mapProtocol(withPart(protocol, ['types', type.id, 'fields'], fields), change);
}

/** Everything that has expressions. */
function mapProtocol(protocol: Protocol, change: (expr: Expr) => Expr): Protocol {
  const { types, info, session, processes, reassembly, recovery, pairing } = protocol;
  const parts = { types, info, session, processes, reassembly, recovery, pairing };
  return { ...protocol, ...(mapExprs(parts, change) as typeof parts) };
}
