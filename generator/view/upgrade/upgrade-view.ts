import type { Protocol } from '../../../spec/index.ts';
import type { Experts } from '../check/experts.ts';

/** The HTTP upgrade: a second protocol, a post-dissector, that reads the heads and judges the handshake. */
export interface UpgradeView {
  /** Lower case. */
  readonly token: string;
  /** Filter and long name of the post-dissector. */
  readonly filter: string;
  readonly name: string;
  readonly rules: readonly HandshakeRule[];
  readonly fields: readonly HandshakeField[];
  /** Expert for an answer that grants nothing. */
  readonly refused: string;
}

interface HandshakeRule {
  readonly key: string;
  readonly id: string;
  readonly expert: string;
}

interface HandshakeField {
  readonly key: string;
  readonly kind: 'string' | 'framenum';
  readonly arguments: string;
}

/** Named rules that begin so are those that the heads are judged by: `upgrade-accept` is `accept` in Lua. */
const RULE_PREFIX = 'upgrade-';

const FIELDS: Readonly<Record<string, string>> = {
  key: 'Key',
  version: 'Version',
  offered: 'Offered extensions',
  subprotocols: 'Offered subprotocols',
  accept: 'Accept',
  expected_accept: 'Accept expected for the key',
  extensions: 'Extensions',
  subprotocol: 'Subprotocol',
};

export function upgradeView(protocol: Protocol, experts: Experts, token: string): UpgradeView {
  const taken = new Set(protocol.protocolFields.map((field) => field.filter));
  const filterOf = (name: string): string => {
    let filter = `${protocol.filter}.handshake.${name}`;
    while (taken.has(filter)) filter += '_';
    return filter;
  };
  const texts = Object.entries(FIELDS).map(([key, label]): HandshakeField => ({
    key,
    kind: 'string',
    arguments: `"${filterOf(key)}", "${label}"`,
  }));
  return {
    token,
    filter: `${protocol.filter}_http`,
    name: `${protocol.name}: HTTP upgrades`,
    rules: protocol.rules
      .filter(({ scope, rule }) => scope === 'handshake' && rule.startsWith(RULE_PREFIX))
      .map((rule) => ({
        key: rule.rule.slice(RULE_PREFIX.length).replaceAll('-', '_'),
        id: rule.id,
        expert: experts.rule(rule),
      })),
    fields: [
      ...texts,
      { key: 'request_in', kind: 'framenum', arguments: `"${filterOf('request_in')}", "Request in"` },
    ],
    refused: experts.own('refused'),
  };
}
