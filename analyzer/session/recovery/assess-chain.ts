import type { DecodedPdu } from '../../decode/index.ts';
import type { OctetQueue } from '../octet-queue.ts';
import type { FoundChain, Wanted } from './chain-search.ts';
import { landingBits } from './chain-search.ts';
import { weighContent } from './content-evidence.ts';
import { ENOUGH_BITS, FIRST_PDU_BITS, SEGMENT_START_BITS } from './evidence.ts';

export interface Assessed {
  /** Evidence in bits, that of being found among many places not yet taken off. */
  readonly bits: number;
  /** The part of it that text and named numbers gave. */
  readonly contentBits: number;
  /** Whole PDUs that gave evidence, and those of them that gave evidence by their content. */
  readonly pdus: number;
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

/** Octets by which PDUs are told apart: what is said twice proves nothing new. */
const TELLING_OCTETS = 6;

/** Reads a chain in full, with the state of the conversation as far as the chain itself tells it. */
export function assessChain(wanted: Wanted, queue: OctetQueue, chain: ChainToAssess): Assessment {
  const { segments } = chain;
  const end = queue.position + queue.length;
  let tally = new Tally(chain.fromSegment);
  let state = wanted.state();
  let at = chain.start;
  let begun = true;
  while (at < end && tally.bits < ENOUGH_BITS) {
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
  private pdus = 0;
  private contentPdus = 0;

  constructor(fromSegment: boolean) {
    this.credit = fromSegment ? SEGMENT_START_BITS : 0;
  }

  add(
    at: number,
    pdu: { readonly telling: string; readonly header: number; readonly content: number },
  ): void {
    const isNew = !this.said.has(pdu.telling);
    this.said.add(pdu.telling);
    const gain = isNew ? pdu.header + pdu.content : 0;
    this.sum += gain;
    if (this.first === undefined && this.credit + this.sum < FIRST_PDU_BITS) return;
    this.first ??= at;
    this.bits += gain;
    if (!isNew) return;
    this.pdus += 1;
    if (pdu.content === 0) return;
    this.contentBits += pdu.content;
    this.contentPdus += 1;
  }

  get found(): FoundChain | undefined {
    const { first, bits, contentBits, pdus, contentPdus } = this;
    return first === undefined ? undefined : { position: first, bits, contentBits, pdus, contentPdus };
  }
}
