import { createHash } from 'node:crypto';
import type { Side } from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import type { HandshakeChange, HeadChange, Vector } from '../suite/suite.ts';
import { type Negotiated, negotiated } from './negotiated.ts';

/** One message of an HTTP handshake. */
export interface Head {
  readonly side: Side;
  readonly octets: Uint8Array;
}

/** RFC 6455 section 1.3. */
const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** A fixed key: the same capture every time. */
const KEY = Buffer.from('the sample nonce').toString('base64');
const KEY_FIELD = 'Sec-WebSocket-Key';

type Line = readonly [name: string, value: string];
const UNCHANGED: HandshakeChange = {
  request: { line: null, fields: new Map() },
  response: { line: null, fields: new Map() },
};

/**
 * An HTTP/1.1 upgrade as RFC 9110 section 7.8 has it; for WebSocket with the key and its answer (RFC 6455 section 4).
 * In it stands what gives the vector's params their values, and what the vector changes.
 */
export function upgradeHeads(
  vector: Pick<Vector, 'handshake' | 'params'>,
  protocol: Protocol,
  token: string,
): readonly Head[] {
  return headsOf(token, vector.handshake ?? UNCHANGED, negotiated(protocol, vector.params));
}

/** The heads that nothing changes. */
export function upgradeHandshake(token: string): readonly Head[] {
  return headsOf(token, UNCHANGED, { request: [], response: [] });
}

function headsOf(
  token: string,
  { request: asked, response: answered }: HandshakeChange,
  agreed: Negotiated,
): readonly Head[] {
  const isWebsocket = token.toLowerCase() === 'websocket';
  const request = changed(
    [
      ['Host', 'test.example'],
      ['Upgrade', token],
      ['Connection', 'Upgrade'],
      ...(isWebsocket ? [[KEY_FIELD, KEY] as const, ['Sec-WebSocket-Version', '13'] as const] : []),
      ...agreed.request,
    ],
    asked,
  );
  const response = changed(
    [
      ['Upgrade', token],
      ['Connection', 'Upgrade'],
      ...(isWebsocket ? [['Sec-WebSocket-Accept', acceptOf(request)] as const] : []),
      ...agreed.response,
    ],
    answered,
  );
  return [
    { side: 'c2s', octets: head(asked.line ?? 'GET /test HTTP/1.1', request) },
    { side: 's2c', octets: head(answered.line ?? 'HTTP/1.1 101 Switching Protocols', response) },
  ];
}

/** The server answers the key that was sent; without one, as if the usual one had been. */
function acceptOf(request: readonly Line[]): string {
  const key = request.find(([name]) => isSame(name, KEY_FIELD))?.[1] ?? KEY;
  return createHash('sha1')
    .update(key + WEBSOCKET_GUID)
    .digest('base64');
}

/** A field that is changed stays where it stood; a new one comes last. */
function changed(lines: readonly Line[], { fields }: HeadChange): readonly Line[] {
  const left = [...fields].filter(([name]) => !lines.some(([known]) => isSame(known, name)));
  const kept = lines.flatMap(([name, value]): readonly Line[] => {
    const change = [...fields].find(([other]) => isSame(other, name));
    return change === undefined ? [[name, value]] : change[1].map((other) => [change[0], other]);
  });
  return [...kept, ...left.flatMap(([name, values]) => values.map((value): Line => [name, value]))];
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function head(line: string, fields: readonly Line[]): Uint8Array {
  const lines = [line, ...fields.map(([name, value]) => `${name}: ${value}`)];
  return new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`);
}
