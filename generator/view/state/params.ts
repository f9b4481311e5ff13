import type { Protocol } from '../../../spec/index.ts';
import { luaKey, luaMember } from '../../lua/lua-text.ts';
import { constantText } from './session-view.ts';

/** Whether PDUs are read with something that earlier ones left behind, or are parts of messages. */
export function isStateful(protocol: Protocol): boolean {
  return protocol.session.length > 0 || protocol.reassembly !== null;
}

/** Members that an object of the root type is born with. `packet`: Lua for a param that a whole packet has in common. */
export function rootMembers(protocol: Protocol, packet: (id: string) => string): string {
  const params = protocol.types[protocol.root]?.params ?? [];
  const session = isStateful(protocol) ? ['_own = own', '_shared = shared'] : [];
  const values = params.map(({ id, source }) => {
    const value = source.kind === 'session' ? sessionParam(protocol, source.variable) : packet(id);
    return `${luaKey(id)} = ${value}`;
  });
  return ['_io = io', '_start = at', ...session, ...values].join(', ');
}

/** Lua for the value of a session variable. @throws Unsupported */
function sessionParam(protocol: Protocol, name: string): string {
  const variable = protocol.session.find(({ id }) => id === name);
  if (variable === undefined) return 'nil';
  const value = luaMember(variable.per === 'direction' ? 'own' : 'shared', variable.id);
  return variable.unseen === null ? value : `assumed(${value}, ${constantText(variable.unseen)})`;
}

/**
 * Lua that is true when what a check depends on is known: nothing is said on the strength of a value that only stands
 * in for one. `reads`: ids of the root type's params; `root`: Lua for the root object.
 */
export function knownConditions(
  protocol: Protocol,
  reads: readonly string[],
  root: string,
): readonly string[] {
  const params = protocol.types[protocol.root]?.params ?? [];
  return reads.flatMap((id) => {
    const param = params.find((one) => one.id === id);
    if (param === undefined) return [];
    const { source } = param;
    if (source.kind !== 'session') return [`${luaMember(root, id)} ~= nil`];
    const variable = protocol.session.find((one) => one.id === source.variable);
    const level = variable?.per === 'direction' ? '_own' : '_shared';
    return [`${luaMember(`${root}.${level}`, source.variable)} ~= nil`];
  });
}
