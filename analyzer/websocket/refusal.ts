import { fieldValues, hasToken, type RequestHead, type ResponseHead } from '../http/head.ts';
import { HINTS } from './hints.ts';

/** Why an upgrade that was asked for was not granted. */
export interface RefusalText {
  readonly text: string;
  readonly hint: string | null;
}

/** RFC 6455 section 4.1: any status but 101 leaves the connection in HTTP. */
export function explainRefusal(request: RequestHead | null, response: ResponseHead): RefusalText {
  const status = `${response.status}${response.reason === '' ? '' : ` ${response.reason}`}`;
  const said = `the server answered the upgrade with HTTP ${status}`;
  if (response.status === 101) {
    return { text: `${said}, but without "Upgrade: websocket"`, hint: HINTS.switchedWithoutUpgrade };
  }
  const stripped = request === null ? [] : strippedHeaders(request);
  if (stripped.length > 0) {
    return { text: `${said}: the request came without ${stripped.join(' and ')}`, hint: HINTS.proxyHeaders };
  }
  return { text: `${said}, not 101${detailOf(request, response)}`, hint: hintFor(response.status) };
}

function strippedHeaders(request: RequestHead): string[] {
  return [
    ...(hasToken(request, 'Upgrade', 'websocket') ? [] : ['Upgrade: websocket']),
    ...(hasToken(request, 'Connection', 'upgrade') ? [] : ['Connection: Upgrade']),
  ];
}

function detailOf(request: RequestHead | null, response: ResponseHead): string {
  const parts: string[] = [];
  const field = (head: RequestHead | ResponseHead | null, name: string): string | undefined =>
    head === null ? undefined : fieldValues(head, name)[0];
  const origin = field(request, 'Origin');
  if (response.status === 403) {
    parts.push(`Origin ${origin ?? 'missing'}, Host ${field(request, 'Host') ?? 'missing'}`);
  }
  const location = field(response, 'Location');
  if (location !== undefined) parts.push(`Location ${location}`);
  const version = field(response, 'Sec-WebSocket-Version');
  if (version !== undefined) {
    parts.push(`it wants version ${version}, asked for ${field(request, 'Sec-WebSocket-Version') ?? 'none'}`);
  }
  const server = field(response, 'Server');
  if (server !== undefined) parts.push(`answered by ${server}`);
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

const HINT_OF: Readonly<Record<number, string>> = {
  400: HINTS.badRequest,
  401: HINTS.unauthorized,
  403: HINTS.checkOrigin,
  404: HINTS.notFound,
  407: HINTS.unauthorized,
  426: HINTS.versionRequired,
  502: HINTS.badGateway,
  503: HINTS.badGateway,
  504: HINTS.badGateway,
};

function hintFor(status: number): string | null {
  const known = HINT_OF[status];
  if (known !== undefined) return known;
  if (status >= 300 && status < 400) return HINTS.redirect;
  if (status >= 500) return HINTS.serverError;
  return status >= 200 && status < 300 ? HINTS.notSwitched : null;
}
