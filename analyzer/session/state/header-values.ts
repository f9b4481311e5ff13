import type { Expr, HeaderPart, SessionVariable } from '../../../spec/index.ts';
import type { Value } from '../../decode/index.ts';
import { fieldValues, type HttpHead, listElements, splitOutsideQuotes } from '../../http/head.ts';

export interface UpgradeHeads {
  readonly request: HttpHead | null;
  readonly response: HttpHead | null;
}

/** A constant of the spec as the decoder takes it. */
export function constantValue(expr: Expr): Value {
  if (expr.kind === 'bool' || expr.kind === 'string' || expr.kind === 'bytes') return expr.value;
  if (expr.kind !== 'int')
    throw new Error(`a session variable begins with ${expr.kind}, which is no constant`);
  const { value } = expr;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** What the heads of the upgrade say; undefined: the head was not captured. */
export function valueFromHeads(variable: SessionVariable, heads: UpgradeHeads): Value {
  const { from, init } = variable;
  if (from === null) return undefined;
  const head = from.in === 'request' ? heads.request : heads.response;
  if (head === null) return undefined;
  return partOf(head, from.header, from.take) ?? constantValue(init);
}

/** undefined: the header is not there, or has no such part. */
function partOf(head: HttpHead, header: string, take: HeaderPart): Value {
  switch (take.kind) {
    case 'value': {
      const values = fieldValues(head, header);
      return values.length === 0 ? undefined : values.join(', ');
    }
    case 'has':
      return elementsOf(head, header).some(({ name }) => name === take.element);
    case 'besides':
      return elementsOf(head, header).some(({ name }) => !take.elements.includes(name));
    case 'parameter': {
      const element = elementsOf(head, header).find(({ name }) => name === take.element);
      return element?.parameters.get(take.parameter);
    }
  }
}

interface Element {
  readonly name: string;
  /** true: the parameter has no number. */
  readonly parameters: ReadonlyMap<string, number | true>;
}

/** RFC 6455 section 9.1: `element *( ";" parameter [ "=" value ] )`; case is ignored, quoted values are values. */
function elementsOf(head: HttpHead, header: string): readonly Element[] {
  return listElements(head, header).map((element) => {
    const [name = '', ...parameters] = splitOutsideQuotes(element.toLowerCase(), ';');
    return { name, parameters: new Map(parameters.map(readParameter)) };
  });
}

function readParameter(text: string): readonly [string, number | true] {
  const equals = text.indexOf('=');
  if (equals < 0) return [text, true];
  const value = text
    .slice(equals + 1)
    .trim()
    .replaceAll('"', '');
  return [text.slice(0, equals).trim(), /^[0-9]{1,9}$/.test(value) ? Number(value) : true];
}
