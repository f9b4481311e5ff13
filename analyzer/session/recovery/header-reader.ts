import type { Expr, Protocol, ValueInstance } from '../../../spec/index.ts';
import {
  createDecoder,
  type Decoder,
  type DecodedPdu,
  memberValue,
  type ParamValues,
} from '../../decode/index.ts';
import { HEADER_OCTETS } from './limits.ts';

/** Who a PDU must be from by what it tells itself; `either`: it does not matter, or does not tell. */
export type Sender = 'client' | 'server' | 'either';

const NO_PARAMS: ParamValues = {};
const ACCEPT = '-recover-accept';
const FROM_CLIENT = '-recover-from-client';
const CHECK = '-recover-check-';

/** One or two octets settle whether most PDUs can begin there: the answers are kept. */
interface Table {
  readonly one: Uint8Array;
  readonly two: Uint8Array;
}

const UNKNOWN = 0;
const POSSIBLE = 1;
const IMPOSSIBLE = 2;

const SAMPLES = 4096;
const MAX_HEADER_BITS = 16;

/**
 * Tells cheaply whether a PDU may begin at an octet, and where it would end, from its header alone.
 *
 * The spec's own words decide: `recover`, `valid`, and the checks of severity error that need no state. They are made
 * members of the root type in a copy of the protocol, so that they can be asked of a PDU that is not whole.
 */
export class HeaderReader {
  private readonly decoder: Decoder;
  private readonly checks: readonly string[];
  private readonly tables: Record<Sender, Table>;
  private readonly sampled = new Map<Sender, number>();

  constructor(protocol: Protocol) {
    const { copy, checks } = withMembers(protocol);
    this.decoder = createDecoder(copy);
    this.checks = checks;
    this.tables = { client: emptyTable(), server: emptyTable(), either: emptyTable() };
  }

  /** Octets, at least, of the PDU that may begin at `at`; 0: none can. */
  lengthAt(bytes: Uint8Array, at: number, end: number, sender: Sender): number {
    if (at + 2 <= end && !this.mayBegin(bytes, at, sender)) return 0;
    return this.read(bytes, at, Math.min(end, at + HEADER_OCTETS), sender);
  }

  /** How seldom random octets pass for a header, in bits. */
  bitsOf(sender: Sender): number {
    const known = this.sampled.get(sender);
    if (known !== undefined) return known;
    const random = randomOctets(SAMPLES + HEADER_OCTETS);
    let passed = 0;
    for (let at = 0; at < SAMPLES; at++) {
      if (this.lengthAt(random, at, at + HEADER_OCTETS, sender) > 0) passed += 1;
    }
    const bits = Math.min(MAX_HEADER_BITS, Math.log2(SAMPLES / Math.max(1, passed)));
    this.sampled.set(sender, bits);
    return bits;
  }

  private mayBegin(bytes: Uint8Array, at: number, sender: Sender): boolean {
    const { one, two } = this.tables[sender];
    const first = bytes[at] ?? 0;
    if (one[first] === UNKNOWN) one[first] = this.read(bytes, at, at + 1, sender) > 0 ? POSSIBLE : IMPOSSIBLE;
    if (one[first] === IMPOSSIBLE) return false;
    const key = (first << 8) | (bytes[at + 1] ?? 0);
    if (two[key] === UNKNOWN) two[key] = this.read(bytes, at, at + 2, sender) > 0 ? POSSIBLE : IMPOSSIBLE;
    return two[key] === POSSIBLE;
  }

  private read(bytes: Uint8Array, at: number, end: number, sender: Sender): number {
    const outcome = this.decoder.decode(bytes, at, end, NO_PARAMS);
    if (outcome.kind === 'need-more') {
      return this.isPossible(outcome.partial, sender) ? Number(outcome.needed) : 0;
    }
    const { pdu } = outcome;
    return pdu.problem === null && pdu.complete && this.isPossible(pdu, sender) ? pdu.length : 0;
  }

  private isPossible({ root, faults }: DecodedPdu, sender: Sender): boolean {
    if (faults.some(({ severity }) => severity === 'error')) return false;
    const known = (id: string): unknown => {
      const found = memberValue(root, id);
      return 'error' in found ? undefined : found.value;
    };
    if (known(ACCEPT) === false) return false;
    const fromClient = sender === 'either' ? undefined : known(FROM_CLIENT);
    if (fromClient !== undefined && fromClient !== (sender === 'client')) return false;
    return this.checks.every((id) => known(id) !== false);
  }
}

function withMembers(protocol: Protocol): { copy: Protocol; checks: readonly string[] } {
  const { recovery } = protocol;
  const root = protocol.types[protocol.root];
  if (root === undefined || recovery === null) throw new Error(`"${protocol.id}" cannot be looked for`);
  // What reads the state of the conversation is unknown here.
  const rules = root.checks.filter(({ severity, reads }) => severity === 'error' && reads.length === 0);
  const members = rules.map(({ expect }, i) => hiddenMember(`${CHECK}${i}`, expect, protocol));
  if (recovery.accept !== null) members.push(hiddenMember(ACCEPT, recovery.accept, protocol));
  if (recovery.fromClient !== null) members.push(hiddenMember(FROM_CLIENT, recovery.fromClient, protocol));
  const grown = { ...root, checks: [], instances: [...root.instances, ...members] };
  const types = protocol.types.map((type) => (type === root ? grown : type));
  return { copy: { ...protocol, types }, checks: rules.map((_, i) => `${CHECK}${i}`) };
}

function emptyTable(): Table {
  return { one: new Uint8Array(0x100), two: new Uint8Array(0x10000) };
}

function hiddenMember(id: string, value: Expr, protocol: Protocol): ValueInstance {
  const span = protocol.types[protocol.root]?.span;
  if (span === undefined) throw new Error(`"${protocol.id}" has no root type`);
  return {
    kind: 'value',
    id,
    doc: '',
    when: null,
    value,
    valid: null,
    field: null,
    hidden: true,
    aliases: [],
    type: { kind: 'bool' },
    span,
  };
}

/** Always the same, so that the same capture has the same confidence (xorshift32). */
function randomOctets(count: number): Uint8Array {
  let state = 0x2545f491;
  return Uint8Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 16) & 0xff;
  });
}
