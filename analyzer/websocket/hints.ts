/**
 * What to do, in the words of people who run a WebSocket server (mostly Go with gorilla/websocket behind nginx) or a
 * browser client. The rules themselves are the spec's; only the advice is here.
 */
export const HINTS = {
  checkOrigin:
    'gorilla/websocket answers 403 when Upgrader.CheckOrigin says no; without one it wants Origin to equal Host. ' +
    'Set CheckOrigin to allow the page that asks, or let the proxy pass Host on (proxy_set_header Host $host).',
  proxyHeaders:
    'The Upgrade and Connection headers did not arrive, as behind a proxy that drops them. nginx: proxy_http_version 1.1; ' +
    'proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade".',
  badRequest:
    'The server did not take the request for a WebSocket upgrade: gorilla/websocket says which header is wrong in the body. ' +
    'Behind nginx the Upgrade and Connection headers must be set again (proxy_set_header).',
  versionRequired: 'Only version 13 is WebSocket (RFC 6455 section 4.4): Sec-WebSocket-Version: 13.',
  notFound: 'No handler is registered for this path: compare the path with the one that the server serves.',
  unauthorized:
    'The server wants credentials. A browser cannot add headers to new WebSocket(): use a cookie, a token in the query, or a subprotocol.',
  badGateway:
    'The proxy could not reach the server behind it, or that closed early: look at the proxy error log.',
  redirect:
    'WebSocket clients do not follow redirects: use the final URL (ws and wss, with or without the last slash).',
  serverError: 'The server failed before the upgrade: its log has the reason.',
  notSwitched: 'The answer is plain HTTP: the path is served by something that knows no WebSocket.',
  switchedWithoutUpgrade:
    'The 101 lacks the headers that make it an upgrade: a proxy in between dropped them, or the server writes them by hand.',

  tlsAlert:
    'TLS broke off, not WebSocket: certificates (their names, dates and issuers), versions and ciphers of both ends are to be compared.',

  idleProxy:
    'An idle timeout cuts connections that are silent. nginx: proxy_read_timeout (60 s unless set); also load balancers, ' +
    'and in Go SetReadDeadline without a pong handler that extends it. Send pings more often than the timeout: ' +
    'Browsers cannot ping: the server must.',
  readDeadline:
    'The side that hears nothing for so long gives up, as gorilla/websocket does after SetReadDeadline: extend it in ' +
    'SetPongHandler, and send pings more often. The peer sees 1006. Browsers cannot ping: the server must.',
  browsersCannotPing:
    'Browsers cannot ping: the server must. In Go: a ticker that calls WriteControl(websocket.PingMessage, ...).',
  heartbeat:
    'The side that pings gave up. Pings are answered only while the peer reads: in gorilla/websocket a goroutine must sit ' +
    'in ReadMessage or NextReader all the time, not inside a handler that is busy. The program sees 1006.',
  pongMissing:
    'gorilla/websocket answers pings inside ReadMessage and NextReader: a handler that is busy elsewhere answers none. ' +
    'Read in a goroutine of its own.',
  pongBusy:
    "gorilla's default ping handler gives the pong 1 s to be written and drops it when a large message is going out. " +
    'Send large messages in smaller pieces, or set a ping handler with more time (SetPingHandler).',
  pongData: 'A pong must carry the payload of the ping that it answers (RFC 6455 section 5.5.3).',
  readLimit:
    'gorilla/websocket closes with 1009 when a message is larger than Conn.SetReadLimit: raise the limit, or send smaller messages.',
  policy:
    'Close 1008 is a decision of the application (or of a limit it set): its reason text and log tell which.',
  protocolError:
    'The reader failed the connection because of what was sent: see the findings before the close.',
  closeEcho:
    'Answer a Close with a Close before the socket is closed. gorilla/websocket does so inside ReadMessage: go on reading until it fails.',
  closeReset:
    'The socket was closed with data not yet read, which makes TCP send RST: a browser then reports 1006 though the Close is on the wire.',
  abrupt:
    'The program ended the TCP connection without a Close frame, so the peer sees 1006. In gorilla/websocket Conn.Close ' +
    'sends no Close: WriteControl(websocket.CloseMessage, ...) first.',
  reset:
    'RST ends a connection without a word: the process died, or closed the socket with data not yet read.',
  tcpFirst:
    'After the Close frames the server closes TCP first, so that the client keeps no TIME_WAIT (RFC 6455 section 7.1.1).',
  nextReader:
    'No answer is on the wire. gorilla/websocket: NextReader called again discards what was not read of the message before; ' +
    'or the handler read it and wrote nothing.',
  closedInstead: 'The server closed the connection then: why it closed is the answer.',
  nextWriter:
    'gorilla/websocket: NextWriter sends a fragment whenever its buffer (WriteBufferSize) is full or flushed. ' +
    'Write the message with one WriteMessage, or enlarge the buffer.',
  slowConsumer:
    'The receiver does not read as fast as the other side sends, so its TCP window closes. In Go: SetWriteDeadline, and drop ' +
    'or disconnect clients whose queue is full, or memory grows.',
  reconnects:
    'A client that reconnects at once loads the server without end: wait before each try, longer every time, with jitter. ' +
    'Why each connection ended is above.',
  reaction:
    'After such a frame the receiver must fail the connection, with Close 1002 or 1007 (RFC 6455 section 7.1.7).',
  fragOpen:
    'The message was begun and never finished: in gorilla/websocket, Close the writer that NextWriter gave.',
  began: 'Start the capture before the client connects, or let the client connect again.',
} as const;

