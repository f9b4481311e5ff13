import type { BuiltinRule, Protocol } from '../../../spec/index.ts';
import type { Side } from '../../capture/stream.ts';
import type { DecodedPdu, Decoder, MessageInflate, MessagePart } from '../../decode/index.ts';
import type { MessageBreach, SessionMessage } from '../message.ts';
import type { SessionPdu } from '../pdu.ts';
import { InflateWindow } from './inflate-window.ts';

type Part = Omit<SessionPdu, 'message'>;

/** Parts of one message beyond which the rest is only counted: each is kept until the message ends. */
const MAX_PARTS = 100_000;

/** A message whose last part has not come. */
interface Open {
  readonly parts: Part[];
  readonly data: Uint8Array[];
  octets: number;
  /** Why not all of it is there; null: it is. */
  damage: string | null;
}

/**
 * Joins the parts of messages, per direction or for the whole conversation as the spec says, and reads them.
 */
export class MessageAssembler {
  private readonly protocol: Protocol;
  private readonly decoder: Decoder;
  private readonly open = new Map<string, Open>();
  private readonly windows = new Map<string, InflateWindow>();
  /** Why windows begin unknown; null: the conversation was seen from its beginning. */
  private readonly begunBefore: Readonly<Record<Side, string | null>>;

  constructor(decoder: Decoder, begunBefore: Readonly<Record<Side, string | null>>) {
    this.protocol = decoder.protocol;
    this.decoder = decoder;
    this.begunBefore = begunBefore;
  }

  /** The message that a PDU completes; null: none. */
  add(pdu: Part): SessionMessage | null {
    const part = this.decoder.part(pdu.decoded);
    if (part === null) return null;
    const key = this.keyOf(pdu.direction);
    if (part.first) this.open.set(key, { parts: [], data: [], octets: 0, damage: null });
    const open = this.open.get(key);
    if (open === undefined) return null;
    this.append(open, pdu, part);
    if (!part.last) return null;
    this.open.delete(key);
    return this.finish(open, pdu.direction);
  }

  /** Octets of a direction are missing: whatever was being sent there is given up. */
  lose(side: Side, why: string): void {
    this.open.delete(this.keyOf(side));
    this.loseWindows(side, why);
  }

  private loseWindows(side: Side, why: string): void {
    for (const process of this.protocol.processes) {
      if (process.window !== 'none') this.windowOf(process, side).lose(why);
    }
  }

  private append(open: Open, pdu: Part, part: MessagePart): void {
    const { maxOctets = 0 } = this.protocol.reassembly ?? {};
    const hasRoom = open.parts.length < MAX_PARTS;
    if (hasRoom) open.parts.push(pdu);
    else open.damage ??= `it has more than ${MAX_PARTS} parts`;
    if (pdu.problem !== null && pdu.problem.kind !== 'malformed') open.damage ??= damageOf(pdu.problem);
    if (part.data === null) {
      open.damage ??= 'the data of a part of it cannot be read';
      return;
    }
    open.octets += part.data.length;
    if (open.octets > maxOctets) open.damage ??= `it has more than ${maxOctets} octets`;
    else if (hasRoom) open.data.push(part.data);
  }

  private finish(open: Open, side: Side): SessionMessage {
    const { parts, data, damage } = open;
    const octets = data.length === 1 ? (data[0] ?? NO_OCTETS) : Buffer.concat(data);
    const first = parts[0];
    if (damage !== null || first === undefined) {
      this.loseWindows(side, 'a message before it is not all there');
      return {
        parts,
        octets,
        decoded: null,
        processed: false,
        breaches: [],
        ruleBreaches: [],
        incomplete: damage,
      };
    }
    return this.read(first.decoded, octets, { parts, side });
  }

  private read(
    first: DecodedPdu,
    octets: Uint8Array,
    { parts, side }: { readonly parts: readonly Part[]; readonly side: Side },
  ): SessionMessage {
    const ruleBreaches: MessageBreach[] = [];
    let processed = false;
    let incomplete: string | null = null;
    const inflate: MessageInflate = (bytes, process, terms) => {
      processed = true;
      const inflated = this.windowOf(process, side).inflate(bytes, process, terms);
      const { breach } = inflated;
      const rule = breach === null ? undefined : this.ruleOf(breach.rule);
      if (breach !== null && rule !== undefined) ruleBreaches.push({ ...breach, id: rule.id });
      incomplete ??= inflated.unrecoverable;
      return inflated.result;
    };
    const decoded = this.decoder.message(first, octets, inflate);
    incomplete ??= decoded.problem === null ? null : decoded.problem.message;
    const { breaches } = decoded;
    return { parts, octets, decoded, processed, breaches, ruleBreaches, incomplete };
  }

  private windowOf(process: Protocol['processes'][number], side: Side): InflateWindow {
    const key = `${process.name} ${process.window === 'conversation' ? '' : side}`;
    const known = this.windows.get(key);
    if (known !== undefined) return known;
    const window = new InflateWindow();
    const why = this.begunBefore[side];
    if (why !== null) window.lose(why);
    this.windows.set(key, window);
    return window;
  }

  private ruleOf(name: string): BuiltinRule | undefined {
    return this.protocol.rules.find(({ rule }) => rule === name);
  }

  private keyOf(side: Side): string {
    return this.protocol.reassembly?.per === 'conversation' ? '' : side;
  }
}

const NO_OCTETS = new Uint8Array(0);

function damageOf(problem: NonNullable<SessionPdu['problem']>): string {
  switch (problem.kind) {
    case 'truncated':
      return `the stream ends after ${problem.available} of ${problem.needed} octets of a frame`;
    case 'gap':
    case 'limit':
    case 'malformed':
      return problem.message;
  }
}
