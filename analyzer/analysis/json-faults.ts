import type { DissectedPacket, DissectionEnd } from '../../engines/index.ts';
import type { Protocol } from '../../spec/index.ts';
import type { Failure } from './analysis.ts';

export interface JsonOutcome {
  readonly end: DissectionEnd;
  readonly name: string;
  /** The JSON holds the plugin's layers. */
  readonly sawProtocol: boolean;
  readonly decodedPdus: number;
  readonly protocols: readonly Protocol[];
}

/** Of each kind of fault the first is told, with how often it occurred. */
interface Noted {
  readonly first: string;
  count: number;
}

/** What a JSON shows of things gone wrong before it reached us. tshark exits 0 on all of them. */
export class JsonFaults {
  private readonly engineErrors = new Map<string, Noted>();
  private readonly lacking = new Map<string, Noted>();
  private readonly altered = new Map<string, Noted>();

  packet(packet: DissectedPacket): void {
    for (const error of packet.engineErrors)
      note(this.engineErrors, 'error', `packet ${packet.frame}: ${error}`);
    for (const problem of packet.problems)
      note(this.altered, 'problem', `packet ${packet.frame}: ${problem}`);
    const differs = packet.tcp?.payloadDiffersAt ?? packet.udp?.payloadDiffersAt ?? null;
    if (differs !== null) {
      note(
        this.altered,
        'payload',
        `packet ${packet.frame}: the payload and its _raw twin differ at octet ${differs}`,
      );
    }
  }

  /** @param what field that our own decoding would need of this packet; null: nothing is missing */
  missing(what: string | null, frame: number): void {
    if (what !== null) note(this.lacking, what, `packet ${frame}`);
  }

  get lacksOctets(): boolean {
    return this.lacking.size > 0;
  }

  failures(outcome: JsonOutcome): Failure[] {
    const failures: Failure[] = [];
    if (outcome.end.kind !== 'complete')
      failures.push({ kind: 'input', message: `${outcome.name}: ${outcome.end.message}` });
    for (const { first, count } of this.engineErrors.values()) {
      failures.push({
        kind: 'engine',
        message: `The plugin failed inside tshark ${times(count)}, first in ${first}`,
      });
    }
    for (const { first, count } of this.altered.values()) {
      failures.push({
        kind: 'input',
        message: `${outcome.name} was altered after tshark wrote it (${times(count)}), first in ${first}.`,
      });
    }
    for (const [field, { first, count }] of this.lacking) failures.push(lackingFailure(field, first, count));
    const plugin = pluginFailure(outcome);
    if (plugin !== null) failures.push(plugin);
    return failures;
  }
}

function lackingFailure(field: string, first: string, count: number): Failure {
  return {
    kind: 'input',
    message:
      `The JSON lacks "${field}" ${times(count)}, first in ${first}, so our own decoding has no octets. ` +
      'Run tshark without -j and -J (or with -J "frame ip ipv6 tcp udp" and the protocol), or give the capture with --capture.',
  };
}

/** Our decoding found the protocol, the JSON does not show it. */
function pluginFailure({ sawProtocol, decodedPdus, protocols }: JsonOutcome): Failure | null {
  if (sawProtocol || decodedPdus === 0) return null;
  const names = protocols.map(({ filter }) => `"${filter}"`).join(' or ');
  const lua = protocols.map(({ id }) => `-X lua_script:plugin-out/${id}.lua`).join(' ');
  return {
    kind: 'engine',
    message:
      `The JSON has no layer ${names} though the traffic is there: tshark did not load the plugin. Run it with ${lua}; ` +
      'from 4.4 on tshark ignores Lua plugins when run as root, without a word.',
  };
}

function note(map: Map<string, Noted>, key: string, text: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, { first: text, count: 1 });
  else known.count += 1;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
