import type { Endpoint, TcpSegment } from '../segment.ts';
import type { Conversation, Side, StreamEvent } from '../stream.ts';
import { HalfStream, type Place } from './half-stream.ts';
import { advance, distance } from './sequence.ts';

/** A segment as reassembly takes it: tshark's JSON may lack the numbers. */
export interface LooseSegment extends Omit<TcpSegment, 'sequence' | 'acknowledgement'> {
  readonly sequence: number | null;
  readonly acknowledgement: number | null;
}

type EndReason = Extract<StreamEvent, { kind: 'end' }>['reason'];

/** The direction that the first segment was sent in, and the other. */
export type Way = 'forward' | 'backward';

/**
 * One TCP connection: two half streams and how each comes to its end.
 *
 * Who is client is settled when the first event goes out: by a SYN or SYN-ACK, else by the ports.
 */
export class Connection {
  readonly stream: number;
  readonly #emit: (event: StreamEvent) => void;
  readonly #opened: Place;
  readonly #sender: Endpoint;
  readonly #receiver: Endpoint;
  readonly #forward: Direction;
  readonly #backward: Direction;
  #senderIsClient: boolean;
  #synSeen = false;
  #conversation: Conversation | undefined;
  #reset: Reset | undefined;
  /** Number of the last packet of this connection. */
  lastFrame: number;

  constructor(stream: number, first: LooseSegment, emit: (event: StreamEvent) => void) {
    this.stream = stream;
    this.#emit = emit;
    this.#opened = { frame: first.frame, time: first.time };
    this.#sender = first.source;
    this.#receiver = first.destination;
    this.#senderIsClient = first.source.port >= first.destination.port;
    this.#forward = this.#direction('forward');
    this.#backward = this.#direction('backward');
    this.lastFrame = first.frame;
  }

