import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { casesOf } from '../capture/cases.ts';
import type { CheckResult } from '../checks/check-result.ts';
import type { VectorResult } from '../judge/failure.ts';
import type { SuiteResult } from '../run/run-suite.ts';
import { BEACON, suiteFrom } from '../testing/suite-from.ts';
import { elementsOf, parseXml } from '../testing/well-formed.ts';
import { renderGithub } from './github.ts';
import { testReport } from './json.ts';
import { renderJunit } from './junit.ts';
import { renderTests } from './text.ts';

const NASTY = 'a ]]> b <x> & "q" \u001b[31m \u0000 \ud800 %, : end';

const CHECKS: readonly CheckResult[] = [
  {
    group: 'registration',
    name: 'fields',
    status: 'pass',
    line: null,
    messages: ['9 fields'],
    detail: [],
    data: null,
  },
  {
    group: 'registration',
    name: `names ${NASTY}`,
    status: 'fail',
    line: 3,
    messages: ['beacon.kind 2 is "Loam".', 'Expected "soil".'],
    detail: [NASTY, '100%\r\nmore'],
    data: { value: 2 },
  },
  {
    group: 'builtin',
    name: 'second oracle',
    status: 'skip',
    line: null,
    messages: ['The spec names no dissector of Wireshark.'],
    detail: [],
    data: null,
  },
];

const TESTS = `spec: x
vectors:
  - {name: soil, hex: 0008 0702 1f4142 204344, expect: {body.kind: soil}}
  - {name: 'air, not: soil', hex: 0002 0801, expect: {body.kind: soil}}
`;

/** Two vectors, of which the second failed, and the checks. */
function result(checks = CHECKS): SuiteResult {
  const suite = suiteFrom(BEACON, TESTS);
  const [good, bad] = suite.vectors;
  if (good === undefined || bad === undefined) throw new Error('two vectors');
  const passed: VectorResult = {
    vector: good,
    status: 'pass',
    pdus: 1,
    variants: 1,
    engines: [{ label: 'tshark 4.0.17', skipped: 'requires tshark >=4.2' }],
    failures: [],
    observations: [],
  };
  const failed: VectorResult = {
    ...passed,
    vector: bad,
    status: 'fail',
    engines: [{ label: 'tshark 4.0.17', skipped: null }],
    failures: [
      {
        party: { kind: 'decoder' },
        variant: null,
        pdu: 0,
        field: 'body.kind',
        message: 'body.kind is 1, expected soil',
        expected: 'soil',
        found: '1',
        octets: { start: 3, end: 4 },
      },
    ],
    observations: [{ pdu: 0, field: 'body.kind', source: 'expected', text: 'soil' }],
  };
  return {
    suite,
    engines: [],
    vectors: [passed, failed],
    checks,
    files: null,
    filesOf: new Map(),
    cases: [],
    session: new Map(),
  };
}

test('the text has vectors first, then the checks by group: failures in full, skips with their reasons', () => {
  const text = renderTests(result(), (_style, shown) => shown);
  const lines = text.split('\n');
  const places = [
    '  ok   soil  (not on tshark 4.0.17: requires tshark >=4.2)',
    '  FAIL air, not: soil',
    '  registration',
    '  ok   fields  (9 fields)',
    '       beacon.tests.yaml:3',
    '       beacon.kind 2 is "Loam".',
    '       Expected "soil".',
    '         100%\\r',
    '         more',
    '  builtin',
    '  skip second oracle: The spec names no dissector of Wireshark.',
    '  1 of 2 checks beside the vectors pass; 1 not run',
  ].map((line) => lines.indexOf(line));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect(text).toContain('1 of 2 vectors pass');
  expect(text).not.toContain('\u001b');
});

test('a failing vector shows its octets underlined and what everybody has side by side', () => {
  const text = renderTests(result(), (_style, shown) => shown);
  expect(text).toContain('our decoder: PDU 1, octet 3: body.kind is 1, expected soil');
  expect(text).toMatch(/body\.kind {2}soil {6}1 {8}=\n/);
  expect(text).toContain('00  00 02 08 01\n                      ^^\n');
});

test('where both sides send, the octets of each stand by themselves', () => {
  const whole = result();
  const [passed, failed] = whole.vectors;
  if (passed === undefined || failed === undefined) throw new Error('two vectors');
  const parts = [
    { side: 'c2s', octets: new Uint8Array([0, 2, 8, 1]), after: 0n },
    { side: 's2c', octets: new Uint8Array([0, 2, 9, 2]), after: 0n },
  ] as const;
  const failures = failed.failures.map((failure) => ({ ...failure, side: 's2c' as const }));
  const vectors = [passed, { ...failed, failures, vector: { ...failed.vector, parts } }];
  const text = renderTests({ ...whole, vectors }, (_style, shown) => shown);
  const at = '         ';
  expect(text).toContain(
    [`from the client`, `00  00 02 08 01`, `from the server`, `00  00 02 09 02`, `             ^^`]
      .map((line) => `${at}${line}\n`)
      .join(''),
  );
});

