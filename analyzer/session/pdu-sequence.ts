import type { Side } from '../capture/stream.ts';
import type { DecodedPdu, Decoder, ParamValues } from '../decode/index.ts';
import type { SessionMessage } from './message.ts';
import { freshState } from './params.ts';
import type { PduProblem } from './pdu.ts';
import type { ConversationState } from './state/conversation-state.ts';
import { MessageAssembler } from './state/message-assembler.ts';

/** A PDU that was decoded, on its own. */
export interface TakenPdu {
  readonly side: Side;
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly decoded: DecodedPdu;
  readonly problem: PduProblem | null;
}

/** The state of a conversation that exists in no capture: begun with the first PDU, and nothing negotiated. */
export class PduSequence {
  private readonly decoder: Decoder;
  private readonly state: ConversationState;
  private readonly messages: MessageAssembler;

  constructor(decoder: Decoder) {
    this.decoder = decoder;
    this.state = freshState(decoder.protocol);
    this.messages = new MessageAssembler(decoder, { c2s: null, s2c: null });
  }

  /** What the next PDU of a direction is read with. */
  params(side: Side): ParamValues {
    return this.state.params(side);
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
