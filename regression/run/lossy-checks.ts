import {
  CrossCheck,
  type EngineTally,
  homelessDiagnosis,
  ownerOf,
  pluginView,
} from '../../analyzer/index.ts';
import type { DissectedPacket } from '../../engines/index.ts';
import type { Protocol } from '../../spec/index.ts';
import type { Case } from '../capture/cases.ts';
import type { SessionRun } from './run-session.ts';

/** What our side has of the capture. */
export interface OwnSide {
  readonly protocol: Protocol;
  readonly cases: readonly Case[];
  readonly session: SessionRun;
}

/**
 * The analyzer's own cross-check of session and engine, for each case from whose capture octets are missing: what
 * differs for a reason that the capture shows is no failure there.
 */
export class LossyChecks {
  readonly #session: SessionRun;
  readonly #checks: ReadonlyMap<Case, CrossCheck>;

  constructor({ protocol, cases, session }: OwnSide, label: string) {
    this.#session = session;
    const view = pluginView(protocol);
    const lossy = cases.filter((item) => item.lossy);
    this.#checks = new Map(
      lossy.map((item) => {
        const check = new CrossCheck(view, label, (frame) =>
          homelessDiagnosis(session.result.session, frame),
        );
        for (const pdu of session.pdus.get(item) ?? []) {
          const connection = session.connections.get(pdu);
          if (connection !== undefined) check.decoded(connection, pdu);
        }
        return [item, check];
      }),
    );
  }

  observed(item: Case, packet: DissectedPacket): void {
    this.#checks.get(item)?.observed(packet, () => ownerOf(this.#session.result.session, packet));
  }

  *finish(): Generator<readonly [Case, EngineTally]> {
    for (const [item, check] of this.#checks) yield [item, check.finish()];
  }
}
