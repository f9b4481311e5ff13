import type { Side } from '../../analyzer/index.ts';
import type { GivenParam, Vector } from './suite.ts';

export interface Sent {
  readonly side: Side;
  readonly octets: Uint8Array;
}
export type Params = Vector['params'];

export const NO_PARAMS: ReadonlyMap<string, GivenParam> = new Map();

/** A vector of which nothing is said but its octets. */
export function bareVector(name: string, sent: readonly Sent[], params: Params = NO_PARAMS): Vector {
  const side = sent[0]?.side ?? 'c2s';
  return {
    name,
    line: 0,
    side,
    parts: sent.map((part) => ({ ...part, after: 0n })),
    end: { kind: 'fin', side },
    handshake: null,
    params,
    expect: null,
    messages: null,
    findings: new Set(),
    connection: null,
    info: null,
    problem: null,
    requires: null,
    differs: new Map(),
    unwritable: [],
    builtin: [],
  };
}
