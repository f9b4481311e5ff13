import type { Expr, Protocol, SessionVariable } from '../../../spec/index.ts';
import { luaBytes, luaKey, luaString } from '../../lua/lua-text.ts';
import { Unsupported } from '../../unsupported.ts';

/** What session variables begin with, and what the heads of an HTTP upgrade say of them. */
export interface SessionView {
  readonly headers: boolean;
  /** Members of a table: variables of one direction. */
  readonly initial: string;
  /** Variables of the whole conversation. */
  readonly negotiated: readonly { readonly key: string; readonly value: string }[];
  /** Some variable has a value that stands in while it is not known. */
  readonly assumes: boolean;
}

export function sessionView(protocol: Protocol): SessionView {
  const own = protocol.session.filter(({ per }) => per === 'direction');
  const shared = protocol.session.filter(({ per }) => per === 'conversation');
  return {
    headers: protocol.session.some(({ from }) => from !== null),
    initial: own.map((variable) => `${luaKey(variable.id)} = ${constantText(variable.init)}`).join(', '),
    negotiated: shared.map((variable) => ({ key: luaKey(variable.id), value: negotiatedText(variable) })),
    assumes: protocol.session.some(({ unseen }) => unseen !== null),
  };
}

/** @throws Unsupported */
export function constantText(expr: Expr): string {
  if (expr.kind === 'bool') return String(expr.value);
  if (expr.kind === 'string') return luaString(expr.value);
  if (expr.kind === 'bytes') return luaBytes(expr.value);
  if (expr.kind === 'int' && Number.isSafeInteger(Number(expr.value))) return String(expr.value);
  throw new Unsupported('a session variable that does not begin with a constant of up to 53 bits');
}

function negotiatedText({ from, init }: SessionVariable): string {
  const initial = constantText(init);
  if (from === null) return initial;
  const place = `heads.${from.in}, ${luaString(from.header.toLowerCase())}`;
  const { take } = from;
  switch (take.kind) {
    case 'value':
      return `state.joined(${place}, ${initial})`;
    case 'has':
      return `state.has(${place}, ${luaString(take.element)})`;
    case 'besides': {
      const usual = take.elements.map((element) => `[${luaString(element)}] = true`);
      return `state.besides(${place}, { ${usual.join(', ')} })`;
    }
    case 'parameter':
      return `state.parameter(${place}, ${luaString(take.element)}, ${luaString(take.parameter)}, ${initial})`;
  }
}
