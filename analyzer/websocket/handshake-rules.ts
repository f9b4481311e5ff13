/**
 * The rules of the opening handshake: RFC 6455 4.1 (client's request, client's checks of the response), 4.2.2
 * (server's response), 11.3 (which header fields may be repeated). Token comparison ignores case where it says so.
 */
import {
  fieldValues,
  hasToken,
  type HttpHead,
  listElements,
  type RequestHead,
  type ResponseHead,
} from '../http/head.ts';
import { deflateMismatch, readExtensions } from './extension-offer.ts';
import type { HandshakeBreach } from './handshake.ts';

const VERSION = '13';
const UPGRADE_TOKEN = 'websocket';
const KEY_OCTETS = 16;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u;

/** RFC 6455 11.3: header fields that must not appear more than once, and where that is said. */
const SINGLE_IN_REQUEST: Readonly<Record<string, string>> = {
  'Sec-WebSocket-Key': '11.3.1',
  'Sec-WebSocket-Version': '11.3.5',
};
const SINGLE_IN_RESPONSE: Readonly<Record<string, string>> = {
  'Sec-WebSocket-Extensions': '11.3.2',
  'Sec-WebSocket-Accept': '11.3.3',
  'Sec-WebSocket-Protocol': '11.3.4',
};

type Report = (rule: HandshakeBreach['rule'], section: string, message: string) => void;

/** `expectedAccept`: null when the key is not known. */
export function checkHandshakeRules(
  request: RequestHead | null,
  response: ResponseHead | null,
  expectedAccept: string | null,
): HandshakeBreach[] {
  const breaches: HandshakeBreach[] = [];
  const reporter =
    (head: HttpHead): Report =>
    (rule, section, message) => {
      const direction = head.kind === 'request' ? 'c2s' : 's2c';
      const { frame } = head.place;
      breaches.push({ rule, severity: 'error', direction, frame, reference: `RFC 6455 ${section}`, message });
    };
  if (request !== null) checkRequest(request, reporter(request));
  // Any other status leaves the connection in HTTP: the rules below are those of a 101.
  if (response?.status === 101) {
    const report = reporter(response);
    checkResponse(response, expectedAccept, report);
    if (request !== null) checkChoices(request, response, report);
  }
  return breaches;
}

function checkRequest(request: RequestHead, report: Report): void {
  checkMethod(request, report);
  checkTokens(request, { upgrade: '4.1', connection: '4.1' }, report);
  checkKey(request, report);
  checkVersion(request, report);
  checkSingle(request, SINGLE_IN_REQUEST, report);
  const offered = listElements(request, 'Sec-WebSocket-Protocol');
  const twice = offered.find((name, index) => offered.indexOf(name) !== index);
  if (twice !== undefined) report('HS-SUBPROTO', '4.1', `The request offers subprotocol "${twice}" twice.`);
}

function checkMethod({ method, version }: RequestHead, report: Report): void {
  if (method !== 'GET') report('HS-METHOD', '4.1', `The method of the request is ${method}; it must be GET.`);
  if (version < '1.1') {
    report('HS-METHOD', '4.1', `The request's HTTP version is ${version}; it must be 1.1 at least.`);
  }
}

function checkTokens(
  head: HttpHead,
  sections: { readonly upgrade: string; readonly connection: string },
  report: Report,
): void {
  if (!hasToken(head, 'Upgrade', UPGRADE_TOKEN)) {
    const found = describe(fieldValues(head, 'Upgrade'));
    report(
      'HS-UPGRADE',
      sections.upgrade,
      `The ${head.kind}'s Upgrade header ${found}; it must name websocket.`,
    );
  }
  if (!hasToken(head, 'Connection', 'Upgrade')) {
    const found = describe(fieldValues(head, 'Connection'));
    report(
      'HS-CONN',
      sections.connection,
      `The ${head.kind}'s Connection header ${found}; it must have Upgrade.`,
    );
  }
}

function checkKey(request: RequestHead, report: Report): void {
  const [key] = fieldValues(request, 'Sec-WebSocket-Key');
  if (key === undefined) {
    report('HS-KEY', '4.1', 'The request has no Sec-WebSocket-Key.');
  } else if (!BASE64.test(key) || Buffer.from(key, 'base64').length !== KEY_OCTETS) {
    report('HS-KEY', '4.1', `Sec-WebSocket-Key is "${key}"; it must be ${KEY_OCTETS} octets in base64.`);
  }
}

function checkVersion(request: RequestHead, report: Report): void {
  const [version] = fieldValues(request, 'Sec-WebSocket-Version');
  if (version === VERSION) return;
  const found = version === undefined ? 'is missing' : `is "${version}"`;
  report('HS-VERSION', '4.1', `Sec-WebSocket-Version ${found}; it must be ${VERSION}.`);
}

function checkSingle(head: HttpHead, names: Readonly<Record<string, string>>, report: Report): void {
  for (const [name, section] of Object.entries(names)) {
    const count = fieldValues(head, name).length;
    if (count > 1) report('HS-DUP', section, `The ${head.kind} has ${name} ${count} times; once is allowed.`);
  }
}

function checkResponse(response: ResponseHead, expectedAccept: string | null, report: Report): void {
  checkTokens(response, { upgrade: '4.2.2', connection: '4.2.2' }, report);
  checkSingle(response, SINGLE_IN_RESPONSE, report);
  const [accept] = fieldValues(response, 'Sec-WebSocket-Accept');
  if (accept === undefined) {
    report('HS-ACCEPT', '4.2.2', 'The response has no Sec-WebSocket-Accept.');
  } else if (expectedAccept !== null && accept !== expectedAccept) {
    const message = `Sec-WebSocket-Accept is "${accept}"; for this key it must be "${expectedAccept}".`;
    report('HS-ACCEPT', '4.2.2', message);
  }
}

/** What the server chose must have been offered (RFC 6455 4.1, the client's checks 5 and 6; 9.1). */
function checkChoices(request: RequestHead, response: ResponseHead, report: Report): void {
  const offers = readExtensions(request);
  const chosen = readExtensions(response);
  for (const extension of chosen) {
    const sameName = offers.filter(({ name }) => name === extension.name);
    if (sameName.length === 0) {
      report('HS-EXT', '4.1', `The response has extension "${extension.name}", which was not offered.`);
    } else if (extension.name === 'permessage-deflate') {
      const mismatch = deflateMismatch(extension, sameName);
      const message = `The response's permessage-deflate ${mismatch ?? ''} (RFC 7692 7.1).`;
      if (mismatch !== undefined) report('HS-EXT', '9.1', message);
    }
  }
  const [subprotocol] = fieldValues(response, 'Sec-WebSocket-Protocol');
  const offered = listElements(request, 'Sec-WebSocket-Protocol');
  if (subprotocol !== undefined && !offered.includes(subprotocol)) {
    const list = offered.length === 0 ? 'none' : `"${offered.join('", "')}"`;
    report('HS-SUBPROTO', '4.1', `The response has subprotocol "${subprotocol}"; offered: ${list}.`);
  }
}

function describe(values: readonly string[]): string {
  return values.length === 0 ? 'is missing' : `is "${values.join(', ')}"`;
}
