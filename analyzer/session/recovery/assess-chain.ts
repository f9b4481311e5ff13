import type { DecodedPdu } from '../../decode/index.ts';
import type { OctetQueue } from '../octet-queue.ts';
import type { FoundChain, Wanted } from './chain-search.ts';
import { landingBits } from './chain-search.ts';
import { weighContent } from './content-evidence.ts';
import { ENOUGH_BITS, FIRST_PDU_BITS, SEGMENT_START_BITS } from './evidence.ts';
import { MAX_PDUS_READ } from './limits.ts';

export interface Assessed {
  /** Evidence in bits, that of being found among many places not yet taken off. */
  readonly bits: number;
  /** The part of it that text and named numbers gave. */
  readonly contentBits: number;
  /** Different PDUs that gave evidence by their content. */
  readonly contentPdus: number;
}

export interface ChainToAssess {
  readonly start: number;
  /** It begins where a segment does. */
  readonly fromSegment: boolean;
  /** Positions at which segments end, with the octets of each. */
  readonly segments: ReadonlyMap<number, number>;
}

export type Assessment =
  /** What was taken for a PDU at this position is none. */
  | { readonly kind: 'wrong'; readonly at: number }
  /** undefined: there is not enough to say where it begins. */
  | { readonly kind: 'right'; readonly found: FoundChain | undefined };

/** Octets by which headers are told apart, and PDUs: what is said twice proves nothing new. */
const HEADER_TELLING_OCTETS = 6;
const TELLING_OCTETS = 256;

/** Reads a chain in full, with the state of the conversation as far as the chain itself tells it. */
export function assessChain(wanted: Wanted, queue: OctetQueue, chain: ChainToAssess): Assessment {
  const { segments } = chain;
  const end = queue.position + queue.length;
  let tally = new Tally(chain.fromSegment);
  let state = wanted.state();
  let at = chain.start;
  let begun = true;
  for (let read = 0; read < MAX_PDUS_READ && at < end && tally.bits < ENOUGH_BITS; read++) {
    const from = queue.start + (at - queue.position);
    const outcome = wanted.decoder.decode(queue.bytes, from, queue.end, state.params(wanted.side));
    if (outcome.kind === 'need-more') break;
    const { pdu } = outcome;
    const content = isBelievable(wanted, pdu) ? weighContent(wanted.decoder, pdu) : IMPOSSIBLE;
    if (content.impossible) {
      if (begun) return { kind: 'wrong', at };
      // What came before may be what is wrong: it is tried on its own.
      tally = new Tally(segments.has(at) || at === queue.position);
      state = wanted.state();
      begun = true;
      continue;
    }
    begun = false;
    const telling = queue.bytes.subarray(from, from + Math.min(pdu.length, TELLING_OCTETS));
    const header = wanted.headers.bitsOf(wanted.sender) + landingBits(segments.get(at + pdu.length));
    tally.add(at, { telling: telling.join(), header, content: content.bits });
    state.change(wanted.side, wanted.decoder.changes(pdu));
    at += pdu.length;
  }
  return { kind: 'right', found: tally.found };
}

const IMPOSSIBLE = { impossible: true, bits: 0 };

function isBelievable({ decoder, sender }: Wanted, pdu: DecodedPdu): boolean {
  if (!pdu.complete || pdu.problem !== null || pdu.length === 0) return false;
  if (pdu.faults.some(({ severity }) => severity === 'error')) return false;
  if (pdu.breaches.some(({ check }) => check.severity === 'error')) return false;
  const recoverable = decoder.recover(pdu);
  if (recoverable?.accepted !== true) return false;
  const { fromClient } = recoverable;
  return sender === 'either' || fromClient === undefined || fromClient === (sender === 'client');
}

/** Sums up a chain, and finds the first PDU of it that may be believed. */
class Tally {
  private readonly said = new Set<string>();
  private readonly credit: number;
  /** All that speaks for the chain so far, its beginning included. */
  private sum = 0;
  private first: number | undefined;
  bits = 0;
  private contentBits = 0;
  private contentPdus = 0;

  constructor(fromSegment: boolean) {
    this.credit = fromSegment ? SEGMENT_START_BITS : 0;
  }

  add(
    at: number,
    pdu: { readonly telling: string; readonly header: number; readonly content: number },
  ): void {
    const beginning = pdu.telling.split(',', HEADER_TELLING_OCTETS).join();
    const content = this.isNew(pdu.telling) ? pdu.content : 0;
    const gain = (this.isNew(`${beginning}...`) ? pdu.header : 0) + content;
    this.sum += gain;
    if (this.first === undefined && this.credit + this.sum < FIRST_PDU_BITS) return;
    this.first ??= at;
    this.bits += gain;
    if (content === 0) return;
    this.contentBits += content;
    this.contentPdus += 1;
  }

  private isNew(telling: string): boolean {
    const isNew = !this.said.has(telling);
    this.said.add(telling);
    return isNew;
  }

  get found(): FoundChain | undefined {
    const { first, bits, contentBits, contentPdus } = this;
    return first === undefined ? undefined : { position: first, bits, contentBits, contentPdus };
  }
}
