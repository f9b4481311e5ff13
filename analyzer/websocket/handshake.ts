import { createHash } from 'node:crypto';
import { fieldValues, type HttpHead, type RequestHead, type ResponseHead } from '../http/head.ts';
import type { RuleBreach } from '../judge/finding.ts';
import { checkHandshakeRules } from './handshake-rules.ts';

/** RFC 6455 1.3. */
const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** What the heads of an opening handshake say; null where the head that would say it was not captured. */
export interface Handshake {
  readonly seen: 'both' | 'request' | 'response' | 'none';
  readonly key: string | null;
  readonly accept: string | null;
  /** What Sec-WebSocket-Accept must be for this key. */
  readonly expectedAccept: string | null;
  /** null: one of the two is not known. */
  readonly acceptOk: boolean | null;
  readonly version: string | null;
  /** Extensions the server chose, as sent; empty: none. */
  readonly extensions: string | null;
  /** Extensions the client offered, as sent; empty: none. */
  readonly offered: string | null;
  /** The subprotocol the server chose. */
  readonly subprotocol: string | null;
  /** Subprotocols the client offered, as sent; empty: none. */
  readonly offeredSubprotocols: string | null;
  readonly status: number | null;
  readonly breaches: readonly RuleBreach[];
}

/** RFC 6455 4.2.2 item 5.4: base64 of the SHA-1 of key and GUID. */
export function acceptFor(key: string): string {
  return createHash('sha1')
    .update(key + ACCEPT_GUID, 'latin1')
    .digest('base64');
}

export function readHandshake(request: RequestHead | null, response: ResponseHead | null): Handshake {
  const key = request === null ? null : first(request, 'Sec-WebSocket-Key');
  const accept = response === null ? null : first(response, 'Sec-WebSocket-Accept');
  const expectedAccept = key === null ? null : acceptFor(key);
  const switched = response?.status === 101;
  return {
    seen: seen(request, response),
    key,
    accept,
    expectedAccept,
    acceptOk: expectedAccept === null || !switched ? null : accept === expectedAccept,
    version: request === null ? null : first(request, 'Sec-WebSocket-Version'),
    extensions: response === null ? null : fieldValues(response, 'Sec-WebSocket-Extensions').join(', '),
    offered: request === null ? null : fieldValues(request, 'Sec-WebSocket-Extensions').join(', '),
    subprotocol: response === null ? null : first(response, 'Sec-WebSocket-Protocol'),
    offeredSubprotocols: request === null ? null : fieldValues(request, 'Sec-WebSocket-Protocol').join(', '),
    status: response?.status ?? null,
    breaches: checkHandshakeRules(request, response, expectedAccept),
  };
}

function seen(request: RequestHead | null, response: ResponseHead | null): Handshake['seen'] {
  if (request === null) return response === null ? 'none' : 'response';
  return response === null ? 'request' : 'both';
}

function first(head: HttpHead, name: string): string | null {
  return fieldValues(head, name)[0] ?? null;
}
