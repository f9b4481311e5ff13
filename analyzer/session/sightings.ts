/** What else was on the wire: it explains why nothing, or less than hoped for, was found. */
export class Sightings {
  /** Numbers of the TCP streams that are TLS. */
  readonly tlsStreams = new Set<number>();
  /** Streams that are HTTP/2. */
  http2 = 0;
  /** Streams that begin with something that is no HTTP, or that began before the capture. */
  other = 0;
  /** Of these, streams whose first packet the capture does not have. */
  begunBefore = 0;

  get tls(): number {
    return this.tlsStreams.size;
  }
}
