import type { Fragment, IpDatagram } from './ip.ts';
import { MAXIMUM_FRAGMENTED_DATAGRAMS } from './limits.ts';

/** RFC 791 3.2: fragment offsets count units of eight octets. */
const UNIT = 8;
/** The most an IP payload can have, in IPv4 and in IPv6 without jumbograms. */
const MAXIMUM_PAYLOAD_OCTETS = 65_535;
const MAXIMUM_UNITS = Math.ceil(MAXIMUM_PAYLOAD_OCTETS / UNIT);

export interface WholeDatagram {
  readonly bytes: Uint8Array;
  readonly ip: IpDatagram;
}

/**
 * Puts IP fragments together (RFC 791 3.2, RFC 8200 4.5). Where fragments overlap, what came first stays.
 */
export class FragmentTable {
  readonly #datagrams = new Map<string, PartialDatagram>();

  /** The datagram that this fragment completes, or undefined while some are missing. */
  add(bytes: Uint8Array, ip: IpDatagram, fragment: Fragment): WholeDatagram | undefined {
    const key = keyOf(bytes, ip, fragment);
    const datagram = this.#datagrams.get(key) ?? this.#begin(key);
    datagram.add(bytes.subarray(ip.payloadAt, ip.end), fragment);
    if (!datagram.isComplete) return undefined;
    this.#datagrams.delete(key);
    return whole(bytes, ip, datagram.payload);
  }

  #begin(key: string): PartialDatagram {
    if (this.#datagrams.size >= MAXIMUM_FRAGMENTED_DATAGRAMS) {
      const [oldest] = this.#datagrams.keys();
      if (oldest !== undefined) this.#datagrams.delete(oldest);
    }
    const datagram = new PartialDatagram();
    this.#datagrams.set(key, datagram);
    return datagram;
  }
}

/**
 * Invariants: `#unitsHeld` is the number of units marked in `#held`; once `#length` is known no unit beyond it is
 * taken, and those taken before are not counted in it.
 */
class PartialDatagram {
  readonly #octets = new Uint8Array(MAXIMUM_UNITS * UNIT);
  readonly #held = new Uint8Array(MAXIMUM_UNITS);
  #unitsHeld = 0;
  /** Known once the last fragment is there. */
  #length: number | undefined;

  get isComplete(): boolean {
    return this.#length !== undefined && this.#unitsHeld === Math.ceil(this.#length / UNIT);
  }

  get payload(): Uint8Array {
    return this.#octets.slice(0, this.#length);
  }

  add(payload: Uint8Array, { offset, more }: Fragment): void {
    const end = offset + payload.length;
    // Only the last fragment may end inside a unit; an end past the last octet is Ping of Death.
    if (end > MAXIMUM_PAYLOAD_OCTETS || (more && payload.length % UNIT !== 0)) return;
    if (!more && this.#length === undefined) this.#setLength(end);
    if (end > (this.#length ?? end)) return;
    for (let at = 0; at < payload.length; at += UNIT) {
      const unit = (offset + at) / UNIT;
      if (this.#held[unit] === 1) continue;
      this.#held[unit] = 1;
      this.#unitsHeld += 1;
      this.#octets.set(payload.subarray(at, at + UNIT), offset + at);
    }
  }

  #setLength(length: number): void {
    this.#length = length;
    const beyond = this.#held.subarray(Math.ceil(length / UNIT));
    for (const held of beyond) this.#unitsHeld -= held;
    beyond.fill(0);
  }
}

/** RFC 791: source, destination, protocol, identification; RFC 8200: without the protocol, which only the first has. */
function keyOf(bytes: Uint8Array, ip: IpDatagram, { identification }: Fragment): string {
  const addresses = bytes.subarray(ip.sourceAt, ip.sourceAt + ip.addressLength * 2).join('.');
  const protocol = ip.version === 4 ? ip.protocol : 'v6';
  return `${addresses}/${protocol}/${identification}`;
}

/** Addresses, then the payload: all that is looked at from here on. */
function whole(bytes: Uint8Array, ip: IpDatagram, payload: Uint8Array): WholeDatagram {
  const addresses = ip.addressLength * 2;
  const joined = new Uint8Array(addresses + payload.length);
  joined.set(bytes.subarray(ip.sourceAt, ip.sourceAt + addresses), 0);
  joined.set(payload, addresses);
  const { version, addressLength, protocol } = ip;
  return {
    bytes: joined,
    ip: {
      version,
      sourceAt: 0,
      destinationAt: addressLength,
      addressLength,
      protocol,
      payloadAt: addresses,
      end: joined.length,
      fragment: undefined,
    },
  };
}
