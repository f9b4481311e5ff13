import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findEngines } from '../../engines/index.ts';
import { VARIANTS } from '../capture/variants.ts';
import { pluginOf } from '../testing/plugin-of.ts';
import { suiteFrom } from '../testing/suite-from.ts';
import { runSuite, type SuiteResult } from './run-suite.ts';

/** A tshark where there is one, else the embedded Wireshark. */
const ENGINES = (await findEngines({ want: 'auto' })).slice(0, 1);
/** The embedded Wireshark is slow, on a busy machine very. */
const ENGINE_MS = 240_000;

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-carried-'));
let runs = 0;
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function run(ksy: string, tests: string): Promise<SuiteResult> {
  const suite = suiteFrom(ksy, tests);
  const own = join(folder, `${++runs}`);
  mkdirSync(own);
  return runSuite(suite, { engines: ENGINES, lua: pluginOf(suite.protocol), folder: own, variants: 'all' });
}

function messagesOf({ vectors }: SuiteResult): string[] {
  return vectors.flatMap(({ failures }) =>
    failures.map(({ variant, message }) => `${variant ?? ''}: ${message}`),
  );
}

const GAUGE = `
meta: {id: gauge}
-wireshark:
  filter: wtgauge
  bind: [{tcp: 7003}]
params:
  - {id: metric, type: bool, -wireshark: {source: pref, name: metric, init: 'true', label: Metric units}}
  - {id: scale, type: u1, -wireshark: {source: pref, name: scale, init: 1, label: Scale}}
seq:
  - {id: len_level, type: u1}
  - {id: level, size: len_level}
instances:
  shown_as: {value: 'metric ? scale : 0'}
`;

test.skipIf(ENGINES.length === 0)(
  'a preference that a vector gives a value has it in Wireshark and in our session: needs a Wireshark',
  async () => {
    const result = await run(
      GAUGE,
      `
spec: x
vectors:
  - {name: as it is, hex: 02 0102, expect: {shown_as: 1}}
  - {name: imperial, hex: 02 0102, params: {metric: false}, expect: {shown_as: 0}}
  - {name: finer, hex: 02 0102, params: {scale: 5}, expect: {shown_as: 5}}
`,
    );
    expect(messagesOf(result)).toEqual([]);
    const files = new Set(
      [...result.filesOf.values()].map(({ preferences }) => preferences['wtgauge.scale']),
    );
    expect(files).toEqual(new Set([undefined, '5']));
  },
  ENGINE_MS,
);

const GARDEN = `
meta: {id: garden}
-wireshark:
  filter: wtgarden
  bind: [{http-upgrade: garden}]
  session:
    zipped: {type: bool, from: {header: Garden-Features, in: response, has: zip}}
    level: {type: u1, init: 9, from: {header: Garden-Features, in: response, of: zip, parameter: level}}
    last: {type: u1}
  set: {last: len_text}
params:
  - {id: zipped, type: bool, -wireshark: {source: session}}
  - {id: level, type: u1, -wireshark: {source: session}}
  - {id: last, type: u1, -wireshark: {source: session}}
seq:
  - {id: len_text, type: u1}
  - {id: text, size: len_text}
instances:
  packed: {value: 'zipped ? level : 0'}
  before: {value: last}
`;

test.skipIf(ENGINES.length === 0)(
  'both sides speak, in every way the same, and with what the heads of the upgrade say: needs a Wireshark',
  async () => {
    const result = await run(
      GARDEN,
      `
spec: x
vectors:
  - name: talk
    steps:
      - {from: client, hex: 02 0102}
      - {from: server, hex: 03 010203}
      - {from: server, hex: 01 01}
      - {from: client, hex: 00}
    expect: [{before: 0}, {before: 2, packed: 0}, {before: 3}, {before: 1}]
  - {name: packed, from: client, hex: 01 05, params: {zipped: true, level: 4}, expect: {packed: 4}}
  - {name: packed as usual, from: client, hex: 01 05, params: {zipped: true}, expect: {packed: 9}}
  - {name: later, from: client, hex: 00, params: {last: 7}, expect: {before: 7}}
`,
    );
    expect(messagesOf(result)).toEqual([]);
    const [talk, , , later] = result.vectors;
    const ways = result.cases.filter(({ vector }) => vector === talk?.vector).map(({ variant }) => variant);
    // Without the upgrade nobody can know the protocol here.
    const onlyElsewhere = ['datagrams', 'fragmented', 'mid-stream'];
    expect(new Set(ways)).toEqual(new Set(VARIANTS.filter((variant) => !onlyElsewhere.includes(variant))));
    // What earlier PDUs left behind no capture of this one can show.
    expect([later?.variants, later?.engines[0]?.skipped]).toEqual([
      0,
      'nothing in a capture gives the param "last" its value',
    ]);
  },
  ENGINE_MS,
);