/** By the name of the rule. */
export const HANDSHAKE_HINTS: Readonly<Record<string, string>> = {
  'upgrade-token': HINTS.proxyHeaders,
  'upgrade-connection': HINTS.proxyHeaders,
  'upgrade-version': HINTS.versionRequired,
  'upgrade-accept':
    'Something in between answered from a cache or for another key, or the server computes it from the wrong text.',
  'upgrade-subprotocol':
    'A browser fails the connection then: Upgrader.Subprotocols must name one that the client offers.',
  'upgrade-extensions':
    'A browser fails the connection then: answer only with extensions and parameters that were offered.',
};

/** By rule id: what the people at either end can do about a frame that broke the rule. */
const RULE_HINTS: Readonly<Record<string, string>> = {
  'MASK-C2S':
    'Servers must close with 1002. Use a WebSocket library on the client, or mask every frame with a fresh random key.',
  'MASK-S2C': 'Clients must close with 1002. The server must never mask.',
  RSV: 'Usually a peer that compresses without permessage-deflate being negotiated, or a stream that lost its frame boundaries.',
  OPCODE: 'Usually a stream that lost its frame boundaries: look at the frame before.',
  'LEN-MIN': 'Many readers tolerate it; strict ones close with 1002.',
  'CTL-LEN': 'Put at most 125 octets into a ping, pong or Close; gorilla/websocket refuses longer ones.',
  UTF8: 'Send such data as a binary message, or cut text at character boundaries only.',
  'UTF8-CLOSE': 'A reason that is cut to 123 octets must be cut at a character boundary.',
  'CLOSE-CODE': '1005, 1006 and 1015 are what an API reports, never what is sent. Own codes: 4000 to 4999.',
  'FRAG-NEST': 'Two goroutines write at once: gorilla/websocket allows one writer at a time.',
  'FRAG-ORPHAN': 'Two goroutines write at once, or the first fragment was sent by somebody who gave up.',
  'AFTER-CLOSE': 'Stop writing once the Close is sent.',
  'MASK-REUSE': 'The key must be unpredictable, and fresh for every frame (RFC 6455 section 5.3).',
  'PONG-MISSING': HINTS.pongMissing,
  'PONG-DATA': HINTS.pongData,
  'PONG-SKIPPED': HINTS.pongBusy,
  'CLOSE-ECHO': HINTS.closeEcho,
  'TCP-FIRST': HINTS.tcpFirst,
  'FRAG-OPEN': HINTS.fragOpen,
  REACTION: HINTS.reaction,
  UNANSWERED: HINTS.nextReader,
  FRAGMENTS: HINTS.nextWriter,
  'SLOW-CONSUMER': HINTS.slowConsumer,
  RECONNECTS: HINTS.reconnects,
  'HS-UPGRADE': HINTS.proxyHeaders,
  'HS-CONN': HINTS.proxyHeaders,
  'HS-VERSION': HINTS.versionRequired,
  TRUNCATED: 'The sender went away inside a frame: its process ended, or a deadline cut the write.',
  LIMIT:
    'The length is the sender’s claim: a wrong length, or a stream that lost its frame boundaries. docs/limits.md.',
  GAP: 'The capture lost packets: a larger buffer (dumpcap -B), a capture filter, or no -s.',
};

export function ruleHint(rule: string): string | null {
  return RULE_HINTS[rule] ?? null;
}
