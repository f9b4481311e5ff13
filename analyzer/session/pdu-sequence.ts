import type { Side } from '../capture/stream.ts';
import { ASSUMED, type DecodedPdu, type Decoder, type ParamValues, type Value } from '../decode/index.ts';
import type { HttpHead } from '../http/head.ts';
import { parseHead } from '../http/parse-head.ts';
import type { SessionMessage } from './message.ts';
import { freshState } from './params.ts';
import type { PduProblem } from './pdu.ts';
import type { ConversationState } from './state/conversation-state.ts';
import type { UpgradeHeads } from './state/header-values.ts';
import { MessageAssembler } from './state/message-assembler.ts';

/** A PDU that was decoded, on its own. */
export interface TakenPdu {
  readonly side: Side;
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly decoded: DecodedPdu;
  readonly problem: PduProblem | null;
}

/** What a conversation begins with. */
export interface SequenceStart {
  /** Octets of the heads of the upgrade; undefined: it negotiated nothing. */
  readonly heads?: Readonly<Record<Side, Uint8Array>> | undefined;
  /** Values of the root type's params given by hand: they hold for every PDU. */
  readonly params?: Readonly<Record<string, Value>> | undefined;
}

const PLACE = { position: 0, length: 0, frame: 0, time: 0n };

/** The state of a conversation that exists in no capture. */
export class PduSequence {
  private readonly decoder: Decoder;
  private readonly state: ConversationState;
  private readonly messages: MessageAssembler;
  private readonly given: Readonly<Record<string, Value>> | undefined;

  constructor(decoder: Decoder, { heads, params }: SequenceStart = {}) {
    this.decoder = decoder;
    this.state = freshState(decoder.protocol, heads === undefined ? undefined : headsOf(heads));
    this.messages = new MessageAssembler(decoder, { c2s: null, s2c: null });
    this.given = params;
  }

  /** What the next PDU of a direction is read with. */
  params(side: Side): ParamValues {
    const params = this.state.params(side);
    if (this.given === undefined) return params;
    const assumed = new Set([...(params[ASSUMED] ?? [])].filter((id) => !(id in (this.given ?? {}))));
    return { ...params, ...this.given, [ASSUMED]: assumed };
  }

  /** To be told of each PDU in turn; the message that it completes, if any. */
  took({ side, offset, bytes, decoded, problem }: TakenPdu): SessionMessage | null {
    const message = this.messages.add({
      protocol: this.decoder.protocol.id,
      transport: 'tcp',
      stream: 0,
      direction: side,
      offset,
      length: bytes.length,
      frame: 0,
      time: 0n,
      decoded,
      bytes,
      problem,
      confidence: null,
    });
    this.state.change(side, this.decoder.changes(decoded));
    return message;
  }
}

function headsOf({ c2s, s2c }: Readonly<Record<Side, Uint8Array>>): UpgradeHeads {
  return { request: ofKind('request', c2s), response: ofKind('response', s2c) };
}

function ofKind<K extends HttpHead['kind']>(
  kind: K,
  octets: Uint8Array,
): Extract<HttpHead, { kind: K }> | null {
  const head = parseHead(octets, PLACE);
  return head?.kind === kind ? (head as Extract<HttpHead, { kind: K }>) : null;
}
