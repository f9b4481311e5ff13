/** What the ledger wants to know of a connection. */
export interface Holder {
  readonly pendingOctets: number;
  /** Infinity when nothing is pending. */
  readonly oldestPendingFrame: number;
}

interface Account {
  octets: number;
  /** Number of the oldest packet some of whose octets are held. */
  oldestFrame: number;
  /** Time at which that packet became the oldest. */
  since: bigint;
}

export interface OldestHolder<H extends Holder> {
  readonly holder: H;
  readonly frame: number;
  readonly since: bigint;
}

/**
 * Which connections hold octets back, how many in all, and since which packet.
 *
 * Invariant: `#octets` is the sum over the accounts; `#oldest`, unless undefined, is the one of the lowest frame.
 */
export class PendingLedger<H extends Holder> {
  readonly #accounts = new Map<H, Account>();
  #octets = 0;
  /** Undefined: none, or to be found again. */
  #oldest: OldestHolder<H> | undefined;

  get octets(): number {
    return this.#octets;
  }

  /** To be called after whatever may have changed what the holder holds. */
  update(holder: H, now: bigint): void {
    const frame = holder.oldestPendingFrame;
    let account = this.#accounts.get(holder);
    if (account === undefined) {
      if (frame === Infinity) return;
      account = { octets: 0, oldestFrame: frame, since: now };
      this.#accounts.set(holder, account);
      if (this.#oldest !== undefined && frame < this.#oldest.frame) this.#oldest = undefined;
    } else if (account.oldestFrame !== frame) {
      account.oldestFrame = frame;
      account.since = now;
      if (frame === Infinity) this.#accounts.delete(holder);
      if (this.#oldest?.holder === holder) this.#oldest = undefined;
    }
    this.#octets += holder.pendingOctets - account.octets;
    account.octets = holder.pendingOctets;
  }

  oldest(): OldestHolder<H> | undefined {
    this.#oldest ??= this.#findOldest();
    return this.#oldest;
  }

  #findOldest(): OldestHolder<H> | undefined {
    let oldest: OldestHolder<H> | undefined;
    for (const [holder, { oldestFrame: frame, since }] of this.#accounts) {
      if (oldest === undefined || frame < oldest.frame) oldest = { holder, frame, since };
    }
    return oldest;
  }
}
