import type { Protocol, SessionVariable } from '../../../spec/index.ts';
import type { Endpoint } from '../../capture/segment.ts';
import type { Side } from '../../capture/stream.ts';
import { ASSUMED, type ParamValues, type StateUpdate, type Value } from '../../decode/index.ts';
import { constantValue, type UpgradeHeads, valueFromHeads } from './header-values.ts';

/** How the conversation began, as far as the capture shows it. */
export interface Beginning {
  readonly heads: UpgradeHeads;
  /** The first octet of the protocol in each direction is in the capture. */
  readonly seen: Readonly<Record<Side, boolean>>;
  /** Who the client is was told by something else than the PDUs themselves. */
  readonly sidesKnown: boolean;
  readonly server: Endpoint;
}

type SideParams = Record<string, Value> & { [ASSUMED]: Set<string> };

interface Place {
  readonly param: string;
  readonly variable: SessionVariable;
  /** A value of the right kind that stands in while the variable is unknown; undefined: none. */
  readonly standIn: Value;
}

/**
 * The session variables of one conversation, as params for the PDUs of each direction.
 *
 * The params of a side are one object that changes as the conversation goes on: the decoder copies what it needs
 * when it begins a PDU.
 */
export class ConversationState {
  private readonly places: readonly Place[];
  private readonly sides: Readonly<Record<Side, SideParams>>;

  constructor(protocol: Protocol, beginning: Beginning) {
    this.places = placesOf(protocol);
    this.sides = {
      c2s: startParams(protocol, 'c2s', beginning),
      s2c: startParams(protocol, 's2c', beginning),
    };
    for (const side of ['c2s', 's2c'] as const) {
      for (const place of this.places) this.put(side, place, initialValue(place.variable, side, beginning));
    }
  }

  params(side: Side): ParamValues {
    return this.sides[side];
  }

  /** A PDU of a direction has changed variables. */
  change(side: Side, updates: readonly StateUpdate[]): void {
    for (const { variable, value } of updates) {
      for (const place of this.places) {
        if (place.variable.id !== variable) continue;
        const kept = value instanceof Uint8Array ? new Uint8Array(value) : value;
        if (place.variable.per === 'direction') this.put(side, place, kept);
        else for (const each of ['c2s', 's2c'] as const) this.put(each, place, kept);
      }
    }
  }

  /** Octets of a direction are missing, and with them what its PDUs have changed. */
  lose(side: Side): void {
    for (const place of this.places) {
      if (place.variable.from !== null) continue;
      if (place.variable.per === 'direction') this.put(side, place, undefined);
      else for (const each of ['c2s', 's2c'] as const) this.put(each, place, undefined);
    }
  }

  private put(side: Side, { param, standIn }: Place, value: Value): void {
    const params = this.sides[side];
    params[param] = value ?? standIn;
    if (value === undefined && standIn !== undefined) params[ASSUMED].add(param);
    else params[ASSUMED].delete(param);
  }
}

function placesOf(protocol: Protocol): readonly Place[] {
  const root = protocol.types[protocol.root];
  return (root?.params ?? []).flatMap(({ id, source }) => {
    if (source.kind !== 'session') return [];
    const variable = protocol.session.find((one) => one.id === source.variable);
    if (variable === undefined) return [];
    const standIn = variable.unseen === null ? undefined : constantValue(variable.unseen);
    return [{ param: id, variable, standIn }];
  });
}

/** The params that do not change. */
function startParams(protocol: Protocol, side: Side, beginning: Beginning): SideParams {
  const params: SideParams = { [ASSUMED]: new Set<string>() };
  for (const { id, source } of protocol.types[protocol.root]?.params ?? []) {
    if (source.kind === 'direction') {
      params[id] = side === 'c2s';
      if (!beginning.sidesKnown) params[ASSUMED].add(id);
    } else if (source.kind === 'server-port' && beginning.sidesKnown) {
      params[id] = beginning.server.port;
    }
  }
  return params;
}

function initialValue(variable: SessionVariable, side: Side, { heads, seen }: Beginning): Value {
  if (variable.from !== null) return valueFromHeads(variable, heads);
  const known = variable.per === 'direction' ? seen[side] : seen.c2s && seen.s2c;
  return known ? constantValue(variable.init) : undefined;
}
