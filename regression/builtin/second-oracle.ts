import {
  builtinView,
  CrossCheck,
  type EngineTally,
  homelessDiagnosis,
  ownerOf,
  type View,
  WEBSOCKET_DEFECTS,
} from '../../analyzer/index.ts';
import { type Engine, EngineError } from '../../engines/index.ts';
import { byClient, type Case } from '../capture/cases.ts';
import { caseOfPacket, type WholeCases } from './whole-cases.ts';

/** What Wireshark's own dissector makes of each case, held against what our session does. */
export type Opinions = ReadonlyMap<Case, EngineTally>;

/**
 * Lets an engine dissect the cases without any plugin.
 * @throws EngineError
 */
export async function askBuiltin(engine: Engine, whole: WholeCases): Promise<Opinions> {
  const { cases, found, result, protocol, decoder } = whole;
  const view = builtinView(protocol, decoder, protocol.id === 'websocket' ? WEBSOCKET_DEFECTS : undefined);
  if (view === undefined) return new Map();
  const label = `${engine.name} ${engine.version}`;
  const checks = new Map(
    cases.map((item) => {
      const check = new CrossCheck(view, label, (frame) => homelessDiagnosis(result.session, frame));
      for (const { connection, pdu } of found.get(item) ?? []) check.decoded(connection, pdu);
      return [item, check];
    }),
  );
  const clients = byClient(cases);
  const end = await engine.dissect(
    {
      capture: whole.capture,
      plugins: [],
      layers: [view.layer],
      preferences: { 'tcp.reassemble_out_of_order': 'FALSE' },
      decodeAs: decodeAsOf(cases, view),
      twoPass: false,
      ranges: true,
      filter: view.layer,
    },
    (packet) => {
      const item = caseOfPacket(packet, clients);
      if (item !== undefined) checks.get(item)?.observed(packet, () => ownerOf(result.session, packet));
    },
  );
  if (end.kind !== 'complete') throw new EngineError('engine-failed', end.message);
  return new Map([...checks].map(([item, check]) => [item, check.finish()]));
}

/** An upgrade is followed by itself; a port is one that the built-in need not know. */
function decodeAsOf(cases: readonly Case[], { layer }: View): readonly string[] {
  const rules = cases.flatMap(({ carrier: { kind, port } }) =>
    kind === 'http-upgrade' ? [] : [`${kind}.port==${port},${layer}`],
  );
  return [...new Set(rules)];
}
