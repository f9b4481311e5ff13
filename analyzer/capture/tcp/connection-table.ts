import type { Endpoint } from '../segment.ts';
import type { Connection, LooseSegment, Way } from './connection.ts';

/** What packets of one direction between two ends belong to at the moment. */
export interface Path {
  readonly connection: Connection;
  readonly way: Way;
}

interface KnownPath extends Path {
  readonly text: string;
  /** The endpoint objects the path was last seen with. */
  source: Endpoint;
  destination: Endpoint;
}

/**
 * Finds the connection a segment belongs to.
 *
 * The capture decoder gives all packets of one direction the same endpoint objects, so the usual look-up is by
 * identity. Other objects of equal content are found by their text and take the known objects' place.
 */
export class ConnectionTable {
  readonly #bySource = new Map<Endpoint, KnownPath>();
  readonly #byText = new Map<string, KnownPath>();

  /** Pairs of ends. */
  get size(): number {
    return this.#byText.size / 2;
  }

  find({ source, destination }: LooseSegment): Path | undefined {
    const known = this.#bySource.get(source);
    if (known?.destination === destination) return known;
    const path = this.#byText.get(pathText(source, destination));
    if (path === undefined) return undefined;
    this.#forgetObjects(path);
    path.source = source;
    path.destination = destination;
    this.#bySource.set(source, path);
    return path;
  }

  /** The connection's ends are those of its first segment; a connection they had before is forgotten. */
  add({ source, destination }: LooseSegment, connection: Connection): Path {
    this.#set({
      connection,
      way: 'backward',
      text: pathText(destination, source),
      source: destination,
      destination: source,
    });
    return this.#set({
      connection,
      way: 'forward',
      text: pathText(source, destination),
      source,
      destination,
    });
  }

  /** In order of their stream numbers, except that a reopened pair stands where it first stood. */
  connections(): Connection[] {
    return Array.from(new Set(Array.from(this.#byText.values(), ({ connection }) => connection)));
  }

  deleteAll(connections: ReadonlySet<Connection>): void {
    for (const path of this.#byText.values()) {
      if (!connections.has(path.connection)) continue;
      this.#forgetObjects(path);
      this.#byText.delete(path.text);
    }
  }

  #set(path: KnownPath): Path {
    const before = this.#byText.get(path.text);
    if (before !== undefined) this.#forgetObjects(before);
    this.#byText.set(path.text, path);
    this.#bySource.set(path.source, path);
    return path;
  }

  #forgetObjects(path: KnownPath): void {
    if (this.#bySource.get(path.source) === path) this.#bySource.delete(path.source);
  }
}

function pathText(source: Endpoint, destination: Endpoint): string {
  return `${source.address}|${source.port}|${destination.address}|${destination.port}`;
}
