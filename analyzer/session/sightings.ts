import type { StreamEvent } from '../capture/stream.ts';
import { beginsHttp2, Http2Watch } from '../secure/http2-watch.ts';
import { TlsWatch } from '../secure/tls-watch.ts';

/** What else was on the wire: it explains why nothing, or less than hoped for, was found. */
export class Sightings {
  /** TCP streams that are TLS, by number. */
  readonly tlsStreams = new Map<number, TlsWatch>();
  /** TCP streams that are HTTP/2, by number. */
  readonly http2Streams = new Map<number, Http2Watch>();
  /** Streams that begin with something that is no HTTP, or that began before the capture. */
  other = 0;
  /** Of these, streams whose first packet the capture does not have. */
  begunBefore = 0;

  /** A WebSocket was asked for over HTTP/2, where it is not followed. */
  get hasUnanalysed(): boolean {
    return [...this.http2Streams.values()].some(({ websockets }) => websockets.length > 0);
  }

  saw(looksLike: 'tls' | 'http2' | 'other', stream: number): void {
    switch (looksLike) {
      case 'tls':
        this.tlsStreams.set(stream, new TlsWatch());
        break;
      case 'http2':
        if (!this.http2Streams.has(stream)) this.http2Streams.set(stream, new Http2Watch());
        break;
      case 'other':
        this.other += 1;
    }
  }

  /** What a stream that was seen carries, from the event on that showed what it is. */
  watch(event: StreamEvent): void {
    const { stream } = event.conversation;
    // The server may speak first: then its frames were seen before the preface told what they are.
    if (event.kind === 'data' && event.position === 0 && beginsHttp2(event.bytes)) this.saw('http2', stream);
    this.tlsStreams.get(stream)?.push(event);
    this.http2Streams.get(stream)?.push(event);
  }
}
