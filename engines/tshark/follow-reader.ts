import type { DecryptedPiece, DecryptedStream } from '../decrypted.ts';

/** A line of base64 has 76 characters; what is much longer is not this format. */
const MAX_LINE = 1 << 16;

interface Draft {
  host: string;
  port: number;
  readonly pieces: DecryptedPiece[];
}

interface PieceDraft {
  readonly frame: number;
  peer: number;
  time: bigint;
  readonly base64: string[];
}

/**
 * Reads what `tshark -q -z follow,tls,yaml,N` writes, for any number of streams in a row:
 *
 *     peers:
 *       - peer: 0
 *         host: 127.0.0.1
 *         port: 443
 *       - peer: 1
 *         ...                     (4.0 does not know this one's address)
 *     packets:
 *       - packet: 8
 *         peer: 1
 *         timestamp: 1795415949.203572989
 *         data: !!binary |
 *           R0VU...
 *
 * Unlike `raw` it names the packet of every record. Peer 0 is the server in all versions seen, which nothing here
 * relies on.
 */
export class FollowReader {
  readonly streams: DecryptedStream[] = [];
  private readonly maxOctets: number;
  private rest = '';
  private stream: Draft | null = null;
  private piece: PieceDraft | null = null;
  private peer = 0;
  private octets = 0;
  /** More octets came than are kept, or a line that no tshark writes. */
  isCut = false;

  constructor(maxOctets: number) {
    this.maxOctets = maxOctets;
  }

  /** @returns false: enough */
  push(chunk: Buffer): boolean {
    const lines = (this.rest + chunk.toString('latin1')).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.line(line.trimEnd());
    if (this.rest.length > MAX_LINE) this.isCut = true;
    return !this.isCut;
  }

  end(): void {
    this.line(this.rest);
    this.endStream();
  }

  private line(line: string): void {
    const text = line.trimStart();
    if (line === 'peers:') {
      this.endStream();
      this.stream = { host: '', port: 0, pieces: [] };
      return;
    }
    const [, key = '', value = ''] = /^(?:- )?(\w+): ?(.*)$/.exec(text) ?? [];
    if (key === '') this.piece?.base64.push(text);
    else this.entry(key, value);
  }

  private entry(key: string, value: string): void {
    switch (key) {
      case 'packet':
        this.endPiece();
        this.piece = { frame: Number(value), peer: 0, time: 0n, base64: [] };
        break;
      case 'peer':
        if (this.piece === null) this.peer = Number(value);
        else this.piece.peer = Number(value);
        break;
      case 'host':
        if (this.stream !== null && this.peer === 0) this.stream.host = value;
        break;
      case 'port':
        if (this.stream !== null && this.peer === 0) this.stream.port = Number(value);
        break;
      case 'timestamp':
        if (this.piece !== null) this.piece.time = nanoseconds(value);
        break;
    }
  }

  private endPiece(): void {
    const { piece, stream } = this;
    this.piece = null;
    if (piece === null || stream === null) return;
    const bytes = new Uint8Array(Buffer.from(piece.base64.join(''), 'base64'));
    this.octets += bytes.length;
    if (this.octets > this.maxOctets) this.isCut = true;
    else stream.pieces.push({ frame: piece.frame, time: piece.time, fromFirst: piece.peer === 0, bytes });
  }

  private endStream(): void {
    this.endPiece();
    const { stream } = this;
    this.stream = null;
    this.peer = 0;
    if (stream === null || stream.pieces.length === 0) return;
    const { host, port, pieces } = stream;
    this.streams.push({ first: { address: host, port }, pieces });
  }
}

function nanoseconds(text: string): bigint {
  const [, seconds = '0', fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  return BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9));
}
