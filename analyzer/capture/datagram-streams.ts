import { MAXIMUM_CONVERSATIONS } from './limits.ts';
import type { Endpoint, UdpDatagram } from './segment.ts';

interface KnownPath {
  readonly stream: number;
  readonly destination: Endpoint;
}

/**
 * Numbers UDP conversations as `udp.stream`: pairs of ends in order of first appearance, IPv4 and IPv6 in one count.
 *
 * Known paths are found by the endpoint objects that the capture decoder gives every packet of a direction.
 */
export class DatagramStreams {
  readonly #bySource = new Map<Endpoint, KnownPath>();
  readonly #byText = new Map<string, number>();
  #streams = 0;

  numberOf({ source, destination }: UdpDatagram): number {
    const known = this.#bySource.get(source);
    if (known?.destination === destination) return known.stream;
    const stream = this.#numberOfText(pairText(source, destination));
    if (this.#bySource.size >= 2 * MAXIMUM_CONVERSATIONS) this.#bySource.clear();
    this.#bySource.set(source, { stream, destination });
    return stream;
  }

  #numberOfText(text: string): number {
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    if (this.#byText.size >= MAXIMUM_CONVERSATIONS) this.#forgetFirst();
    const stream = this.#streams;
    this.#streams += 1;
    this.#byText.set(text, stream);
    return stream;
  }

  #forgetFirst(): void {
    const [first] = this.#byText.keys();
    if (first !== undefined) this.#byText.delete(first);
  }
}

/** The same for both directions. */
function pairText(a: Endpoint, b: Endpoint): string {
  const [one, other] = [`${a.address}|${a.port}`, `${b.address}|${b.port}`];
  return one < other ? `${one}|${other}` : `${other}|${one}`;
}
