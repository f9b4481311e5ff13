import type { Side } from '../capture/stream.ts';
import type { DecodeOutcome, HandoverOffer } from '../decode/index.ts';
import type { Bindings, Bound } from '../session/bindings.ts';
import type { Connection } from '../session/connection.ts';
import type { PduProblem, SessionPdu } from '../session/pdu.ts';
import { ConversationState } from '../session/state/conversation-state.ts';
import { MessageAssembler } from '../session/state/message-assembler.ts';

/** Protocols inside protocols inside protocols: deeper ones are not looked into. */
const MAX_DEPTH = 4;

const NOTHING: readonly SessionPdu[] = [];

/** Takes an inner PDU; true: look into it too. */
type Take = (inner: SessionPdu, depth: number) => boolean;

/** One inner protocol on one connection. */
interface Inner {
  readonly bound: Bound;
  readonly state: ConversationState;
  readonly messages: MessageAssembler;
  /** Octets handed over so far, by direction. */
  readonly position: Record<Side, number>;
}

/**
 * Decodes what the messages of a protocol carry with the spec that is bound to it (`bind: {table: ws.protocol,
 * keys: [chat.v1]}`). A message holds whole PDUs, one or several; none goes on in the next message.
 */
export class InnerProtocols {
  private readonly bindings: Bindings;
  private readonly inners = new Map<Connection, Map<Bound, Inner>>();

  constructor(bindings: Bindings) {
    this.bindings = bindings;
  }

  /** The inner PDUs of a PDU and of the message it completes. To be called in the order of each direction. */
  inside(connection: Connection, pdu: SessionPdu): readonly SessionPdu[] {
    if (!this.bindings.hasTables) return NOTHING;
    const found: SessionPdu[] = [];
    this.look(connection, pdu, (inner, depth) => {
      found.push(inner);
      return depth < MAX_DEPTH;
    });
    return found;
  }

  private look(connection: Connection, pdu: SessionPdu, take: Take, depth = 1): void {
    const decoder = this.bindings.all.find(({ protocol }) => protocol.id === pdu.protocol)?.decoder;
    if (decoder === undefined) return;
    const { decoded, message } = pdu;
    // A message that is not whole is nobody's: it would only look broken.
    const isWhole = message !== null && message.decoded !== null && message.incomplete === null;
    for (const object of isWhole ? [decoded, message.decoded] : [decoded]) {
      for (const offer of decoder.handovers(object)) {
        for (const inner of this.read(connection, pdu, offer)) {
          if (take(inner, depth)) this.look(connection, inner, take, depth + 1);
        }
      }
    }
  }

  private *read(connection: Connection, outer: SessionPdu, offer: HandoverOffer): Generator<SessionPdu> {
    for (const { table, key } of offer.tables) {
      const bound = this.bindings.table(table, key);
      if (bound === undefined) continue;
      yield* read(this.innerOf(connection, bound), outer, offer.octets);
      return;
    }
  }

  private innerOf(connection: Connection, bound: Bound): Inner {
    let inners = this.inners.get(connection);
    if (inners === undefined) this.inners.set(connection, (inners = new Map<Bound, Inner>()));
    let inner = inners.get(bound);
    if (inner === undefined) inners.set(bound, (inner = newInner(connection, bound)));
    return inner;
  }
}

function newInner(connection: Connection, bound: Bound): Inner {
  const seen = connection.recovered === null;
  const before = seen ? null : 'the capture begins after messages that it looks back at';
  const beginning = {
    heads: { request: connection.upgrade?.request ?? null, response: connection.upgrade?.response ?? null },
    seen: { c2s: seen, s2c: seen },
    sidesKnown: connection.recovered?.directionFrom !== 'pdu',
    server: connection.server,
  };
  return {
    bound,
    state: new ConversationState(bound.protocol, beginning),
    messages: new MessageAssembler(bound.decoder, { c2s: before, s2c: before }),
    position: { c2s: 0, s2c: 0 },
  };
}

/** The PDUs of one message. Every turn uses an octet or is the last. */
function* read(inner: Inner, outer: SessionPdu, octets: Uint8Array): Generator<SessionPdu> {
  const { direction: side } = outer;
  const { decoder } = inner.bound;
  const begin = inner.position[side];
  inner.position[side] += octets.length;
  for (let at = 0; at < octets.length;) {
    const outcome = decoder.decode(octets, at, octets.length, inner.state.params(side));
    const whole = outcome.kind === 'pdu' && outcome.pdu.complete && outcome.pdu.length > 0;
    const length = whole ? outcome.pdu.length : octets.length - at;
    const pdu = pduOf(inner, outer, outcome, { offset: begin + at, bytes: octets.subarray(at, at + length) });
    inner.state.change(side, decoder.changes(pdu.decoded));
    yield pdu;
    at += length;
  }
}

function pduOf(
  { bound, messages }: Inner,
  outer: SessionPdu,
  outcome: DecodeOutcome,
  { offset, bytes }: { readonly offset: number; readonly bytes: Uint8Array },
): SessionPdu {
  const part = {
    protocol: bound.protocol.id,
    transport: outer.transport,
    stream: outer.stream,
    direction: outer.direction,
    offset,
    length: bytes.length,
    frame: outer.frame,
    time: outer.time,
    decoded: outcome.kind === 'pdu' ? outcome.pdu : outcome.partial,
    bytes,
    problem: problemOf(outcome, bytes.length),
    confidence: outer.confidence,
    parent: { protocol: outer.protocol, stream: outer.stream },
  };
  return { ...part, message: messages.add(part) };
}

function problemOf(outcome: DecodeOutcome, available: number): PduProblem | null {
  if (outcome.kind === 'need-more') return { kind: 'truncated', needed: outcome.needed, available };
  const { problem, length } = outcome.pdu;
  if (problem === null) return null;
  const { path, message } = problem;
  return problem.kind === 'malformed'
    ? { kind: 'malformed', path, offset: problem.offset, message }
    : { kind: 'limit', path, needed: problem.needed ?? BigInt(length), message };
}
