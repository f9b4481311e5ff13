import type { Protocol } from '../../spec/index.ts';

/** What can carry the PDUs of a protocol in a synthesised capture. */
export type Carrier =
  | { readonly kind: 'http-upgrade'; readonly token: string; readonly port: number }
  | { readonly kind: 'tcp'; readonly port: number }
  | { readonly kind: 'udp'; readonly port: number };

/** Ports that Wireshark gives to HTTP; the first that the protocol is not bound to itself is used. */
const HTTP_PORTS = [80, 8080, 8088];

/** One of each kind of binding that the spec has; other dissector tables cannot be reached from here. */
export function carriersOf({ binds }: Protocol): readonly Carrier[] {
  const carriers = new Map<Carrier['kind'], Carrier>();
  const tcpPorts = binds.flatMap((bind) => (bind.kind === 'tcp' ? bind.ports : []));
  const httpPort = HTTP_PORTS.find((port) => !tcpPorts.includes(port));
  for (const bind of binds) {
    if (carriers.has(bind.kind as Carrier['kind'])) continue;
    switch (bind.kind) {
      case 'http-upgrade':
        if (httpPort !== undefined)
          carriers.set(bind.kind, { kind: bind.kind, token: bind.token, port: httpPort });
        break;
      case 'tcp':
      case 'udp': {
        const [port] = bind.ports;
        if (port !== undefined) carriers.set(bind.kind, { kind: bind.kind, port });
        break;
      }
      case 'table':
        break;
    }
  }
  return [...carriers.values()];
}

export function isStream(carrier: Carrier): boolean {
  return carrier.kind !== 'udp';
}
