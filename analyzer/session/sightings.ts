/** What else was on the wire: it explains why nothing, or less than hoped for, was found. */
export class Sightings {
  /** Streams that are TLS. */
  tls = 0;
  /** Streams that are HTTP/2. */
  http2 = 0;
  /** Streams that begin with something that is no HTTP, or that began before the capture. */
  other = 0;
  /** Of these, streams whose first packet the capture does not have. */
  begunBefore = 0;
}
