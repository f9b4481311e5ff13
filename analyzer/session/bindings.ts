import type { Protocol } from '../../spec/index.ts';
import type { Endpoint } from '../capture/segment.ts';
import { createDecoder, type Decoder, type DecoderOptions } from '../decode/index.ts';

/** A protocol ready to decode, as the bindings hand it out. */
export interface Bound {
  readonly protocol: Protocol;
  readonly decoder: Decoder;
}

/** Two specs claim the same port or token: whoever runs the command has to choose. */
export class BindingClash extends Error {
  constructor(what: string, first: Protocol, second: Protocol) {
    super(`Both "${first.id}" and "${second.id}" are bound to ${what}.`);
    this.name = 'BindingClash';
  }
}

/** Which protocol a conversation belongs to. */
export class Bindings {
  private readonly tcp = new Map<number, Bound>();
  private readonly udp = new Map<number, Bound>();
  private readonly upgrades = new Map<string, Bound>();
  private readonly tables = new Map<string, Bound>();
  readonly all: readonly Bound[];

  /** @throws BindingClash */
  constructor(protocols: readonly Protocol[], options: DecoderOptions) {
    this.all = protocols.map((protocol) => ({ protocol, decoder: createDecoder(protocol, options) }));
    for (const bound of this.all) this.register(bound);
  }

  /** Tokens of HTTP upgrades somebody waits for. */
  get tokens(): readonly string[] {
    return [...this.upgrades.keys()];
  }

  upgrade(token: string): Bound | undefined {
    return this.upgrades.get(token);
  }

  /** The end whose port is bound is the server; with both bound, the one of the higher port is the client. */
  port(transport: 'tcp' | 'udp', a: Endpoint, b: Endpoint): { bound: Bound; server: Endpoint } | undefined {
    const ports = transport === 'tcp' ? this.tcp : this.udp;
    const [low, high] = a.port <= b.port ? [a, b] : [b, a];
    const ofLow = ports.get(low.port);
    if (ofLow !== undefined) return { bound: ofLow, server: low };
    const ofHigh = ports.get(high.port);
    return ofHigh === undefined ? undefined : { bound: ofHigh, server: high };
  }

  /** Somebody waits for what another protocol hands over. */
  get hasTables(): boolean {
    return this.tables.size > 0;
  }

  /** Who takes what is handed over in a dissector table under a key. */
  table(table: string, key: string | number): Bound | undefined {
    return this.tables.get(tableKey(table, key));
  }

  private register(bound: Bound): void {
    for (const bind of bound.protocol.binds) {
      switch (bind.kind) {
        case 'tcp':
          for (const port of bind.ports) claim(this.tcp, port, bound, `TCP port ${port}`);
          break;
        case 'udp':
          for (const port of bind.ports) claim(this.udp, port, bound, `UDP port ${port}`);
          break;
        case 'http-upgrade':
          claim(this.upgrades, bind.token, bound, `the upgrade to "${bind.token}"`);
          break;
        case 'table':
          for (const key of bind.keys) {
            claim(this.tables, tableKey(bind.table, key), bound, `the key "${key}" of "${bind.table}"`);
          }
      }
    }
  }
}

function tableKey(table: string, key: string | number): string {
  return `${typeof key} ${table} ${key}`;
}

function claim<K>(map: Map<K, Bound>, key: K, bound: Bound, what: string): void {
  const owner = map.get(key);
  if (owner !== undefined && owner !== bound) throw new BindingClash(what, owner.protocol, bound.protocol);
  map.set(key, bound);
}
