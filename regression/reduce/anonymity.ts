import type { Endpoint } from '../../analyzer/index.ts';

/** Hosts of an IPv4 documentation network that are given out before the next one is begun. */
const HOSTS = 254;
/** RFC 5737 */
const NETWORKS = ['192.0.2', '198.51.100', '203.0.113'];

/** Addresses that nobody has, for those of a capture: the same for the same, in the order they are met. Ports stay. */
export class Anonymity {
  readonly #known = new Map<string, string>();
  #given = { ipv4: 0, ipv6: 0 };

  endpoint({ address, port }: Endpoint): Endpoint {
    let other = this.#known.get(address);
    if (other === undefined) this.#known.set(address, (other = this.#next(address.includes(':'))));
    return { address: other, port };
  }

  #next(isIpv6: boolean): string {
    if (isIpv6) {
      this.#given.ipv6 += 1;
      // RFC 3849
      return `2001:db8::${this.#given.ipv6.toString(16)}`;
    }
    const index = this.#given.ipv4 % (HOSTS * NETWORKS.length);
    this.#given.ipv4 += 1;
    return `${NETWORKS[Math.floor(index / HOSTS)] ?? NETWORKS[0]}.${(index % HOSTS) + 1}`;
  }
}
