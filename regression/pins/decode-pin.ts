import {
  decodeCapture,
  MessageCollector,
  openSecure,
  type Connection,
  type SessionPdu,
  toLine,
} from '../../analyzer/index.ts';
import type { Engine } from '../../engines/index.ts';
import type { Protocol } from '../../spec/index.ts';
import type { PinnedCapture, Suite } from '../suite/suite.ts';
import { besideTests } from './pin-paths.ts';

/** What the tests file of a suite cannot tell by itself. */
export interface PinOptions {
  /** Compiles a spec that a capture names beside the suite's own (as written there); undefined: it has errors. */
  readonly protocolOf: (path: string) => Protocol | undefined;
  /** File with TLS secrets for captures that name none. */
  readonly keylog?: string | undefined;
  /** Told what was seen in every capture that could be read. */
  readonly seen?: (pin: PinnedCapture, seen: SeenInCapture) => void;
  /** Also say what could be pinned of a capture and is not. */
  readonly suggest?: boolean;
}

export interface SeenInCapture {
  /** In the order of `wiretwin decode`. */
  readonly pdus: readonly SessionPdu[];
  /** Rules of which the analyzer found breaches. */
  readonly rules: ReadonlySet<string>;
}

/** A capture as our decoder reads it. */
export interface DecodedPin {
  readonly pdus: readonly SessionPdu[];
  /** As `wiretwin decode --format ndjson` prints them. */
  readonly lines: readonly string[];
  /** As `wiretwin messages` counts them; of another protocol than WebSocket, those its `messages` key puts together. */
  readonly messages: number;
  /** Why nothing, or less than hoped for, was found. */
  readonly reasons: readonly string[];
  /** Why the capture could not be read to its end; null: it was. */
  readonly cut: string | null;
}

/** The suite's own spec and the others that the capture needs; undefined: one of them has errors. */
export function protocolsOf(
  suite: Suite,
  pin: PinnedCapture,
  { protocolOf }: PinOptions,
): readonly Protocol[] | undefined {
  const protocols = new Map([[suite.protocol.id, suite.protocol]]);
  for (const path of pin.specs) {
    const protocol = protocolOf(path);
    if (protocol === undefined) return undefined;
    if (!protocols.has(protocol.id)) protocols.set(protocol.id, protocol);
  }
  return [...protocols.values()];
}

export function keylogFor(suite: Suite, pin: PinnedCapture, { keylog }: PinOptions): string | undefined {
  return pin.keylog === null ? keylog : besideTests(suite, pin.keylog);
}

/** @throws BindingClash, CaptureError, EngineError */
export async function decodePin(
  file: string,
  protocols: readonly Protocol[],
  { keylog, engines }: { readonly keylog: string | undefined; readonly engines: readonly Engine[] },
): Promise<DecodedPin> {
  const pdus: SessionPdu[] = [];
  let messages = 0;
  const collectors = new Map<Connection, MessageCollector>();
  const secure = await openSecure(file, { keylog, engines: () => Promise.resolve(engines) });
  const observer = {
    opened(connection: Connection): void {
      if (connection.protocol.id !== 'websocket') return;
      collectors.set(
        connection,
        new MessageCollector(() => {
          messages += 1;
        }),
      );
    },
    pdu(_connection: Connection, pdu: SessionPdu): void {
      pdus.push(pdu);
    },
    delivered(connection: Connection, pdu: SessionPdu): void {
      const collector = collectors.get(connection);
      if (collector === undefined) messages += pdu.message === null ? 0 : 1;
      else if (pdu.parent === undefined) collector.pdu(pdu);
    },
  };
  const { capture, reasons } = await decodeCapture(file, protocols, observer, { secure });
  const { end } = capture;
  return {
    pdus,
    lines: pdus.map((pdu) => toLine(pdu, false)),
    messages,
    reasons: [...reasons, ...(secure?.notes ?? [])],
    cut: end.kind === 'complete' ? null : end.message,
  };
}
