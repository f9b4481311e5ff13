import {
  type CapturedPacket,
  type Connection,
  type ConnectionReport,
  decodeCapture,
  type DecodeResult,
  readCapture,
  type SecureCapture,
  type SessionPdu,
  type Side,
  TransportDecoder,
} from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { ReduceError } from './reduce-error.ts';

/** What is held at once of the connection: of one that is larger, nobody wants a copy of every try on disk. */
const MAX_HELD_OCTETS = 64 * 1024 * 1024;

/** All that the capture has of one connection. */
export interface Gathered {
  readonly connection: Connection;
  /** As an application gets them, each direction in its own order; without those carried inside others. */
  readonly pdus: readonly SessionPdu[];
  /** Who reset the connection; null: nobody. */
  readonly resetBy: Side | null;
}

/** The connection that the report tells of, with its PDUs. */
export async function gather(
  file: string,
  protocols: readonly Protocol[],
  wanted: ConnectionReport,
  secure: SecureCapture | null,
): Promise<{ readonly gathered: Gathered; readonly decoded: DecodeResult }> {
  const pdus: SessionPdu[] = [];
  let held = 0;
  const isWanted = ({ stream, transport, protocol }: Connection): boolean =>
    stream === wanted.stream && transport === wanted.transport && protocol.id === wanted.protocol;
  const decoded = await decodeCapture(
    file,
    protocols,
    {
      opened: () => undefined,
      pdu: () => undefined,
      delivered: (connection, pdu) => {
        if (!isWanted(connection) || pdu.parent !== undefined) return;
        held += pdu.length;
        refuseTooMuch(held, wanted);
        pdus.push(pdu);
      },
    },
    { secure },
  );
  const connection = decoded.connections.find(isWanted);
  if (connection === undefined) {
    throw new ReduceError('failed', `${file} changed while it was read.`, 'Try again with a copy of it.');
  }
  const reset =
    connection.transport === 'tcp' ? decoded.session.transport.resetOf(connection.stream) : undefined;
  const isClient =
    reset?.sender.port === connection.client.port && reset.sender.address === connection.client.address;
  const resetBy = reset === undefined ? null : isClient ? 'c2s' : 's2c';
  return { gathered: { connection, pdus, resetBy }, decoded };
}

/** The captured packets of a connection, or (null) of the whole capture. */
export async function packetsOf(
  file: string,
  decoded: DecodeResult,
  wanted: ConnectionReport | null,
): Promise<readonly CapturedPacket[]> {
  const packets: CapturedPacket[] = [];
  const transports = new TransportDecoder();
  let held = 0;
  await readCapture(file, (packet) => {
    if (wanted !== null) {
      const kind = transports.decode(packet)?.kind;
      if (kind !== wanted.transport || decoded.session.packets.get(packet.frame) !== wanted.stream) return;
    }
    held += packet.bytes.length;
    refuseTooMuch(held, wanted);
    packets.push({ ...packet, bytes: packet.bytes.slice() });
  });
  return packets;
}

function refuseTooMuch(held: number, wanted: ConnectionReport | null): void {
  if (held <= MAX_HELD_OCTETS) return;
  const what =
    wanted === null ? 'The capture' : `The connection (${wanted.transport}.stream ${wanted.stream})`;
  const filter =
    wanted === null
      ? 'frame.number <= N'
      : `${wanted.transport}.stream == ${wanted.stream} && frame.number <= N`;
  throw new ReduceError(
    'too-large',
    `${what} has more than ${MAX_HELD_OCTETS / 1048576} MiB, which is more than is reduced at once.`,
    `Cut out the part with the finding first: tshark -r IN -Y '${filter}' -w part.pcapng`,
  );
}
