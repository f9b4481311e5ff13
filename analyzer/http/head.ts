/** A header field as sent; a folded value is joined with one space. */
export interface HttpField {
  readonly name: string;
  readonly value: string;
}

/** Where something stands in its direction of the stream, and in the capture. */
export interface StreamPlace {
  /** Position of the first octet. */
  readonly position: number;
  /** Octets, of a head with its blank line. */
  readonly length: number;
  /** Packet in which the last octet arrived, and its time. */
  readonly frame: number;
  readonly time: bigint;
}

/** What a head has that RFC 9112 does not allow, though recipients may put up with it. */
export type HeadOddity = 'bare-lf' | 'obs-fold' | 'space-before-colon' | 'line-without-colon';

interface HeadBase {
  readonly place: StreamPlace;
  /** `1.1` */
  readonly version: string;
  readonly fields: readonly HttpField[];
  readonly oddities: readonly HeadOddity[];
}

export interface RequestHead extends HeadBase {
  readonly kind: 'request';
  readonly method: string;
  /** In any form: `/path`, `http://host/path`, `host:port`, `*`. */
  readonly target: string;
}

export interface ResponseHead extends HeadBase {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
}

export type HttpHead = RequestHead | ResponseHead;

/** Values of all fields of that name, in order; names do not distinguish case (RFC 9110 5.1). */
export function fieldValues(head: HttpHead, name: string): string[] {
  const wanted = name.toLowerCase();
  return head.fields.filter((field) => field.name.toLowerCase() === wanted).map(({ value }) => value);
}

/** The elements of a list-based field, over all its lines (RFC 9110 5.6.1); commas in quoted strings separate nothing. */
export function listElements(head: HttpHead, name: string): string[] {
  return fieldValues(head, name).flatMap((value) => splitOutsideQuotes(value, ','));
}

export function hasToken(head: HttpHead, name: string, token: string): boolean {
  const wanted = token.toLowerCase();
  return listElements(head, name).some((element) => element.toLowerCase() === wanted);
}

/** The parts between separators, trimmed, empty ones left out. */
export function splitOutsideQuotes(text: string, separator: ',' | ';'): string[] {
  const parts: string[] = [];
  let part = '';
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quoted && character === '\\') {
      part += character + text.charAt(index + 1);
      index += 1;
      continue;
    }
    if (character === '"') quoted = !quoted;
    if (character === separator && !quoted) {
      parts.push(part.trim());
      part = '';
    } else {
      part += character;
    }
  }
  parts.push(part.trim());
  return parts.filter((element) => element !== '');
}
