import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { pluginView, type SessionPdu } from '../../analyzer/index.ts';
import { buildCapture } from '../capture/build-capture.ts';
import { casesOf } from '../capture/cases.ts';
import type { VariantName } from '../capture/variants.ts';
import { planVector } from '../capture/vector-plan.ts';
import { Judgement } from '../judge/failure.ts';
import { BEACON, suiteFrom } from '../testing/suite-from.ts';
import { VectorDecoder } from './decode-vector.ts';
import { judgeLossyEngine, judgeLossySession, type LossyCase } from './judge-lossy.ts';
import { runSession } from './run-session.ts';

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-lossy-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const { protocol, vectors } = suiteFrom(
  BEACON,
  // The first two PDUs of the part are there whole when the last quarter of it is cut off.
  'spec: x\nvectors: [{name: three, hex: 0002 0701 0002 0802 0002 0902}]',
);
const view = pluginView(protocol);

/** What our session makes of the vector, carried so over TCP. */
async function lossyCase(variant: VariantName): Promise<LossyCase> {
  const [vector] = vectors;
  if (vector === undefined) throw new Error('the suite has a vector');
  const decoding = new VectorDecoder(protocol).decode(vector);
  const plan = planVector(protocol, vector, decoding);
  const all = casesOf(protocol, [{ vector, plan }], 'all');
  const item = all.find((one) => one.variant === variant && one.carrier.kind === 'tcp');
  if (item === undefined) throw new Error(`the vector is not carried ${variant}`);
  const file = join(folder, `${variant}.pcapng`);
  writeFileSync(
    file,
    buildCapture(protocol, [item], () => plan),
  );
  return { item, decoding, session: await runSession(file, protocol, [item]), view };
}

/** The same, with other PDUs found. */
function finding(
  lossy: LossyCase,
  change: (pdus: readonly SessionPdu[]) => readonly SessionPdu[],
): LossyCase {
  const { item, session } = lossy;
  const pdus = change(session.pdus.get(item) ?? []);
  const [connection] = session.connections.values();
  const connections = new Map(
    pdus.flatMap((pdu) => (connection === undefined ? [] : [[pdu, connection] as const])),
  );
  return { ...lossy, session: { ...session, pdus: new Map([[item, pdus]]), connections } };
}

function messages(lossy: LossyCase): readonly string[] {
  const judgement = new Judgement();
  judgeLossySession(lossy, judgement);
  return judgement.failures.map(({ message }) => message);
}

test('what is found of a capture that lacks octets is held against the octets themselves', async () => {
  for (const variant of ['snaplen', 'mid-stream'] as const) {
    const lossy = await lossyCase(variant);
    expect(lossy.session.pdus.get(lossy.item)?.length).toBeGreaterThan(1);
    expect(messages(lossy)).toEqual([]);
  }
});

test('a PDU that is none of the vector is one too many', async () => {
  const lossy = await lossyCase('mid-stream');
  const moved = finding(lossy, (pdus) => pdus.map((pdu) => ({ ...pdu, offset: pdu.offset + 1 })));
  expect(messages(moved)[0]).toBe('a PDU of 4 octets at octet 1 of what the client sends, where none is');
});

test('a PDU with another value is told with the field', async () => {
  const lossy = await lossyCase('mid-stream');
  const swapped = finding(lossy, ([first, second]) =>
    first === undefined || second === undefined ? [] : [{ ...first, decoded: second.decoded }],
  );
  expect(messages(swapped)).toContain('wtbeacon.body.station is 8, our decoder by itself has 7');
});

test('a PDU whose octets are all there may not be missing', async () => {
  const lossy = await lossyCase('snaplen');
  expect(messages(finding(lossy, (pdus) => pdus.slice(1)))).toEqual([
    'the PDU is not found, and all its octets are there',
  ]);
});

test('a difference that the capture does not explain fails, and so does an error of the plugin', async () => {
  const lossy = await lossyCase('mid-stream');
  const difference = {
    engine: 'tshark 4.0.17',
    frame: 1,
    stream: 0,
    direction: 'c2s',
    field: 'wtbeacon.body.station',
    decoded: '8',
    tshark: '9',
    byteRange: { start: 2, end: 3 },
    kind: 'value',
  } as const;
  const none = {
    engine: '',
    pdus: 0,
    fields: 0,
    agreed: 0,
    explained: [],
    differences: [],
    differenceCount: 1,
  };
  const tally = { ...none, differences: [difference] };
  const judgement = new Judgement();
  const shown = { shown: [], troubles: ['packet 1: Lua Error: no'], atHeads: new Set<string>(), tally };
  judgeLossyEngine(lossy, shown, 'tshark 4.0.17', judgement);
  expect(judgement.failures).toMatchObject([
    { message: 'packet 1: Lua Error: no' },
    {
      variant: 'captured from the middle, on tcp',
      pdu: 0,
      field: 'wtbeacon.body.station',
      message: 'packet 1: wtbeacon.body.station is 9, our session has 8',
      octets: { start: 2, end: 3 },
    },
  ]);
});
