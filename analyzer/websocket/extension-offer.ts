import { type HttpHead, listElements, splitOutsideQuotes } from '../http/head.ts';

/** RFC 6455 9.1: `extension = token *( ";" param )`. */
export interface Extension {
  readonly name: string;
  readonly parameters: readonly ExtensionParameter[];
}

export interface ExtensionParameter {
  readonly name: string;
  /** null: the parameter has no value. */
  readonly value: string | null;
}

export function readExtensions(head: HttpHead): Extension[] {
  return listElements(head, 'Sec-WebSocket-Extensions').map((element) => {
    const [name = '', ...parameters] = splitOutsideQuotes(element, ';');
    return { name, parameters: parameters.map(readParameter) };
  });
}

function readParameter(text: string): ExtensionParameter {
  const equals = text.indexOf('=');
  if (equals < 0) return { name: text, value: null };
  const value = text.slice(equals + 1).trim();
  return { name: text.slice(0, equals).trim(), value: unquote(value) };
}

/** A quoted value means the same as the token in it (RFC 6455 9.1). */
function unquote(value: string): string {
  const quoted = /^"(.*)"$/u.exec(value)?.[1];
  return quoted === undefined ? value : quoted.replaceAll(/\\(.)/gu, '$1');
}

const SERVER_NO_CONTEXT_TAKEOVER = 'server_no_context_takeover';
const CLIENT_NO_CONTEXT_TAKEOVER = 'client_no_context_takeover';
const SERVER_MAX_WINDOW_BITS = 'server_max_window_bits';
const CLIENT_MAX_WINDOW_BITS = 'client_max_window_bits';

/** RFC 7692 7.1.2: 8 to 15, decimal, without a leading zero. */
const WINDOW_BITS = /^(?:[89]|1[0-5])$/u;

/** Why a response of permessage-deflate accepts none of the offers (RFC 7692 7.1), or undefined when it does one. */
export function deflateMismatch(response: Extension, offers: readonly Extension[]): string | undefined {
  const malformed = malformedParameter(response);
  if (malformed !== undefined) return malformed;
  const mismatches = offers.map((offer) => mismatch(response, offer));
  return mismatches.includes(undefined) ? undefined : mismatches[0];
}

function malformedParameter({ parameters }: Extension): string | undefined {
  const names = parameters.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `has ${twice} twice`;
  for (const { name, value } of parameters) {
    if (!isValidParameter(name, value)) return `has ${name}${value === null ? '' : `=${value}`}`;
  }
  return undefined;
}

function isValidParameter(name: string, value: string | null): boolean {
  switch (name) {
    case SERVER_NO_CONTEXT_TAKEOVER:
    case CLIENT_NO_CONTEXT_TAKEOVER:
      return value === null;
    case SERVER_MAX_WINDOW_BITS:
    case CLIENT_MAX_WINDOW_BITS:
      return value !== null && WINDOW_BITS.test(value);
    default:
      return false;
  }
}

function mismatch(response: Extension, offer: Extension): string | undefined {
  if (has(offer, SERVER_NO_CONTEXT_TAKEOVER) && !has(response, SERVER_NO_CONTEXT_TAKEOVER)) {
    return `lacks ${SERVER_NO_CONTEXT_TAKEOVER}, which was asked for`;
  }
  if (has(response, CLIENT_MAX_WINDOW_BITS) && !has(offer, CLIENT_MAX_WINDOW_BITS)) {
    return `has ${CLIENT_MAX_WINDOW_BITS}, which was not offered`;
  }
  const asked = Number(valueOf(offer, SERVER_MAX_WINDOW_BITS) ?? NaN);
  const given = Number(valueOf(response, SERVER_MAX_WINDOW_BITS) ?? NaN);
  if (!Number.isNaN(asked) && !(given <= asked)) {
    return `does not keep ${SERVER_MAX_WINDOW_BITS}=${asked}, which was asked for`;
  }
  return undefined;
}

function has({ parameters }: Extension, name: string): boolean {
  return parameters.some((parameter) => parameter.name === name);
}

function valueOf({ parameters }: Extension, name: string): string | null {
  return parameters.find((parameter) => parameter.name === name)?.value ?? null;
}
