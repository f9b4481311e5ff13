import type { Param, Protocol } from '../../spec/index.ts';
import { luaString } from '../lua/lua-text.ts';
import { Unsupported } from '../unsupported.ts';
import { bearsAliases } from './alias/alias-view.ts';
import type { CheckContext } from './check/type-check.ts';
import { midstreamView } from './midstream/midstream-view.ts';
import type { MidstreamView } from './midstream/midstream-view.ts';
import { handsOver } from './show/handover-view.ts';
import { isStateful, rootMembers } from './state/params.ts';
import { stateView } from './state/state-view.ts';
import type { StateView } from './state/state-view.ts';
import { upgradeView } from './upgrade/upgrade-view.ts';
import type { UpgradeView } from './upgrade/upgrade-view.ts';
import { located } from './view-context.ts';

/** Framing, direction, columns: everything around one PDU. */
export interface DissectorView {
  readonly upgrade: (UpgradeView & { readonly recovers: boolean; readonly stateful: boolean }) | null;
  /** The ways of packets are asked for. */
  readonly ways: boolean;
  readonly midstream: (MidstreamView & { readonly stateful: boolean }) | null;
  readonly state: StateView | null;
  readonly direction: {
    readonly upgrade: boolean;
    readonly serverPorts: string | null;
    readonly namesServer: boolean;
  } | null;
  readonly pdu: {
    readonly root: string;
    readonly checker: string | null;
    readonly malformed: string;
    readonly limit: string;
    readonly truncated: string;
    readonly aliased: boolean;
    readonly recovers: boolean;
    /** PDUs can complete messages. */
    readonly messages: boolean;
    readonly handsOver: boolean;
    readonly aliasedMessage: boolean;
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
    readonly stateful: boolean;
  };
}

export interface FramingView {
  readonly root: string;
  readonly usesRoot: boolean;
  readonly tracksUpgrades: boolean;
  readonly stateful: boolean;
  readonly handsOver: boolean;
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
  const { params } = plan.type(protocol.root);
  const directed = params.some(({ source }) => source.kind === 'direction' || source.kind === 'server-port');
  const namesServer = params.some(({ source }) => source.kind === 'server-port');
  const stateful = isStateful(protocol);
  const recovers = recovery !== null;
  const framing = framingView(context, hasInfo, { upgrade: upgrade !== undefined, datagrams, recovers });
  const dissectStream = recovers ? 'midstream.dissect' : 'dissect_stream';
  return {
    upgrade:
      upgrade === undefined
        ? null
        : { ...upgradeView(protocol, experts, upgrade.token.toLowerCase()), recovers, stateful },
    ways: streams || stateful,
    state: stateView(context, { upgrade: upgrade !== undefined }),
    midstream:
      recovery === null ? null : { ...midstreamView(context, recovery, upgrade !== undefined), stateful },
    direction: directed
      ? { upgrade: upgrade !== undefined, serverPorts: serverPorts(protocol), namesServer }
      : null,
    pdu: pduView(context, recovers),
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
      stateful,
    },
  };
}

function pduView({ plan, experts, breakable }: CheckContext, recovers: boolean): DissectorView['pdu'] {
  const { root, reassembly, replaces } = plan.protocol;
  return {
    root: plan.names.type(root),
    checker: breakable.has(root) ? plan.names.type(root) : null,
    malformed: experts.own('malformed'),
    limit: experts.own('limit'),
    truncated: experts.own('truncated'),
    aliased: replaces !== null,
    recovers,
    messages: reassembly !== null,
    handsOver: handsOver(plan),
    aliasedMessage: reassembly !== null && bearsAliases(plan, reassembly.type),
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
  const stateful = isStateful(plan.protocol);
  const root = plan.type(plan.protocol.root);
  const locals = root.params.flatMap((param) =>
    located(context, param.span, [], () => {
      const value = packetParam(param);
      return value === null ? [] : [{ name: `param_${param.id}`, value }];
    }),
  );
  const members = rootMembers(plan.protocol, (id) => `param_${id}`);
  return {
    root: plan.names.type(root.id),
    usesRoot: plan.usesRoot(root.id),
    tracksUpgrades: has.upgrade,
    stateful,
    handsOver: handsOver(plan),
    recovers: has.recovers,
    locals,
    members,
    info: hasInfo ? 'info(o)' : luaString(plan.protocol.name),
    malformed: context.experts.own('malformed'),
    trailing: has.datagrams ? context.experts.own('trailing') : '',
  };
}

/** Lua for a param of all PDUs of a packet; null: it is not the same for all of them. */
function packetParam({ source }: Param): string | null {
  switch (source.kind) {
    case 'direction':
      return 'is_from_client(pinfo)';
    case 'preference':
      return `proto.prefs.${source.name}`;
    case 'server-port':
      return 'server_port(pinfo)';
    case 'session':
      return null;
    case 'argument':
      throw new Unsupported('a param of the top type without a source');
  }
}
