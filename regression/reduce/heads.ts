import type { Connection } from '../../analyzer/index.ts';
import { upgradeHandshake } from '../capture/handshake.ts';
import type { HandshakeChange, HeadChange } from '../suite/suite.ts';

type Refusal = NonNullable<Connection['refusal']>;
type RequestHead = NonNullable<Refusal['request']>;
type ResponseHead = NonNullable<Refusal['response']>;

/** A head, line by line. */
interface PlainHead {
  readonly line: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** One thing in which the heads differ from the usual ones. */
export type HeadItem =
  | { readonly head: 'request' | 'response'; readonly kind: 'line'; readonly line: string }
  | {
      readonly head: 'request' | 'response';
      readonly kind: 'field';
      readonly name: string;
      readonly values: readonly string[];
    };

/** In what the heads that were seen differ from the usual ones; of a head that was not seen, in nothing. */
export function headItems(token: string, seen: Pick<Refusal, 'request' | 'response'>): readonly HeadItem[] {
  const [usualRequest, usualResponse] = usualHeads(token);
  const request = seen.request === null ? [] : itemsOf('request', usualRequest, requestHead(seen.request));
  const response =
    seen.response === null ? [] : itemsOf('response', usualResponse, responseHead(seen.response));
  return [...request, ...response];
}

export function changeOf(items: readonly HeadItem[]): HandshakeChange {
  const of = (head: HeadItem['head']): HeadChange => {
    const own = items.filter((item) => item.head === head);
    const line = own.flatMap((item) => (item.kind === 'line' ? [item.line] : []))[0] ?? null;
    const fields = own.flatMap((item) => (item.kind === 'field' ? [[item.name, item.values] as const] : []));
    return { line, fields: new Map(fields) };
  };
  return { request: of('request'), response: of('response') };
}

function requestHead({ method, target, version, fields }: RequestHead): PlainHead {
  return { line: `${method} ${target} HTTP/${version}`, fields: pairs(fields) };
}

/** Without its body, of which it must not claim any then. */
function responseHead({ version, status, reason, fields }: ResponseHead): PlainHead {
  const bodiless = fields.filter(({ name }) => !/^(content-length|transfer-encoding)$/i.test(name));
  const hasBody = status !== 101 && bodiless.length < fields.length;
  const line = `HTTP/${version} ${status} ${reason}`.trimEnd();
  return { line, fields: [...pairs(bodiless), ...(hasBody ? [['Content-Length', '0'] as const] : [])] };
}

function pairs(fields: RequestHead['fields']): (readonly [string, string])[] {
  return fields.map(({ name, value }) => [name, value]);
}

function itemsOf(head: HeadItem['head'], usual: PlainHead, seen: PlainHead): HeadItem[] {
  const items: HeadItem[] = [];
  if (seen.line !== usual.line) items.push({ head, kind: 'line', line: seen.line });
  const names = new Map([...usual.fields, ...seen.fields].map(([name]) => [name.toLowerCase(), name]));
  for (const [key, name] of names) {
    const values = valuesOf(seen, key);
    if (values.join('\n') !== valuesOf(usual, key).join('\n'))
      items.push({ head, kind: 'field', name, values });
  }
  return items;
}

function valuesOf({ fields }: PlainHead, key: string): readonly string[] {
  return fields.filter(([name]) => name.toLowerCase() === key).map(([, value]) => value);
}

function usualHeads(token: string): readonly [PlainHead, PlainHead] {
  const [request, response] = upgradeHandshake(token).map(({ octets }) => plain(octets));
  if (request === undefined || response === undefined) throw new RangeError('An upgrade has two heads.');
  return [request, response];
}

function plain(octets: Uint8Array): PlainHead {
  const [line = '', ...rest] = Buffer.from(octets).toString('latin1').trimEnd().split('\r\n');
  const fields = rest.map((text) => {
    const colon = text.indexOf(':');
    return [text.slice(0, colon), text.slice(colon + 1).trim()] as const;
  });
  return { line, fields };
}
