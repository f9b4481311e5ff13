import { readFileSync } from 'node:fs';
import {
  type Connection,
  type DecodedStruct,
  decodeCapture,
  readCapture,
  type SessionPdu,
  TransportDecoder,
  type Value,
} from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { upgradeHandshake } from '../capture/handshake.ts';
import { isTelling } from './reduce-heads.ts';
import { inflatedOf } from './units.ts';

/** Fewer octets in a row are found in anything. */
const LEAST_LEAK = 6;
/** So much of what is left is shown. */
const SHOWN = 40;

/** Something of the original that is still in the reduced capture. */
export interface Leak {
  readonly what: 'address' | 'header' | 'content';
  readonly text: string;
}

/** What the original had. */
export interface Originals {
  readonly connections: readonly Connection[];
  readonly pdus: readonly SessionPdu[];
}

/** All that our decoder finds in a capture. */
export async function originalsIn(file: string, protocols: readonly Protocol[]): Promise<Originals> {
  const pdus: SessionPdu[] = [];
  const pdu = (_connection: Connection, own: SessionPdu): void => void pdus.push(own);
  const { connections } = await decodeCapture(file, protocols, { opened: () => undefined, pdu });
  return { connections, pdus };
}

/** What an anonymous capture must not have any more: looked for in its octets, and in what they are unmasked and inflated. */
export async function leaksIn(
  file: string,
  originals: Originals,
  protocols: readonly Protocol[],
): Promise<readonly Leak[]> {
  const now = await originalsIn(file, protocols);
  const octets = readFileSync(file);
  const leaks: Leak[] = [];
  const addresses = new Set(now.connections.flatMap(addressesOf));
  for (const address of new Set(originals.connections.flatMap(addressesOf))) {
    const isLeft = !isDocumentation(address) && (addresses.has(address) || octets.includes(address));
    if (isLeft) leaks.push({ what: 'address', text: address });
  }
  for (const text of new Set(originals.connections.flatMap(headTexts))) {
    if (octets.includes(Buffer.from(text, 'latin1'))) leaks.push({ what: 'header', text });
  }
  const runs = new Runs([...(await payloadsIn(file)), ...now.pdus.flatMap(contentsOf)]);
  for (const content of originals.pdus.flatMap(contentsOf)) {
    const run = runs.firstIn(content);
    if (run !== null) leaks.push({ what: 'content', text: shown(run.subarray(0, SHOWN)) });
  }
  return [...new Map(leaks.map((leak) => [`${leak.what} ${leak.text}`, leak])).values()];
}

async function payloadsIn(file: string): Promise<readonly Uint8Array[]> {
  const transports = new TransportDecoder();
  const payloads: Uint8Array[] = [];
  await readCapture(file, (packet) => {
    const transport = transports.decode(packet);
    if (transport !== undefined) payloads.push(transport.payload);
  });
  return payloads;
}

function addressesOf({ client, server }: Connection): readonly string[] {
  return [client.address, server.address];
}

/** RFC 5737, RFC 3849: nobody's addresses. */
function isDocumentation(address: string): boolean {
  return /^(192\.0\.2|198\.51\.100|203\.0\.113)\.|^2001:db8:/.test(address);
}

/** Words of the heads that tell something, and are long enough to be told from others. */
function headTexts({ upgrade, refusal, protocol }: Connection): readonly string[] {
  const { request = null, response = null } = upgrade ?? refusal ?? {};
  const heads = [request, response].flatMap((head) => head?.fields ?? []);
  const values = [...heads.map(({ value }) => value), request?.target ?? '', response?.reason ?? ''];
  const words = values.flatMap((value) => value.split(/[\s;,="]+/));
  const usual = usualTexts(protocol);
  const isFiller = (word: string): boolean => /^[-+/=_.:x]*$/.test(word);
  return words.filter(
    (word) =>
      word.length >= LEAST_LEAK && isTelling(word) && !isFiller(word) && !usual.includes(word.toLowerCase()),
  );
}

/** What the usual heads have, whatever the original had. */
function usualTexts({ binds }: Protocol): string {
  const tokens = binds.flatMap((bind) => (bind.kind === 'http-upgrade' ? [bind.token] : []));
  const heads = tokens.flatMap((token) => upgradeHandshake(token).map(({ octets }) => Buffer.from(octets)));
  return Buffer.concat(heads).toString('latin1').toLowerCase();
}

/** Text and octets of a PDU, unmasked, and of the message that it completes. */
function contentsOf({ decoded, message }: SessionPdu): readonly Uint8Array[] {
  const inflated = message?.processed === true ? inflatedOf(message) : null;
  return [...valuesIn(decoded.root), ...(inflated === null ? [] : [inflated])];
}

function valuesIn({ items }: DecodedStruct): readonly Uint8Array[] {
  return items.flatMap(({ value, range }) => (range === null ? [] : octetsOf(value)));
}

function octetsOf(value: Value): readonly Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  if (typeof value === 'string') return [Buffer.from(value)];
  if (typeof value !== 'object') return [];
  return Array.isArray(value)
    ? (value as readonly Value[]).flatMap(octetsOf)
    : valuesIn(value as DecodedStruct);
}

/** Octets in a row of the reduced capture, which is small, to be looked for in the original, which is not. */
class Runs {
  readonly #known = new Set<string>();
  /** By the first two octets: most others are told apart by these. */
  readonly #begins = new Uint8Array(1 << 16);

  constructor(all: readonly Uint8Array[]) {
    for (const octets of all) {
      for (let at = 0; at + LEAST_LEAK <= octets.length; at += 1) {
        this.#begins[beginning(octets, at)] = 1;
        this.#known.add(textAt(octets, at));
      }
    }
  }

  /** The first octets in a row that are known; one octet over and over tells nothing. */
  firstIn(octets: Uint8Array): Uint8Array | null {
    for (let at = 0; at + LEAST_LEAK <= octets.length; at += 1) {
      if (!this.#has(octets, at)) continue;
      let end = at + LEAST_LEAK;
      while (end < octets.length && this.#has(octets, end + 1 - LEAST_LEAK)) end += 1;
      return octets.subarray(at, end);
    }
    return null;
  }

  #has(octets: Uint8Array, at: number): boolean {
    if (this.#begins[beginning(octets, at)] === 0) return false;
    const run = octets.subarray(at, at + LEAST_LEAK);
    return this.#known.has(textAt(octets, at)) && run.some((octet) => octet !== run[0]);
  }
}

function beginning(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
}

function textAt(octets: Uint8Array, at: number): string {
  return Buffer.from(octets.subarray(at, at + LEAST_LEAK)).toString('latin1');
}

function shown(octets: Uint8Array): string {
  const text = Buffer.from(octets).toString('utf8');
  return /^[^\p{C}\uFFFD]*$/u.test(text) ? text : Buffer.from(octets).toString('hex');
}
