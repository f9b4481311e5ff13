import type { Protocol } from '../../spec/index.ts';
import type { CaptureSummary } from '../capture/captured-packet.ts';
import type { CaptureSource } from '../capture/open-source.ts';
import { readCapture } from '../capture/read-capture.ts';
import { TransportDecoder } from '../capture/transport.ts';
import type { SecureCapture } from '../secure/secure-capture.ts';
import { Bindings } from './bindings.ts';
import type { Connection, SessionObserver } from './connection.ts';
import { decoderOptions } from './decoder-options.ts';
import { whyNothing } from './why-nothing.ts';
import { Session } from './session.ts';

/** What a capture came to: every PDU has been told to the observer by then. */
export interface DecodeResult {
  readonly file: string;
  readonly capture: CaptureSummary;
  readonly connections: readonly Connection[];
  /** Why nothing, or less than hoped for, was found: sentences with what to do next. */
  readonly reasons: readonly string[];
  readonly session: Session;
}

export interface DecodeCaptureOptions {
  readonly onProgress?: (octets: number) => void;
  /** What an engine decrypted of the capture. */
  readonly secure?: SecureCapture | null;
}

/**
 * Decodes a capture with our own decoder alone.
 * @throws BindingClash, CaptureError
 */
export async function decodeCapture(
  file: string,
  protocols: readonly Protocol[] | Bindings,
  observer: SessionObserver,
  options: DecodeCaptureOptions = {},
): Promise<DecodeResult> {
  const bindings = protocols instanceof Bindings ? protocols : new Bindings(protocols, decoderOptions());
  const session = new Session(bindings, observer, options.secure ?? null);
  const transports = new TransportDecoder();
  const source: CaptureSource = file === '-' ? process.stdin : file;
  const capture = await readCapture(
    source,
    (packet) => {
      const transport = transports.decode(packet);
      if (transport !== undefined) session.push(transport);
    },
    options,
  );
  session.finish();
  const { connections } = session;
  const name = file === '-' ? 'standard input' : file;
  const unreadable = capture.packets === 0 && capture.end.kind !== 'complete';
  const reasons = unreadable ? [] : whyNothing(session, capture.packets);
  return { file: name, capture, connections, reasons, session };
}
