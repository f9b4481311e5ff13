import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Engine, findEngines } from '../../engines/index.ts';
import { describeCase } from '../capture/cases.ts';
import type { VariantName } from '../capture/variants.ts';
import type { Suite, Vector } from '../suite/suite.ts';
import { pluginOf } from '../testing/plugin-of.ts';
import { BEACON, suiteFrom } from '../testing/suite-from.ts';
import { runSuite, type SuiteResult } from './run-suite.ts';

/** A tshark where there is one, else the embedded Wireshark. */
const ENGINES = (await findEngines({ want: 'auto' })).slice(0, 1);
/** The embedded Wireshark is slow, on a busy machine very. */
const ENGINE_MS = 240_000;

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-variants-'));
let runs = 0;
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Fault {
  readonly lua?: (lua: string) => string;
  readonly engine?: (engine: Engine) => Engine;
}

async function run(suite: Suite, { lua = same, engine = same }: Fault = {}): Promise<SuiteResult> {
  const own = join(folder, `${++runs}`);
  mkdirSync(own);
  const engines = ENGINES.map(engine);
  return runSuite(suite, { engines, lua: lua(pluginOf(suite.protocol)), folder: own, variants: 'all' });
}

function same<T>(thing: T): T {
  return thing;
}

/** Replaces what must be there. */
function replaced(from: string, to: string): (lua: string) => string {
  return (lua) => {
    expect(lua).toContain(from);
    return lua.replace(from, to);
  };
}

/** The same Wireshark, with a preference set otherwise. */
function preferring(name: string, value: string): (engine: Engine) => Engine {
  return (engine) => ({
    ...engine,
    dissect: (request, onPacket) =>
      engine.dissect({ ...request, preferences: { ...request.preferences, [name]: value } }, onPacket),
  });
}

/** The variants in which something is wrong, whatever it is carried by. */
function failing({ vectors, cases }: SuiteResult): ReadonlySet<VariantName> {
  const texts = new Set(vectors.flatMap(({ failures }) => failures.map(({ variant }) => variant)));
  return new Set(cases.filter((item) => texts.has(describeCase(item))).map(({ variant }) => variant));
}

/** Two PDUs of a side in a row, and an answer. */
const TESTS = `
spec: x
vectors:
  - {name: pair, hex: [0002 0701, 0005 0802 1f4142]}
  - {name: answer, from: server, hex: [0002 0902]}
`;

test.skipIf(ENGINES.length === 0)(
  'what a plugin does not see is missed in every way of carrying it: needs a Wireshark',
  async () => {
    const suite = suiteFrom(BEACON, TESTS);
    const seeing = await run(suite);
    expect(failing(seeing)).toEqual(new Set());
    const blind = seeing.cases
      .filter(({ vector }) => vector.name === 'pair')
      .map(({ client }) => client.address);
    const addresses = `{ ${blind.map((address) => `["${address}"] = true`).join(', ')} }`;
    const result = await run(suite, {
      lua: replaced(
        'function proto.dissector(tvb, pinfo, tree)\n',
        `local blind = ${addresses}\nfunction proto.dissector(tvb, pinfo, tree)\n  if blind[tostring(pinfo.src)] then return 0 end\n`,
      ),
    });
    // Of packets that were cut an engine need not make anything.
    const seen = seeing.cases.map(({ variant }) => variant).filter((variant) => variant !== 'snaplen');
    expect(failing(result)).toEqual(new Set(seen));
    expect(result.vectors.map(({ status }) => status)).toEqual(['fail', 'pass']);
  },
  ENGINE_MS,
);

const FAULTS: readonly (readonly [string, Fault, readonly VariantName[]])[] = [
  [
    'does not wait for the rest of a PDU',
    { lua: replaced('if not done and can_wait(', 'if false and can_wait(') },
    ['octets', 'split', 'reordered'],
  ],
  [
    'stops behind the first PDU of a segment',
    { lua: replaced('    at = stop\n', '    at = #bytes + 1\n') },
    ['split', 'coalesced', 'reordered'],
  ],
  [
    'loses a PDU that came in more than two segments',
    {
      lua: replaced(
        'local function dissect_stream(tvb, pinfo, tree)\n',
        'local calls = {}\nlocal function dissect_stream(tvb, pinfo, tree)\n  local key = ways(pinfo)\n  calls[key] = (calls[key] or 0) + 1\n  if calls[key] > 5 then return end\n',
      ),
    },
    ['octets'],
  ],
  [
    'fails where packets are cut',
    {
      lua: replaced(
        'local function dissect_stream(tvb, pinfo, tree)\n',
        'local function dissect_stream(tvb, pinfo, tree)\n  if tvb:captured_len() < tvb:reported_len() then error("cut") end\n',
      ),
    },
    ['snaplen'],
  ],
];

test.skipIf(ENGINES.length === 0).for(FAULTS)(
  'a plugin that %s is found out: needs a Wireshark',
  { timeout: ENGINE_MS },
  async ([, fault, variants]) => {
    expect(failing(await run(suiteFrom(BEACON, TESTS), fault))).toEqual(new Set(variants));
  },
);

/** The embedded Wireshark reads everything twice, which hides what order things came in. */
const TSHARKS = ENGINES.filter(({ name }) => name === 'tshark');

test.skipIf(TSHARKS.length === 0)(
  'a Wireshark that leaves segments where they came in is found out: needs a tshark',
  async () => {
    const engine = preferring('tcp.reassemble_out_of_order', 'FALSE');
    expect(failing(await run(suiteFrom(BEACON, TESTS), { engine }))).toEqual(new Set(['reordered']));
  },
  ENGINE_MS,
);

function declaring(suite: Suite, differs: Vector['differs']): Suite {
  return { ...suite, vectors: suite.vectors.map((vector) => ({ ...vector, differs })) };
}

test.skipIf(ENGINES.length === 0)(
  'a difference may be declared, and is a failure when it does not show: needs a Wireshark',
  async () => {
    const [pair] = suiteFrom(BEACON, TESTS).vectors;
    const suite = { ...suiteFrom(BEACON, TESTS), vectors: pair === undefined ? [] : [pair] };
    const lua = replaced('    at = stop\n', '    at = #bytes + 1\n');
    const declared = new Map<VariantName, string>([
      ['coalesced', 'one PDU a segment'],
      ['split', 'the same'],
      ['reordered', 'the same'],
    ]);
    const shown = await run(declaring(suite, declared), { lua });
    expect(shown.vectors.map(({ status }) => status)).toEqual(['pass']);
    const gone = await run(declaring(suite, declared));
    expect(gone.vectors[0]?.failures.map(({ message }) => message)).toContain(
      'the declared difference in "coalesced" does not show any more (one PDU a segment): take it out of "differs"',
    );
  },
  ENGINE_MS,
);