test('the command shows the connection that failed, with the preferences of its capture', () => {
  const whole = result();
  const [, failed] = whole.vectors;
  if (failed === undefined) throw new Error('two vectors');
  const [item] = casesOf(
    whole.suite.protocol,
    [{ vector: failed.vector, plan: { pdus: [], datagrams: [] } }],
    'plain',
  );
  if (item === undefined) throw new Error('a case');
  const preferences = { 'tcp.reassemble_out_of_order': 'TRUE', 'wtbeacon.mode': "it's on" };
  const filesOf = new Map([
    [item, { capture: '/kept/beacon.pcapng', plugin: '/kept/beacon.lua', preferences }],
  ]);
  const text = renderTests({ ...whole, cases: [item], filesOf }, (_style, shown) => shown);
  expect(text).toContain('       kept: /kept/beacon.pcapng\n');
  expect(text).toContain(
    `tshark -r /kept/beacon.pcapng -X lua_script:/kept/beacon.lua -o tcp.reassemble_out_of_order:TRUE -o 'wtbeacon.mode:it'\\''s on' -Y 'ip.addr == 10.0.0.1' -V`,
  );
});

test('the JUnit report is well-formed, whatever is in it, and counts rightly', () => {
  const junit = renderJunit([result()]);
  const root = parseXml(junit);
  expect(root.attributes.get('tests')).toBe('5');
  expect(root.attributes.get('failures')).toBe('2');
  expect(root.attributes.get('skipped')).toBe('1');
  const cases = elementsOf(root, 'testcase');
  expect(cases.map(({ attributes }) => attributes.get('classname'))).toEqual([
    'beacon.vectors',
    'beacon.vectors',
    'beacon.registration',
    'beacon.registration',
    'beacon.builtin',
  ]);
  const [, vector, , check, skip] = cases;
  expect(vector?.children[0]?.text).toContain(
    'beacon.tests.yaml:4\nour decoder: PDU 1, octet 3: body.kind is 1',
  );
  expect(vector?.children[0]?.text).toContain('00  00 02 08 01');
  expect(check?.attributes.get('name')).toContain('<x> & "q" \\u001b[31m \\u0000 \ufffd %');
  expect(check?.children[0]).toMatchObject({ name: 'failure' });
  expect(check?.children[0]?.attributes.get('message')).toBe('beacon.kind 2 is "Loam".');
  expect(check?.children[0]?.text).toContain('a ]] > b <x> & "q"');
  expect(skip?.children.map(({ name, text }) => [name, text])).toEqual([
    ['skipped', ''],
    ['system-out', 'Skipped: The spec names no dissector of Wireshark.'],
  ]);
});

test('the parser of these tests takes no document that is not well-formed', () => {
  for (const bad of [
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a>&x;</a>',
    '<a>]]></a>',
    '<a b="1" b="2"/>',
    '<a>\u0001</a>',
    '<a b=1/>',
  ]) {
    expect(() => parseXml(bad), bad).toThrow();
  }
});

test('GitHub gets one annotation a failure, escaped, with paths from the root of the repository', () => {
  const text = renderGithub([result()], join(process.cwd(), '..'));
  const lines = text.split('\n');
  const file = `${process.cwd().split('/').at(-1) ?? ''}/beacon.tests.yaml`;
  expect(lines).toHaveLength(3);
  expect(lines[0]).toBe(
    `::error file=${file},line=4,title=air%2C not%3A soil::our decoder: PDU 1, octet 3: body.kind is 1, expected soil`,
  );
  expect(lines[1]).toContain(`::error file=${file},line=3,title=registration%3A names a ]]> b <x>`);
  expect(lines[1]).toContain('%25%2C %3A end::beacon.kind 2 is "Loam".%0AExpected "soil".%0A');
  expect(lines[1]).toContain('100%25\\r%0Amore');
});

test('GitHub gets fifty annotations and a line that says how many more there are', () => {
  const [, wrong] = CHECKS;
  const many = Array.from({ length: 60 }, (_, index) => ({ ...(wrong as CheckResult), name: `${index}` }));
  const lines = renderGithub([result(many)], process.cwd())
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(51);
  expect(lines.at(-1)).toMatch(/^::error title=wiretwin test::… and 11 more failures/);
});

test('the JSON has the checks, as the schema says, and one without a reason is not valid', () => {
  const schema = readFileSync(join(import.meta.dirname, '../../docs/schema/test-report.schema.json'), 'utf8');
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false, allErrors: true });
  const isReport = ajv.compile(JSON.parse(schema) as Record<string, unknown>);
  const report: unknown = JSON.parse(JSON.stringify(testReport([result()])));
  expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
  expect(report).toMatchObject({
    verdict: 'fail',
    suites: [{ checks: [{ status: 'pass' }, { data: { value: 2 } }, {}] }],
  });
  const silent = CHECKS.map((check) => ({ ...check, messages: [] }));
  expect(isReport(JSON.parse(JSON.stringify(testReport([result(silent)]))))).toBe(false);
});
