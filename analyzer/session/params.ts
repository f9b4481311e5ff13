import type { Protocol } from '../../spec/index.ts';
import type { Side } from '../capture/stream.ts';
import type { ParamValues } from '../decode/index.ts';

/** The root type's params for PDUs of one direction. A preference has its initial value: there is no other here. */
export function paramsFor(protocol: Protocol, side: Side): ParamValues {
  const root = protocol.types[protocol.root];
  const values: Record<string, boolean> = {};
  for (const param of root?.params ?? []) {
    if (param.source.kind === 'direction') values[param.id] = side === 'c2s';
  }
  return values;
}
