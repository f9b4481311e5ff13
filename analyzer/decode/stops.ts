import type { MalformedReason } from './decoded.ts';
import type { OctetStream } from './octet-stream.ts';

/**
 * Why reading or computing cannot go on at this place. Thrown inside this room only: a substream of known extent
 * catches it and reading goes on behind the substream, otherwise the PDU ends here. Never seen by a caller.
 */
export abstract class DecodeStop extends Error {
  /** The instance, or the field inside one, that was being read; null: the field at which the sequence stands. */
  path: string | null = null;

  /** A stop is control flow: nobody reads its stack, and taking it would be most of the cost of a PDU cut short. */
  constructor(message: string) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
  }
}

/** A read reached beyond the end of its stream. On the carrier that means "more octets are needed". */
export class EndOfData extends DecodeStop {
  readonly stream: OctetStream;
  /** Where the read began: an index in the stream's octets. */
  readonly at: number;
  /** Octets that the read wants, counted from `at`. */
  readonly wanted: bigint;

  constructor(stream: OctetStream, at: number, wanted: bigint) {
    const available = Math.max(0, stream.end - at);
    super(`${octets(wanted)} needed, ${available.toString()} left`);
    this.stream = stream;
    this.at = at;
    this.wanted = wanted;
  }
}

export class BadData extends DecodeStop {
  readonly reason: MalformedReason;
  constructor(reason: MalformedReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** An expression reads a member that is not there: its `if` is false, or reading has not come so far. */
export class AbsentInput extends DecodeStop {
  constructor(what: string) {
    super(`"${what}" is not there`);
  }
}

/** A named bound was reached. `fatal`: nothing more of the PDU is read, whatever the extents say. */
export class OverLimit extends DecodeStop {
  readonly fatal: boolean;
  constructor(message: string, fatal: boolean) {
    super(message);
    this.fatal = fatal;
  }
}

export function reasonOf(stop: DecodeStop): MalformedReason | 'limit' {
  if (stop instanceof EndOfData) return 'end-of-data';
  if (stop instanceof BadData) return stop.reason;
  return stop instanceof AbsentInput ? 'absent-input' : 'limit';
}

function octets(count: bigint): string {
  return count === 1n ? '1 octet' : `${count.toString()} octets`;
}
