import type { Protocol } from '../../spec/index.ts';
import { luaString } from '../lua/lua-text.ts';

/** Where in Wireshark the dissector is called from. */
export interface RegistrationView {
  readonly ports: readonly { readonly table: string; readonly key: string }[];
  readonly decodeAs: boolean;
  readonly tables: readonly { readonly table: string; readonly keys: readonly string[] }[];
  readonly takeover: { readonly token: string; readonly builtin: string | null } | null;
}

export function registrationView(protocol: Protocol): RegistrationView {
  const upgrade = protocol.binds.find((bind) => bind.kind === 'http-upgrade');
  return {
    ports: protocol.binds.flatMap((bind) =>
      (bind.kind === 'tcp' || bind.kind === 'udp') && bind.ports.length > 0
        ? [{ table: `${bind.kind}.port`, key: portKey(bind.ports) }]
        : [],
    ),
    decodeAs: protocol.framing.kind === 'self-delimiting',
    tables: protocol.binds.flatMap((bind) =>
      bind.kind === 'table'
        ? [
            {
              table: bind.table,
              keys: bind.keys.map((key) => (typeof key === 'number' ? String(key) : luaString(key))),
            },
          ]
        : [],
    ),
    takeover:
      upgrade === undefined ? null : { token: upgrade.token, builtin: protocol.replaces?.dissector ?? null },
  };
}

/** A number, or a list of them as Wireshark takes it: "7070,7071". */
function portKey(ports: readonly number[]): string {
  const [only, ...more] = ports;
  return more.length === 0 ? String(only ?? 0) : luaString(ports.join(','));
}
