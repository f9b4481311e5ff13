import type { Side } from '../capture/stream.ts';
import { placeOf } from '../judge/connection-judge.ts';
import type { FindingInput } from '../judge/finding.ts';
import type { SessionPdu } from '../session/pdu.ts';
import { numberAt } from '../session/read-field.ts';
import type { OpenFragments } from './close-rules.ts';
import { HINTS } from './hints.ts';
import { OPCODE, type WebsocketFrame } from './opcode.ts';
import { plural, senderOf, SIDES } from './sides.ts';

interface OpenMessage {
  readonly place: OpenFragments;
  readonly firstOctets: number;
  fragments: number;
  octets: number;
}

/** Messages that came in many small pieces. */
interface Pieces {
  readonly frame: number;
  readonly offset: number;
  readonly hex: string;
  readonly firstOctets: number;
  readonly firstFragments: number;
  messages: number;
  fragments: number;
  octets: number;
}

export interface Sizes {
  /** Octets of the largest message begun. */
  readonly last: number;
  /** Of the largest before that. */
  readonly largestBefore: number;
}

/** Two pieces are a matter of taste, three of a buffer that is too small. */
const FEWEST_FRAGMENTS = 3;
/** gorilla's write buffer unless set; larger pieces cost nothing worth telling. */
const SMALL_FRAGMENT_OCTETS = 4096;

/** How messages are cut into frames, and how large they get; of octets as sent, before inflating. */
export class FragmentWatch {
  readonly open: Record<Side, OpenMessage | null> = { c2s: null, s2c: null };
  private readonly largest: Record<Side, { last: number; largestBefore: number } | null> = {
    c2s: null,
    s2c: null,
  };
  private readonly running: Record<Side, number> = { c2s: 0, s2c: 0 };
  private readonly pieces: Record<Side, Pieces | null> = { c2s: null, s2c: null };

  frame(pdu: SessionPdu, { opcode, fin }: WebsocketFrame): void {
    const { direction } = pdu;
    // A truncated frame counts with what it claims: that is what a limit is held against.
    const octets = numberAt(pdu.decoded.root, 'len_payload') ?? 0;
    if (opcode === OPCODE.text || opcode === OPCODE.binary) {
      this.grow(direction, octets, true);
      if (!fin) this.begin(pdu, octets);
    } else if (opcode === OPCODE.continuation) {
      this.grow(direction, octets, false);
      this.continue(direction, octets, fin);
    }
  }

  openAt(side: Side): OpenFragments | null {
    return this.open[side]?.place ?? null;
  }

  sizes(side: Side): Sizes | null {
    return this.largest[side];
  }

  findings(): FindingInput[] {
    return SIDES.flatMap((side): FindingInput[] => {
      const pieces = this.pieces[side];
      if (pieces === null) return [];
      const { frame, offset, hex, messages, fragments, octets, firstOctets, firstFragments } = pieces;
      const mean = Math.round(octets / fragments);
      const sender = senderOf(side);
      const message =
        `${plural(messages, 'message')} of the ${sender} came in ${fragments} fragments of ${mean} octets on average; ` +
        `the first in ${firstFragments}, beginning with one of ${firstOctets} octets`;
      const at = { direction: side, frame, offset, hex };
      return [{ rule: 'FRAGMENTS', severity: 'info', ...at, reference: '', message, hint: HINTS.nextWriter }];
    });
  }

  private grow(side: Side, octets: number, begins: boolean): void {
    this.running[side] = begins ? octets : this.running[side] + octets;
    const size = this.running[side];
    const largest = this.largest[side];
    if (largest === null) this.largest[side] = { last: size, largestBefore: 0 };
    else if (begins && size > largest.last) this.largest[side] = { last: size, largestBefore: largest.last };
    else if (size > largest.last) largest.last = size;
  }

  private begin(pdu: SessionPdu, octets: number): void {
    const { frame, offset, hex } = placeOf(pdu);
    const place = { frame, offset, hex };
    this.open[pdu.direction] ??= { place, firstOctets: octets, fragments: 1, octets };
  }

  private continue(side: Side, octets: number, fin: boolean): void {
    const open = this.open[side];
    if (open === null) return;
    open.fragments += 1;
    open.octets += octets;
    if (!fin) return;
    this.open[side] = null;
    if (open.fragments < FEWEST_FRAGMENTS || open.octets / open.fragments > SMALL_FRAGMENT_OCTETS) return;
    const known = (this.pieces[side] ??= {
      ...open.place,
      firstOctets: open.firstOctets,
      firstFragments: open.fragments,
      messages: 0,
      fragments: 0,
      octets: 0,
    });
    known.messages += 1;
    known.fragments += open.fragments;
    known.octets += open.octets;
  }
}
