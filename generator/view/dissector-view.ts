import type { Param, Protocol } from '../../spec/index.ts';
import { luaKey, luaString } from '../lua/lua-text.ts';
import { Unsupported } from '../unsupported.ts';
import type { CheckContext } from './check/type-check.ts';
import { midstreamView } from './midstream/midstream-view.ts';
import type { MidstreamView } from './midstream/midstream-view.ts';
import { upgradeView } from './upgrade/upgrade-view.ts';
import type { UpgradeView } from './upgrade/upgrade-view.ts';
import { located } from './view-context.ts';

/** Framing, direction, columns: everything around one PDU. */
export interface DissectorView {
  readonly upgrade: (UpgradeView & { readonly recovers: boolean }) | null;
  readonly midstream: MidstreamView | null;
  readonly direction: { readonly upgrade: boolean; readonly serverPorts: string | null } | null;
  readonly pdu: {
    readonly root: string;
    readonly checker: string | null;
    readonly malformed: string;
    readonly limit: string;
    readonly truncated: string;
    readonly aliased: boolean;
    readonly recovers: boolean;
  };
  readonly columns: { readonly protocol: string; readonly mark: string };
  readonly stream: FramingView | null;
  readonly datagram: FramingView | null;
  readonly entry: {
    readonly both: boolean;
    readonly only: string;
    readonly dissectStream: string;
    readonly recovers: boolean;
    readonly filter: string;
    readonly streams: boolean;
    readonly upgrade: boolean;
  };
}

export interface FramingView {
  readonly root: string;
  readonly usesRoot: boolean;
  readonly tracksUpgrades: boolean;
  readonly recovers: boolean;
  readonly locals: readonly { readonly name: string; readonly value: string }[];
  /** Members an object of the root type is born with. */
  readonly members: string;
  readonly info: string;
  readonly malformed: string;
  readonly trailing: string;
}

export function dissectorView(context: CheckContext, hasInfo: boolean): DissectorView {
  const { plan, experts } = context;
  const { protocol } = plan;
  const upgrade = protocol.binds.find((bind) => bind.kind === 'http-upgrade');
  const streams = carriesStreams(protocol);
  const datagrams = carriesMessages(protocol) || !streams;
  const recovery = streams ? protocol.recovery : null;
  const directed = plan.type(protocol.root).params.some((param) => param.source.kind === 'direction');
  const recovers = recovery !== null;
  const framing = framingView(context, hasInfo, { upgrade: upgrade !== undefined, datagrams, recovers });
  const dissectStream = recovers ? 'midstream.dissect' : 'dissect_stream';
  return {
    upgrade:
      upgrade === undefined
        ? null
        : { ...upgradeView(protocol, experts, upgrade.token.toLowerCase()), recovers },
    midstream: recovery === null ? null : midstreamView(context, recovery, upgrade !== undefined),
    direction: directed ? { upgrade: upgrade !== undefined, serverPorts: serverPorts(protocol) } : null,
    pdu: {
      root: plan.names.type(protocol.root),
      checker: context.breakable.has(protocol.root) ? plan.names.type(protocol.root) : null,
      malformed: experts.own('malformed'),
      limit: experts.own('limit'),
      truncated: experts.own('truncated'),
      aliased: protocol.replaces !== null,
      recovers,
    },
    columns: { protocol: protocol.replaces?.name ?? protocol.name, mark: `${protocol.filter}_info` },
    stream: streams ? framing : null,
    datagram: datagrams ? framing : null,
    entry: {
      both: streams && datagrams,
      only: streams ? dissectStream : 'dissect_datagram',
      dissectStream,
      recovers,
      filter: protocol.filter,
      streams,
      upgrade: upgrade !== undefined,
    },
  };
}

/** TCP and what is switched to by an upgrade. Decode As on a TCP port is offered wherever PDUs delimit themselves. */
function carriesStreams(protocol: Protocol): boolean {
  return protocol.framing.kind === 'self-delimiting';
}

function carriesMessages(protocol: Protocol): boolean {
  return protocol.binds.some((bind) => bind.kind === 'udp' || bind.kind === 'table');
}

function serverPorts(protocol: Protocol): string | null {
  const ports = protocol.binds.flatMap((bind) =>
    bind.kind === 'tcp' || bind.kind === 'udp' ? bind.ports : [],
  );
  return ports.length === 0 ? null : ports.map((port) => `[${String(port)}] = true`).join(', ');
}

function framingView(
  context: CheckContext,
  hasInfo: boolean,
  has: { readonly upgrade: boolean; readonly datagrams: boolean; readonly recovers: boolean },
): FramingView {
  const { plan } = context;
  const root = plan.type(plan.protocol.root);
  const params = root.params.map((param) =>
    located(context, param.span, { id: param.id, value: 'nil' }, () => rootParam(param)),
  );
  const locals = params.map(({ id, value }) => ({ name: `param_${id}`, value }));
  const members = ['_io = io', '_start = at', ...params.map(({ id }) => `${luaKey(id)} = param_${id}`)];
  return {
    root: plan.names.type(root.id),
    usesRoot: plan.usesRoot(root.id),
    tracksUpgrades: has.upgrade,
    recovers: has.recovers,
    locals,
    members: members.join(', '),
    info: hasInfo ? 'info(o)' : luaString(plan.protocol.name),
    malformed: context.experts.own('malformed'),
    trailing: has.datagrams ? context.experts.own('trailing') : '',
  };
}

function rootParam(param: Param): { readonly id: string; readonly value: string } {
  switch (param.source.kind) {
    case 'direction':
      return { id: param.id, value: 'is_from_client(pinfo)' };
    case 'preference':
      return { id: param.id, value: `proto.prefs.${param.source.name}` };
    case 'server-port':
    case 'session':
      throw new Unsupported('a param with the source "session"');
    case 'argument':
      throw new Unsupported('a param of the top type without a source');
  }
}