  /** How many of RST, FIN and FIN were seen: stragglers are waited for after each. */
  get endings(): number {
    const fins = Number(this.#forward.half.hasFinish) + Number(this.#backward.half.hasFinish);
    return fins + Number(this.#reset !== undefined);
  }

  get pendingOctets(): number {
    return this.#forward.half.pendingOctets + this.#backward.half.pendingOctets;
  }

  /** Lowest number of a packet some of whose octets are held; Infinity when none are. */
  get oldestPendingFrame(): number {
    return Math.min(this.#forward.half.oldestPendingFrame, this.#backward.half.oldestPendingFrame);
  }

  /**
   * A SYN with another number than the direction began with belongs to a new connection of the same ends. The
   * beginning is the SYN's number, else one less than the first segment's, else one less than the first
   * acknowledgement of it: the rule that numbers `tcp.stream`.
   */
  isReopenedBy(segment: LooseSegment, way: Way): boolean {
    const { syn, ack } = segment.flags;
    const { base } = this.#at(way);
    return syn && !ack && base !== undefined && segment.sequence !== null && segment.sequence !== base;
  }

  wayFrom({ address, port }: Endpoint): Way {
    return this.#sender.port === port && this.#sender.address === address ? 'forward' : 'backward';
  }

  receive(segment: LooseSegment, way: Way): void {
    this.lastFrame = segment.frame;
    this.#noteClient(segment, way);
    this.#noteBases(segment, way);
    const own = this.#at(way);
    const other = this.#at(opposite(way));
    const { sequence, acknowledgement, flags } = segment;

    if (flags.rst) {
      this.#reset ??= { way, sequence, frame: segment.frame, time: segment.time };
      return;
    }
    if (this.#reset?.way === way && goesOn(segment, this.#reset, other.half)) this.#reset = undefined;
    if (sequence === null) own.half.append(segment, flags.fin);
    else if (flags.syn) this.#receiveSyn(own.half, segment, sequence);
    else own.half.receive(sequence, segment, flags.fin);
    if (flags.ack && acknowledgement !== null) other.half.acknowledge(acknowledgement, segment);
    this.#endIfFinished(own);
    this.#endIfFinished(other);
  }

  /** Gives up the hole that has held data back longest. */
  giveUpHole(place: Place): void {
    const oldest = this.oldestPendingFrame;
    for (const direction of [this.#forward, this.#backward]) {
      if (direction.half.oldestPendingFrame === oldest) direction.half.giveUpHole(place);
      this.#endIfFinished(direction);
    }
  }

  /** Stragglers had their time: what a RST or FIN announced takes effect. */
  close(place: Place): void {
    for (const direction of [this.#forward, this.#backward]) {
      if (this.#reset !== undefined) this.#end(direction, 'rst', this.#reset);
      else if (direction.half.finishIsAcknowledged) this.#end(direction, 'fin', place);
    }
  }

  /** Nothing more will come. The client's direction ends first. */
  finish(reason: EndReason, place: Place): void {
    this.#open();
    const directions = [this.#forward, this.#backward];
    if (!this.#senderIsClient) directions.reverse();
    for (const direction of directions) {
      if (this.#reset === undefined) this.#end(direction, reason, place);
      else this.#end(direction, 'rst', this.#reset);
    }
  }

  #at(way: Way): Direction {
    return way === 'forward' ? this.#forward : this.#backward;
  }

  /** A SYN may carry data (RFC 7413); it takes one number itself. */
  #receiveSyn(half: HalfStream, segment: LooseSegment, sequence: number): void {
    half.synchronise(sequence, segment);
    half.receive(advance(sequence, 1), segment, segment.flags.fin);
  }

  #noteClient({ flags }: LooseSegment, way: Way): void {
    if (!flags.syn || this.#synSeen || this.#conversation !== undefined) return;
    this.#synSeen = true;
    this.#senderIsClient = (way === 'forward') !== flags.ack;
  }

  #noteBases({ sequence, acknowledgement, flags }: LooseSegment, way: Way): void {
    const own = this.#at(way);
    const other = this.#at(opposite(way));
    if (sequence !== null) {
      // A SYN-ACK opens nothing new, but a SYN after it is compared with its number.
      if (flags.syn && flags.ack) own.base = sequence;
      own.base ??= flags.syn ? sequence : advance(sequence, -1);
    }
    if (flags.ack && acknowledgement !== null) other.base ??= advance(acknowledgement, -1);
  }

  #endIfFinished(direction: Direction): void {
    const finish = direction.half.reachedFinish;
    if (finish !== undefined) this.#end(direction, 'fin', finish);
  }

  #end(direction: Direction, reason: EndReason, place: Place): void {
    if (direction.ended) return;
    direction.half.end(place);
    const finish = direction.half.reachedFinish;
    direction.ended = true;
    this.#emit({
      kind: 'end',
      conversation: this.#open(),
      side: this.#side(direction.way),
      reason: finish === undefined ? reason : 'fin',
      position: direction.half.position,
      frame: finish?.frame ?? place.frame,
      time: finish?.time ?? place.time,
    });
  }

  #side(way: Way): Side {
    return (way === 'forward') === this.#senderIsClient ? 'c2s' : 's2c';
  }

  /** The conversation is told of before anything in it. */
  #open(): Conversation {
    if (this.#conversation !== undefined) return this.#conversation;
    const [client, server] = this.#senderIsClient
      ? [this.#sender, this.#receiver]
      : [this.#receiver, this.#sender];
    const { frame, time } = this.#opened;
    const { stream } = this;
    const conversation = { stream, client, server, synSeen: this.#synSeen, firstFrame: frame };
    this.#conversation = conversation;
    this.#emit({ kind: 'open', conversation, frame, time });
    return conversation;
  }

  #direction(way: Way): Direction {
    const direction: Direction = {
      way,
      ended: false,
      base: undefined,
      half: new HalfStream({
        data: (position, bytes, frame, time) => {
          if (direction.ended) return;
          const conversation = this.#open();
          this.#emit({ kind: 'data', conversation, side: this.#side(way), position, bytes, frame, time });
        },
        gap: (position, length, reason, frame) => {
          if (direction.ended) return;
          const conversation = this.#open();
          this.#emit({ kind: 'gap', conversation, side: this.#side(way), position, length, reason, frame });
        },
      }),
    };
    return direction;
  }
}

interface Reset extends Place {
  readonly way: Way;
  readonly sequence: number | null;
}

/**
 * Whether the sender of a RST sends more: then the RST was not his, or was not believed. What he sent before may
 * come after it, but lies before its number and acknowledges nothing new.
 */
function goesOn(
  { sequence, acknowledgement, flags, payload }: LooseSegment,
  reset: Reset,
  other: HalfStream,
): boolean {
  if (flags.ack && acknowledgement !== null && other.isNewlyAcknowledged(acknowledgement)) return true;
  if (payload.length === 0) return false;
  return (
    sequence === null || reset.sequence === null || distance(reset.sequence, sequence) + payload.length > 0
  );
}

interface Direction {
  readonly way: Way;
  readonly half: HalfStream;
  ended: boolean;
  /** Sequence number the direction began with. */
  base: number | undefined;
}

function opposite(way: Way): Way {
  return way === 'forward' ? 'backward' : 'forward';
}
