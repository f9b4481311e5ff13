import type { HeaderSource, Protocol } from '../../spec/index.ts';
import type { GivenParam, Vector } from '../suite/suite.ts';

type Fields = readonly (readonly [name: string, value: string])[];

/** Fields of the heads that give params their values. */
export interface Negotiated {
  readonly request: Fields;
  readonly response: Fields;
}

/** What stands for an extension that the spec does not name. */
const ANY_ELEMENT = 'x-any';

/** One header field while it is put together. */
interface Draft {
  readonly in: HeaderSource['in'];
  /** The whole value, where the spec takes that. */
  value: string | null;
  /** Elements of the list, with their parameters. */
  readonly elements: Map<string, Set<string>>;
}

/**
 * The header fields that make session variables what the params given by hand say. What the response accepts, the
 * request offers.
 */
export function negotiated(protocol: Protocol, params: Vector['params']): Negotiated {
  const drafts = new Map<string, Draft>();
  for (const [id, given] of params) {
    const from = given.reaches === 'upgrade' ? sourceOf(protocol, id) : null;
    if (from !== null) enter(drafts, from, given.value);
  }
  const fields = [...drafts].flatMap(([name, draft]) => {
    const value = textOf(draft);
    return value === null ? [] : [{ where: draft.in, field: [headerName(name), value] as const }];
  });
  return {
    request: fields.map(({ field }) => field),
    response: fields.filter(({ where }) => where === 'response').map(({ field }) => field),
  };
}

/** The header that a param's variable is taken from; null: none. */
function sourceOf({ types, root, session }: Protocol, id: string): HeaderSource | null {
  const param = types[root]?.params.find((one) => one.id === id);
  if (param?.source.kind !== 'session') return null;
  const { variable } = param.source;
  return session.find((one) => one.id === variable)?.from ?? null;
}

function enter(drafts: Map<string, Draft>, from: HeaderSource, value: GivenParam['value']): void {
  let draft = drafts.get(from.header);
  if (draft === undefined)
    drafts.set(from.header, (draft = { in: from.in, value: null, elements: new Map() }));
  const { take } = from;
  switch (take.kind) {
    case 'value':
      // An absent field is what gives the empty text.
      if (value !== '') draft.value = valueText(value);
      break;
    case 'has':
      if (value === true) parametersOf(draft, take.element);
      break;
    case 'besides':
      if (value === true) parametersOf(draft, otherThan(take.elements));
      break;
    case 'parameter':
      if (value === true) parametersOf(draft, take.element).add(take.parameter);
      else if (value !== false)
        parametersOf(draft, take.element).add(`${take.parameter}=${valueText(value)}`);
      break;
  }
}

function parametersOf({ elements }: Draft, element: string): Set<string> {
  let parameters = elements.get(element);
  if (parameters === undefined) elements.set(element, (parameters = new Set()));
  return parameters;
}

function otherThan(elements: readonly string[]): string {
  let name = ANY_ELEMENT;
  // Ends: the list is finite, and the name grows.
  while (elements.includes(name)) name += 'x';
  return name;
}

function textOf({ value, elements }: Draft): string | null {
  const list = [...elements].map(([element, parameters]) => [element, ...parameters].join('; '));
  const texts = value === null ? list : [value, ...list];
  return texts.length === 0 ? null : texts.join(', ');
}

function valueText(value: GivenParam['value']): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value);
}

/** As people write it: the spec keeps names of fields in lower case. */
function headerName(lower: string): string {
  const words = lower.split('-').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return words.join('-').replace('Websocket', 'WebSocket');
}
