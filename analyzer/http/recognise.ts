import { MAXIMUM_METHOD_LENGTH } from './limits.ts';

/** What the first octets of a direction are. `undecided`: so far they may begin a head of either kind. */
export type Beginning = 'request' | 'response' | 'undecided' | 'tls' | 'other';

/** TLS record header (RFC 8446 5.1): handshake, legacy version 3.0 to 3.4. */
const TLS_HANDSHAKE = 0x16;
const TLS_MAJOR = 3;
const TLS_HIGHEST_MINOR = 4;

const RESPONSE_START = 'HTTP/';
const SPACE = 0x20;
const FIRST_PRINTABLE = 0x21;

/** HTTP/2's connection preface (RFC 9113 3.4) has the form of a request with this method and version. */
export const HTTP2_PREFACE_METHOD = 'PRI';
export const HTTP2_PREFACE_VERSION = '2.0';

const TOKEN_OCTETS = tokenOctets();

export function recogniseBeginning(octets: Uint8Array): Beginning {
  if (octets[0] === TLS_HANDSHAKE) return recogniseTls(octets);
  let at = 0;
  while (at < octets.length && at < RESPONSE_START.length && octets[at] === RESPONSE_START.charCodeAt(at)) {
    at += 1;
  }
  if (at === RESPONSE_START.length) return 'response';
  return at === octets.length ? 'undecided' : recogniseRequest(octets);
}

function recogniseTls(octets: Uint8Array): Beginning {
  const [, major = TLS_MAJOR, minor = 0] = octets;
  if (major !== TLS_MAJOR || minor > TLS_HIGHEST_MINOR) return 'other';
  return octets.length < 3 ? 'undecided' : 'tls';
}

/** A token, a space, something printable: the rest of the line is judged when it is all there. */
function recogniseRequest(octets: Uint8Array): Beginning {
  let at = 0;
  while (at < octets.length && TOKEN_OCTETS[octets[at] ?? 0] === 1) at += 1;
  if (at > MAXIMUM_METHOD_LENGTH) return 'other';
  if (at === octets.length) return 'undecided';
  if (at === 0 || octets[at] !== SPACE) return 'other';
  const next = octets[at + 1];
  if (next === undefined) return 'undecided';
  return next >= FIRST_PRINTABLE || next === SPACE ? 'request' : 'other';
}

function tokenOctets(): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") {
    table[character.charCodeAt(0)] = 1;
  }
  return table;
}
