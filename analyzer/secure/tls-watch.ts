import type { Side, StreamEvent } from '../capture/stream.ts';
import { alertSeen, type TlsAlertSeen } from './tls-alert.ts';
import { RECORD, type TlsRecord, TlsRecords } from './tls-records.ts';

const CLIENT_HELLO = 1;
/** Handshake header 4, version 2, then the random (RFC 8446 4.1.2). */
const RANDOM_AT = 6;
const RANDOM_OCTETS = 32;
const ALERT_OCTETS = 2;
/** A session seldom sends two; somebody may send very many. */
const MAX_ALERTS = 8;
const LAST_RECORDS = 8;

/** What a TLS session tells without its keys. */
export class TlsWatch {
  /** By which a key log names the session, hex; null: the handshake's beginning was not seen. */
  clientRandom: string | null = null;
  readonly alerts: TlsAlertSeen[] = [];
  /** The last records with application data, by direction. */
  readonly lastData: Record<Side, Pick<TlsRecord, 'frame' | 'length'>[]> = { c2s: [], s2c: [] };
  private readonly encrypted: Record<Side, boolean> = { c2s: false, s2c: false };
  private readonly records: Record<Side, TlsRecords> = {
    c2s: new TlsRecords((record) => this.record('c2s', record)),
    s2c: new TlsRecords((record) => this.record('s2c', record)),
  };

  push(event: StreamEvent): void {
    if (event.kind === 'data') this.records[event.side].push(event.bytes, event.frame);
    if (event.kind === 'gap') this.records[event.side].stop();
  }

  private record(side: Side, { type, fragment, frame, length }: TlsRecord): void {
    switch (type) {
      case RECORD.changeCipherSpec:
        this.encrypted[side] = true;
        break;
      case RECORD.applicationData:
        this.encrypted[side] = true;
        this.data(side, frame, length);
        break;
      case RECORD.handshake:
        if (fragment[0] === CLIENT_HELLO && !this.encrypted[side]) this.clientRandom ??= randomOf(fragment);
        break;
      case RECORD.alert:
        this.alert(side, fragment, frame);
    }
  }

  private data(side: Side, frame: number, length: number): void {
    const last = this.lastData[side];
    last.push({ frame, length });
    if (last.length > LAST_RECORDS) last.shift();
  }

  private alert(side: Side, fragment: Uint8Array, frame: number): void {
    const [level = 0, description = 0] = fragment;
    if (this.encrypted[side] || fragment.length !== ALERT_OCTETS || this.alerts.length >= MAX_ALERTS) return;
    this.alerts.push(alertSeen(side, level, description, frame));
  }
}

function randomOf(hello: Uint8Array): string | null {
  const random = hello.subarray(RANDOM_AT, RANDOM_AT + RANDOM_OCTETS);
  return random.length === RANDOM_OCTETS ? Buffer.from(random).toString('hex') : null;
}
