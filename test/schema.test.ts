import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { CLOSE_CAUSES, VERDICTS } from '../analyzer/index.ts';
import { VARIANTS } from '../regression/capture/variants.ts';

// The published schemas against the examples of the contract: each example is valid, and each of its keys is needed.

type Json = Record<string, unknown>;

const SCHEMAS = join(import.meta.dirname, '../docs/schema');
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, allErrors: true });

function validator(name: string): ValidateFunction {
  return ajv.compile(JSON.parse(readFileSync(join(SCHEMAS, `${name}.schema.json`), 'utf8')) as Json);
}

const validateDecode = validator('decode');
const validateMessage = validator('messages');
const validateAnalysis = validator('analyze');

function errorsOf(validate: ValidateFunction, value: unknown): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? error.keyword}`);
}

/** Every copy of `value` that lacks one key of the object at `path`. */
function withoutEachKey(value: Json, path: readonly (string | number)[]): { key: string; copy: Json }[] {
  return Object.keys(objectAt(value, path)).map((key) => {
    const copy = structuredClone(value);
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
    delete objectAt(copy, path)[key];
    return { key, copy };
  });
}

function objectAt(value: unknown, path: readonly (string | number)[]): Json {
  let at = value;
  for (const step of path) at = (at as Json)[step];
  return at as Json;
}

function acceptedWithout(
  validate: ValidateFunction,
  value: Json,
  path: readonly (string | number)[],
): string[] {
  return withoutEachKey(value, path)
    .filter(({ copy }) => validate(copy))
    .map(({ key }) => key);
}

const PDU: Json = {
  frame: 4,
  stream: 0,
  direction: 'c2s',
  offset: 0,
  length: 9,
  protocol: 'websocket',
  fields: {
    fin: true,
    rsv1: false,
    rsv2: false,
    rsv3: false,
    opcode: 1,
    is_masked: true,
    len_payload_7: 3,
    len_payload: 3,
    masking_key: '56df3c17',
    payload: { data: '776572' },
  },
  problem: null,
};

test('a PDU line is valid, and none of its keys can be left out', () => {
  expect(errorsOf(validateDecode, PDU)).toEqual([]);
  expect(acceptedWithout(validateDecode, PDU, [])).toEqual([]);
  expect(acceptedWithout(validateDecode, PDU, ['fields'])).toEqual(['masking_key', 'payload']);
});

test('a truncated PDU line has the fields read so far and says how much is missing', () => {
  const truncated = {
    ...PDU,
    length: 1,
    fields: { fin: true, rsv1: false, rsv2: false, rsv3: false, opcode: 1 },
    problem: { kind: 'truncated', needed: 2, available: 1 },
  };
  expect(errorsOf(validateDecode, truncated)).toEqual([]);
  expect(acceptedWithout(validateDecode, truncated, ['problem'])).toEqual([]);
});

test('a PDU line may have more keys, and other protocols have fields of their own', () => {
  const fields = { readings: [{ celsius: 21.5 }, { celsius: 'NaN' }], serial: '18446744073709551615' };
  const other = { ...PDU, protocol: 'greenhouse', fields, parent: { protocol: 'websocket', stream: 0 } };
  expect(errorsOf(validateDecode, other)).toEqual([]);
});

test('wrong values in a PDU line are refused', () => {
  const fields = PDU['fields'] as Json;
  const wrong: Json[] = [
    { ...PDU, frame: 0 },
    { ...PDU, direction: 'up' },
    { ...PDU, offset: -1 },
    { ...PDU, problem: { kind: 'odd' } },
    { ...PDU, fields: { ...fields, fin: 1 } },
    { ...PDU, fields: { ...fields, opcode: 'text' } },
    { ...PDU, fields: { ...fields, opcode: 16 } },
    { ...PDU, fields: { ...fields, masking_key: '56DF3C17' } },
    { ...PDU, fields: { ...fields, payload: '776572' } },
    { ...PDU, fields: { ...fields, len_payload: null } },
  ];
  expect(wrong.filter((line) => validateDecode(line))).toEqual([]);
});

const MESSAGE: Json = {
  stream: 0,
  direction: 'c2s',
  index: 0,
  type: 'text',
  length: 3,
  sha256: 'e797c0013811a1d1e35ad7edd10fb99986db664b0996c76ed9ae5e0a5151bbf9',
  text: 'wer',
  frames: [4],
  time: '1700000000.123456789',
  fragments: 1,
  compressed: false,
  complete: true,
};
const CLOSE: Json = { ...MESSAGE, type: 'close', closeCode: 1000, reason: 'done' };

test('a message line is valid, and only its payload can be left out', () => {
  expect(errorsOf(validateMessage, MESSAGE)).toEqual([]);
  expect(acceptedWithout(validateMessage, MESSAGE, [])).toEqual(['text']);
});

test('a close line has its code, null when the body is empty, and its reason', () => {
  expect(errorsOf(validateMessage, CLOSE)).toEqual([]);
  expect(errorsOf(validateMessage, { ...CLOSE, closeCode: null, reason: '' })).toEqual([]);
  expect(acceptedWithout(validateMessage, CLOSE, [])).toEqual(['text']);
});

test('a message that cannot be recovered says why', () => {
  const compressed = { ...MESSAGE, compressed: true, complete: false };
  expect(validateMessage(compressed)).toBe(false);
  expect(errorsOf(validateMessage, { ...compressed, incomplete: 'the window is lost' })).toEqual([]);
  expect(validateMessage({ ...MESSAGE, incomplete: 'but it is complete' })).toBe(false);
});

test('wrong values in a message line are refused', () => {
  const wrong: Json[] = [
    { ...MESSAGE, type: 'continuation' },
    { ...MESSAGE, type: 'binary' },
    { ...MESSAGE, base64: 'd2Vy' },
    { ...MESSAGE, sha256: 'E797' },
    { ...MESSAGE, time: 1700000000.123 },
    { ...MESSAGE, frames: [] },
    { ...MESSAGE, confidence: 1.5 },
  ];
  expect(wrong.filter((line) => validateMessage(line))).toEqual([]);
});

const DIFFERENCE: Json = {
  engine: 'tshark 4.0.17',
  frame: 21,
  stream: 2,
  field: 'ws.opcode',
  decoded: '1',
  tshark: '2',
  byteRange: { start: 0, end: 1 },
};

const CONNECTION: Json = {
  protocol: 'websocket',
  transport: 'tcp',
  stream: 2,
  client: '127.0.0.1:36542',
  server: '127.0.0.1:8080',
  parent: null,
  verdict: 'pass',
  recovered: null,
  counts: { c2s: { text: 1, bytes: 9 }, s2c: { text: 1, bytes: 5 } },
  pairs: null,
  findings: [
    {
      rule: 'MASK-C2S',
      severity: 'error',
      direction: 'c2s',
      frame: 57,
      offset: 9,
      reference: 'RFC 6455 5.1',
      message: 'Client frame is not masked.',
    },
  ],
  websocket: {
    handshake: {
      seen: 'both',
      key: 'NEbSL0GAw90s1MxP2rYjXg==',
      accept: 'fm51v+LKiV0PTktFF/caFdAQ0js=',
      expectedAccept: 'fm51v+LKiV0PTktFF/caFdAQ0js=',
      acceptOk: true,
      version: '13',
      extensions: null,
      offered: 'permessage-deflate; client_max_window_bits',
      subprotocol: null,
      status: 101,
    },
    heartbeat: {
      pings: 12,
      answered: 11,
      missed: 1,
      unsolicited: 0,
      rttMs: { min: 0.1, p50: 0.3, p95: 4.1, max: 4.2 },
      application: null,
    },
    close: { cause: 'clean', by: 'client', code: 1000, reason: 'done', evidence: 'Close 1000 in packet 74' },
  },
};

const REPORT: Json = {
  schemaVersion: 1,
  verdict: 'pass',
  capture: { file: 'chat.pcapng', linkTypes: ['Ethernet'], frames: 134, truncated: false, gaps: 0 },
  engines: [{ name: 'tshark', version: '4.0.17', lua: '5.2.4', plugin: 'websocket', pluginHash: 'ab12' }],
  connections: [CONNECTION],
  crossCheck: {
    against: 'plugin',
    pdus: 2,
    fields: 20,
    agreed: 18,
    explained: [{ engine: 'tshark 4.0.17', diagnosis: 'tcp-hole', count: 1, first: DIFFERENCE }],
    differences: [DIFFERENCE],
  },
};

const REQUIRED_OBJECTS: readonly (readonly (string | number)[])[] = [
  [],
  ['capture'],
  ['engines', 0],
  ['connections', 0],
  ['connections', 0, 'findings', 0],
  ['connections', 0, 'websocket'],
  ['connections', 0, 'websocket', 'handshake'],
  ['connections', 0, 'websocket', 'heartbeat'],
  ['connections', 0, 'websocket', 'heartbeat', 'rttMs'],
  ['connections', 0, 'websocket', 'close'],
  ['crossCheck'],
  ['crossCheck', 'explained', 0],
  ['crossCheck', 'differences', 0],
];

test('a report is valid', () => {
  expect(errorsOf(validateAnalysis, REPORT)).toEqual([]);
});

test.each(REQUIRED_OBJECTS.map((path) => ({ where: `/${path.join('/')}`, path })))(
  'every key of a report at $where is needed',
  ({ path }) => {
    expect(acceptedWithout(validateAnalysis, REPORT, path)).toEqual([]);
  },
);

test('a report without an engine, of a recovered connection, and of several captures is valid', () => {
  const alone = { ...REPORT, engines: [], crossCheck: null };
  const skippedBytes = { c2s: 38926, s2c: 0 };
  const recovered = { ...CONNECTION, recovered: { confidence: 0.96, skippedBytes } };
  expect(errorsOf(validateAnalysis, alone)).toEqual([]);
  expect(errorsOf(validateAnalysis, { ...alone, connections: [recovered] })).toEqual([]);
  const several = { schemaVersion: 1, verdict: 'pass', captures: [REPORT, alone] };
  expect(errorsOf(validateAnalysis, several)).toEqual([]);
  expect(acceptedWithout(validateAnalysis, several, [])).toEqual([]);
});

test('wrong values in a report are refused', () => {
  const wrong: Json[] = [
    { ...REPORT, schemaVersion: 2 },
    { ...REPORT, verdict: 'ok' },
    { ...REPORT, crossCheck: { ...(REPORT['crossCheck'] as Json), against: 'nothing' } },
    { ...REPORT, connections: [{ ...CONNECTION, counts: { c2s: { bytes: -1 }, s2c: { bytes: 0 } } }] },
    { ...REPORT, connections: [{ ...CONNECTION, recovered: { confidence: 2, skippedBytes: {} } }] },
  ];
  expect(wrong.filter((report) => validateAnalysis(report))).toEqual([]);
});

test('the schema of a tests file knows the variants, close causes and verdicts that there are', () => {
  const tests = JSON.parse(readFileSync(join(SCHEMAS, 'tests.schema.json'), 'utf8')) as {
    readonly $defs: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  const { vector, close, verdict } = tests.$defs;
  expect(vector).toHaveProperty('properties.differs.propertyNames.enum', [...VARIANTS]);
  expect(close).toEqual({ enum: [...CLOSE_CAUSES] });
  expect(new Set(verdict?.['enum'] as string[])).toEqual(new Set(VERDICTS));
});
