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
import type { RuleBreach } from '../judge/finding.ts';
import { toHex } from '../decode/index.ts';
import { HANDSHAKE_HINTS } from './hints.ts';

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

/** Octets of a header that a finding shows. */
const HEX_OCTETS = 48;

/** `header`: the one at fault, shown as it was sent. */
type Report = (rule: HandshakeRule, section: string, message: string, header?: string) => void;

/** Names by which the spec's `rules` know what is looked for here. */
type HandshakeRule =
  | 'upgrade-method'
  | 'upgrade-key'
  | 'upgrade-accept'
  | 'upgrade-version'
  | 'upgrade-token'
  | 'upgrade-connection'
  | 'upgrade-extensions'
  | 'upgrade-subprotocol'
  | 'upgrade-duplicate';

/** `expectedAccept`: null when the key is not known. */
export function checkHandshakeRules(
  request: RequestHead | null,
  response: ResponseHead | null,
  expectedAccept: string | null,
): RuleBreach[] {
  const breaches: RuleBreach[] = [];
  const reporter =
    (head: HttpHead): Report =>
    (rule, section, message, header) => {
      breaches.push({
        rule,
        direction: head.kind === 'request' ? 'c2s' : 's2c',
        frame: head.place.frame,
        offset: null,
        reference: `RFC 6455 ${section}`,
        message,
        hex: header === undefined ? startLineHex(head) : headerHex(head, header),
        hint: HANDSHAKE_HINTS[rule] ?? null,
      });
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
  if (twice !== undefined)
    report(
      'upgrade-subprotocol',
      '4.1',
      `The request offers subprotocol "${twice}" twice.`,
      'Sec-WebSocket-Protocol',
    );
}

function checkMethod({ method, version }: RequestHead, report: Report): void {
  if (method !== 'GET')
    report('upgrade-method', '4.1', `The method of the request is ${method}; it must be GET.`);
  if (version < '1.1') {
    report('upgrade-method', '4.1', `The request's HTTP version is ${version}; it must be 1.1 at least.`);
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
      'upgrade-token',
      sections.upgrade,
      `The ${head.kind}'s Upgrade header ${found}; it must name websocket.`,
      'Upgrade',
    );
  }
  if (!hasToken(head, 'Connection', 'Upgrade')) {
    const found = describe(fieldValues(head, 'Connection'));
    report(
      'upgrade-connection',
      sections.connection,
      `The ${head.kind}'s Connection header ${found}; it must have Upgrade.`,
      'Connection',
    );
  }
}

function checkKey(request: RequestHead, report: Report): void {
  const [key] = fieldValues(request, 'Sec-WebSocket-Key');
  if (key === undefined) {
    report('upgrade-key', '4.1', 'The request has no Sec-WebSocket-Key.');
  } else if (!BASE64.test(key) || Buffer.from(key, 'base64').length !== KEY_OCTETS) {
    report(
      'upgrade-key',
      '4.1',
      `Sec-WebSocket-Key is "${key}"; it must be ${KEY_OCTETS} octets in base64.`,
      'Sec-WebSocket-Key',
    );
  }
}

function checkVersion(request: RequestHead, report: Report): void {
  const [version] = fieldValues(request, 'Sec-WebSocket-Version');
  if (version === VERSION) return;
  const found = version === undefined ? 'is missing' : `is "${version}"`;
  report(
    'upgrade-version',
    '4.1',
    `Sec-WebSocket-Version ${found}; it must be ${VERSION}.`,
    'Sec-WebSocket-Version',
  );
}

function checkSingle(head: HttpHead, names: Readonly<Record<string, string>>, report: Report): void {
  for (const [name, section] of Object.entries(names)) {
    const count = fieldValues(head, name).length;
    if (count > 1)
      report(
        'upgrade-duplicate',
        section,
        `The ${head.kind} has ${name} ${count} times; once is allowed.`,
        name,
      );
  }
}

function checkResponse(response: ResponseHead, expectedAccept: string | null, report: Report): void {
  checkTokens(response, { upgrade: '4.2.2', connection: '4.2.2' }, report);
  checkSingle(response, SINGLE_IN_RESPONSE, report);
  const [accept] = fieldValues(response, 'Sec-WebSocket-Accept');
  if (accept === undefined) {
    report('upgrade-accept', '4.2.2', 'The response has no Sec-WebSocket-Accept.');
  } else if (expectedAccept !== null && accept !== expectedAccept) {
    const message = `Sec-WebSocket-Accept is "${accept}"; for this key it must be "${expectedAccept}".`;
    report('upgrade-accept', '4.2.2', message, 'Sec-WebSocket-Accept');
  }
}

/** What the server chose must have been offered (RFC 6455 4.1, the client's checks 5 and 6; 9.1). */
function checkChoices(request: RequestHead, response: ResponseHead, report: Report): void {
  const offers = readExtensions(request);
  const chosen = readExtensions(response);
  for (const extension of chosen) {
    const sameName = offers.filter(({ name }) => name === extension.name);
    if (sameName.length === 0) {
      report(
        'upgrade-extensions',
        '4.1',
        `The response has extension "${extension.name}", which was not offered.`,
        'Sec-WebSocket-Extensions',
      );
    } else if (extension.name === 'permessage-deflate') {
      const mismatch = deflateMismatch(extension, sameName);
      const message = `The response's permessage-deflate ${mismatch ?? ''} (RFC 7692 7.1).`;
      if (mismatch !== undefined) report('upgrade-extensions', '9.1', message, 'Sec-WebSocket-Extensions');
    }
  }
  const [subprotocol] = fieldValues(response, 'Sec-WebSocket-Protocol');
  const offered = listElements(request, 'Sec-WebSocket-Protocol');
  if (subprotocol !== undefined && !offered.includes(subprotocol)) {
    const list = offered.length === 0 ? 'none' : `"${offered.join('", "')}"`;
    report(
      'upgrade-subprotocol',
      '4.1',
      `The response has subprotocol "${subprotocol}"; offered: ${list}.`,
      'Sec-WebSocket-Protocol',
    );
  }
}

function describe(values: readonly string[]): string {
  return values.length === 0 ? 'is missing' : `is "${values.join(', ')}"`;
}

/** null: the head has no such field. */
function headerHex(head: HttpHead, name: string): string | null {
  const wanted = name.toLowerCase();
  const field = head.fields.find((known) => known.name.toLowerCase() === wanted);
  return field === undefined ? null : hexOf(`${field.name}: ${field.value}`);
}

function startLineHex(head: HttpHead): string | null {
  return head.kind === 'request' ? hexOf(`${head.method} ${head.target} HTTP/${head.version}`) : null;
}

function hexOf(text: string): string {
  return toHex(Buffer.from(text.slice(0, HEX_OCTETS), 'latin1'));
}
