import { addressText } from './address.ts';
import { MAXIMUM_FLOWS } from './limits.ts';
import { int32, uint16 } from './octets.ts';
import type { Endpoint } from './segment.ts';
import type { IpDatagram } from './ip.ts';

/** One direction between two ends. Both endpoint objects belong to this flow alone. */
export interface Flow {
  readonly source: Endpoint;
  readonly destination: Endpoint;
}

interface Entry extends Flow {
  /** Addresses and ports as they are in the packet, for an exact comparison. */
  readonly key: Uint8Array;
  readonly next: Entry | undefined;
}

/**
 * Gives packets of one direction the same endpoint objects, so that addresses are made into text once and
 * whoever follows a conversation can know it by identity.
 *
 * Reads the packet's own octets: no garbage for a known flow.
 */
export class FlowTable {
  readonly #chains = new Map<number, Entry>();
  #size = 0;

  lookup(bytes: Uint8Array, ip: IpDatagram): Flow {
    const hash = hashOf(bytes, ip);
    const chain = this.#chains.get(hash);
    for (let entry = chain; entry !== undefined; entry = entry.next) {
      if (isKey(entry.key, bytes, ip)) return entry;
    }
    return this.#add(hash, bytes, ip);
  }

  #add(hash: number, bytes: Uint8Array, ip: IpDatagram): Flow {
    if (this.#size >= MAXIMUM_FLOWS) {
      this.#chains.clear();
      this.#size = 0;
    }
    const entry: Entry = {
      source: {
        address: addressText(bytes, ip.sourceAt, ip.addressLength),
        port: uint16(bytes, ip.payloadAt),
      },
      destination: {
        address: addressText(bytes, ip.destinationAt, ip.addressLength),
        port: uint16(bytes, ip.payloadAt + 2),
      },
      key: keyOf(bytes, ip),
      next: this.#chains.get(hash),
    };
    this.#chains.set(hash, entry);
    this.#size += 1;
    return entry;
  }
}

const PORTS_LENGTH = 4;

/** Both addresses (neighbours in the header), then both ports. */
function keyOf(bytes: Uint8Array, ip: IpDatagram): Uint8Array {
  const addresses = ip.addressLength * 2;
  const key = new Uint8Array(addresses + PORTS_LENGTH);
  key.set(bytes.subarray(ip.sourceAt, ip.sourceAt + addresses), 0);
  key.set(bytes.subarray(ip.payloadAt, ip.payloadAt + PORTS_LENGTH), addresses);
  return key;
}

function isKey(key: Uint8Array, bytes: Uint8Array, ip: IpDatagram): boolean {
  const addresses = ip.addressLength * 2;
  if (key.length !== addresses + PORTS_LENGTH) return false;
  for (let index = 0; index < addresses; index += 1) {
    if (key[index] !== bytes[ip.sourceAt + index]) return false;
  }
  for (let index = 0; index < PORTS_LENGTH; index += 1) {
    if (key[addresses + index] !== bytes[ip.payloadAt + index]) return false;
  }
  return true;
}

/** Multiplicative hash; the constant is 2^32 divided by the golden ratio (Knuth, TAOCP 6.4). */
const GOLDEN = 0x9e3779b1;

function hashOf(bytes: Uint8Array, ip: IpDatagram): number {
  let hash = int32(bytes, ip.payloadAt);
  for (let at = ip.sourceAt, end = at + ip.addressLength * 2; at < end; at += 4) {
    hash = Math.imul(hash ^ int32(bytes, at), GOLDEN);
    hash ^= hash >>> 15;
  }
  return hash;
}
