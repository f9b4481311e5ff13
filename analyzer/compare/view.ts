import type { Protocol } from '../../spec/index.ts';
import type { Connection } from '../session/connection.ts';
import type { SessionPdu } from '../session/pdu.ts';
import type { Diagnosis, Difference } from './difference.ts';
import { type ExpectedPdu, expectPdu } from './expected.ts';
import { type FieldPlan, planFields } from './field-plan.ts';

/** What is compared with what: the plugin's layer with our fields, or the built-in's with their aliases. */
export interface View {
  /** Name of the engine's layer, one for each PDU. */
  readonly layer: string;
  readonly plan: FieldPlan;
  /** The layer's item covers the whole PDU; the built-in's covers the header only. */
  readonly coversPdu: boolean;
  expect(connection: Connection, pdu: SessionPdu): ExpectedPdu;
  /** Known cause of a difference in this PDU; null: none. */
  explain(pdu: SessionPdu, difference: Difference): Diagnosis | null;
  /** Known cause why the engine may cut the stream otherwise from this PDU on; null: none. */
  derails(pdu: SessionPdu): Diagnosis | null;
}

/** Our own plugin: generated from the same spec, so nothing excuses a difference. */
export function pluginView(protocol: Protocol): View {
  const plan = planFields(protocol);
  return {
    layer: protocol.filter,
    plan,
    coversPdu: true,
    expect: (_connection, pdu) => expectPdu(pdu, plan),
    explain: () => null,
    derails: () => null,
  };
}
