import type { Endpoint } from '../capture/segment.ts';
import { readCapture } from '../capture/read-capture.ts';
import type { Conversation, StreamEvent } from '../capture/stream.ts';
import { TcpReassembler } from '../capture/tcp/reassembler.ts';
import { TransportDecoder } from '../capture/transport.ts';
import { recogniseBeginning } from '../http/recognise.ts';
import { PacketIndex } from '../session/packet-index.ts';
import { TlsWatch } from './tls-watch.ts';

/** A TCP stream that begins as TLS does. */
export interface TlsStream {
  readonly stream: number;
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly watch: TlsWatch;
}

export interface TlsScan {
  readonly packets: PacketIndex;
  readonly conversations: ReadonlyMap<number, Conversation>;
  readonly tls: ReadonlyMap<number, TlsStream>;
  /** Segments of a TLS stream came out of order. */
  readonly reordered: boolean;
  /** Server ports of streams that carry something else. */
  readonly otherPorts: ReadonlySet<number>;
}

/**
 * Looks through a capture for TLS before it is decrypted: on which ports it is, and which sessions.
 * @throws CaptureError
 */
export async function scanTls(file: string): Promise<TlsScan> {
  const packets = new PacketIndex();
  const conversations = new Map<number, Conversation>();
  const tls = new Map<number, TlsStream>();
  const otherPorts = new Set<number>();
  const highest = new Map<string, number>();
  let reordered = false;
  const undecided = new Map<number, TlsWatch>();
  const onEvent = (event: StreamEvent): void => {
    const { stream, client, server } = event.conversation;
    if (event.kind === 'open') {
      conversations.set(stream, event.conversation);
      undecided.set(stream, new TlsWatch());
      return;
    }
    const watch = undecided.get(stream) ?? tls.get(stream)?.watch;
    watch?.push(event);
    if (event.kind !== 'data' || watch === undefined) return;
    const key = `${stream} ${event.side}`;
    const last = highest.get(key) ?? 0;
    if (event.frame < last) reordered = true;
    else highest.set(key, event.frame);
    if (!undecided.delete(stream)) return;
    if (recogniseBeginning(event.bytes) === 'tls') tls.set(stream, { stream, client, server, watch });
    else otherPorts.add(server.port);
  };
  const reassembler = new TcpReassembler(onEvent);
  const transports = new TransportDecoder();
  await readCapture(file, (packet) => {
    const transport = transports.decode(packet);
    if (transport?.kind === 'tcp') packets.set(packet.frame, reassembler.push(transport));
  });
  reassembler.finish();
  return { packets, conversations, tls, otherPorts, reordered };
}

class Enough extends Error {}

/** Whether the capture carries secrets of TLS sessions; they stand before the packets that need them. */
export async function carriesSecrets(file: string): Promise<boolean> {
  let found = false;
  try {
    await readCapture(
      file,
      () => {
        throw new Enough();
      },
      {
        onTlsSecrets: () => {
          found = true;
        },
      },
    );
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return found;
}
