import { createHash } from 'node:crypto';
import type { Side } from '../../analyzer/index.ts';

/** One message of an HTTP handshake. */
export interface Head {
  readonly side: Side;
  readonly octets: Uint8Array;
}

/** RFC 6455 section 1.3. */
const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** An HTTP/1.1 upgrade as RFC 9110 section 7.8 has it; for WebSocket with the key and its answer (RFC 6455 section 4). */
export function upgradeHandshake(token: string): readonly Head[] {
  const isWebsocket = token.toLowerCase() === 'websocket';
  // A fixed key: the same capture every time.
  const key = Buffer.from('the sample nonce').toString('base64');
  const accept = createHash('sha1')
    .update(key + WEBSOCKET_GUID)
    .digest('base64');
  const request = [
    'GET /test HTTP/1.1',
    'Host: test.example',
    `Upgrade: ${token}`,
    'Connection: Upgrade',
    ...(isWebsocket ? [`Sec-WebSocket-Key: ${key}`, 'Sec-WebSocket-Version: 13'] : []),
  ];
  const response = [
    'HTTP/1.1 101 Switching Protocols',
    `Upgrade: ${token}`,
    'Connection: Upgrade',
    ...(isWebsocket ? [`Sec-WebSocket-Accept: ${accept}`] : []),
  ];
  return [
    { side: 'c2s', octets: head(request) },
    { side: 's2c', octets: head(response) },
  ];
}

function head(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`);
}
