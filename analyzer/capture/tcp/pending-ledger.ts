/** What the ledger wants to know of a connection. */
export interface Holder {
  readonly pendingOctets: number;
  /** Infinity when nothing is pending. */
  readonly oldestPendingFrame: number;
}

interface Account {
  octets: number;
  oldest: number;
}

/**
 * Which connections hold octets back, how many in all, and since which packet.
 *
 * Invariant: `#octets` and, unless `#stale`, `#oldest` agree with the accounts.
 */
export class PendingLedger<H extends Holder> {
  readonly #accounts = new Map<H, Account>();
  #octets = 0;
  #oldest = Infinity;
  #stale = false;

  get octets(): number {
    return this.#octets;
  }

  /** To be called after whatever may have changed what the holder holds. */
  update(holder: H): void {
    const oldest = holder.oldestPendingFrame;
    const account = this.#accounts.get(holder);
    if (account === undefined) {
      if (oldest === Infinity) return;
      this.#accounts.set(holder, { octets: holder.pendingOctets, oldest });
      this.#octets += holder.pendingOctets;
      this.#oldest = Math.min(this.#oldest, oldest);
      return;
    }
    this.#octets += holder.pendingOctets - account.octets;
    if (account.oldest === this.#oldest && oldest > account.oldest) this.#stale = true;
    else this.#oldest = Math.min(this.#oldest, oldest);
    account.octets = holder.pendingOctets;
    account.oldest = oldest;
    if (oldest === Infinity) this.#accounts.delete(holder);
  }

  oldestFrame(): number | undefined {
    if (this.#accounts.size === 0) return undefined;
    if (this.#stale) {
      this.#oldest = Infinity;
      for (const { oldest } of this.#accounts.values()) this.#oldest = Math.min(this.#oldest, oldest);
      this.#stale = false;
    }
    return this.#oldest;
  }

  oldestHolder(): H | undefined {
    const frame = this.oldestFrame();
    for (const [holder, { oldest }] of this.#accounts) if (oldest === frame) return holder;
    return undefined;
  }
}
