import { expect, test } from 'vitest';
import { compileText, diagnosticsOf, faultsOf, typeNamed } from '../testing/compile-text.ts';

const SPEC = `
meta: {id: greenhouse, endian: be}
-wireshark:
  name: Greenhouse bus
  filter: gh
  info: '"Plant " + plant.name'
  bind:
    - {tcp: [7000, 7001], udp: [7000]}
    - http-upgrade: greenhouse
    - {table: ws.protocol, keys: [gh.v1, gh.v2]}
    - {table: ip.proto, key: 253}
  replaces: {dissector: oldgh, name: Old greenhouse}
  limits: {pdu-octets: 4096, elements: 10, depth: 5}
  checks:
    - {id: DRY, expect: humidity > 10, severity: warning, message: Too dry, reference: Guide 3.1}
params:
  - {id: from_client, type: bool, -wireshark: {source: direction}}
  - {id: metric, type: bool, -wireshark: {source: pref, name: metric, init: 'true', label: Metric units}}
seq:
  - id: humidity
    type: u1
    valid: {max: 100, -wireshark: {severity: info, message: More than all}}
    -wireshark:
      unit: '%'
      alias:
        - {filter: oldgh.humidity, label: Humidity, type: uint8, mask: 0x7f, when: humidity > 0}
        - {filter: oldgh.data, types: {'': none, '4.6': bytes}}
  - {id: plant, type: u1, enum: plant, -wireshark: {name: Which plant, hidden: true}}
  - {id: part, type: part}
types:
  part:
    -wireshark:
      info: '"part"'
      checks: [{id: PART-TEXT, expect: text.is_utf8, message: Not UTF-8}]
    seq: [{id: text, size: 4}]
enums:
  plant: {1: {id: tomato, -wireshark: {name: Tomato plant}, -orig-id: TOM}, 2: {id: basil, -orig-id: BAS}, 3: mint}
`;
const protocol = compileText(SPEC);
const root = typeNamed(protocol, 'greenhouse');

test('what the protocol is called, where it is found and how much of it is read', () => {
  expect(protocol).toMatchObject({
    name: 'Greenhouse bus',
    filter: 'gh',
    replaces: { dissector: 'oldgh', name: 'Old greenhouse' },
    limits: { maxPduOctets: 4096, maxElements: 10, maxDepth: 5 },
  });
  expect(protocol.binds).toEqual([
    { kind: 'tcp', ports: [7000, 7001] },
    { kind: 'udp', ports: [7000] },
    { kind: 'http-upgrade', token: 'greenhouse' },
    { kind: 'table', table: 'ws.protocol', keys: ['gh.v1', 'gh.v2'] },
    { kind: 'table', table: 'ip.proto', keys: [253] },
  ]);
  expect(protocol.info?.type.kind).toBe('string');
  expect(protocol.info).toEqual(root.info);
});

test('parameters have a source, and sourced ones are not shown', () => {
  expect(root.params.map(({ source, field }) => [source.kind, field])).toEqual([
    ['direction', null],
    ['preference', null],
  ]);
  expect(root.params[1]?.source).toMatchObject({
    name: 'metric',
    label: 'Metric units',
    initial: { value: true },
  });
});

test('rules stand at the type whose members they speak of', () => {
  expect(root.checks).toMatchObject([
    { id: 'DRY', severity: 'warning', scope: 'frame', reference: 'Guide 3.1', filter: 'gh.rule.dry' },
  ]);
  expect(typeNamed(protocol, 'part').checks).toMatchObject([
    { id: 'PART-TEXT', severity: 'error', reference: '', filter: 'gh.rule.part_text' },
  ]);
});

test('attributes have labels, units, aliases, and may be hidden', () => {
  const [humidity, plant] = root.fields;
  expect(humidity?.valid).toMatchObject({ severity: 'info', message: 'More than all' });
  expect(humidity?.aliases).toMatchObject([
    {
      filter: 'oldgh.humidity',
      label: 'Humidity',
      types: [{ since: '', type: { kind: 'uint', bits: 8 } }],
      mask: 0x7f,
    },
    {
      filter: 'oldgh.data',
      label: 'oldgh.data',
      types: [
        { since: '', type: { kind: 'group' } },
        { since: '4.6', type: { kind: 'bytes' } },
      ],
      when: null,
    },
  ]);
  expect(plant?.hidden).toBe(true);
  const fields = protocol.protocolFields.map(({ filter, label, unit }) => [filter, label, unit]);
  expect(fields.slice(0, 2)).toEqual([
    ['gh.humidity', 'Humidity', '%'],
    ['gh.plant', 'Which plant', ''],
  ]);
});

test('values of an enum are shown by their chosen, original or own name', () => {
  expect(protocol.enums[0]?.values.map(({ name, label }) => [name, label])).toEqual([
    ['tomato', 'Tomato plant'],
    ['basil', 'BAS'],
    ['mint', 'mint'],
  ]);
});

const HEAD = 'meta: {id: greenhouse}\nseq: [{id: a, type: u1}]\n';

test.each([
  ['{filtre: gh}', 'spec/unknown-key /-wireshark/filtre'],
  ['{bind: [{tpc: [1]}]}', 'spec/unknown-key /-wireshark/bind/0/tpc'],
  ['{bind: [{tcp: [x]}]}', 'spec/wrong-shape /-wireshark/bind/0/tcp/0'],
  ['{bind: [{table: ip.proto}]}', 'spec/missing-key /-wireshark/bind/0'],
  ['{info: a}', 'spec/type-mismatch /-wireshark/info'],
  ['{checks: [{id: A, expect: a, message: m}]}', 'spec/type-mismatch /-wireshark/checks/0/expect'],
  ['{checks: [{expect: "true", message: m}]}', 'spec/missing-key /-wireshark/checks/0'],
  ['{checks: [{id: A, expect: b, message: m}]}', 'spec/unknown-member /-wireshark/checks/0/expect'],
  [
    '{checks: [{id: A, expect: "true", message: m, severity: fatal}]}',
    'spec/bad-value /-wireshark/checks/0/severity',
  ],
  [
    '{checks: [{id: A, expect: "true", message: m}, {id: A, expect: "true", message: n}]}',
    'spec/duplicate-id /-wireshark/checks/1/id',
  ],
  ['{limits: {depth: 0}}', 'spec/bad-value /-wireshark/limits/depth'],
  ['{replaces: {dissector: x}}', 'spec/missing-key /-wireshark/replaces'],
  ['{pdu: a}', 'spec/not-supported /-wireshark/pdu'],
  ['{session: {v: {type: f4}}}', 'spec/bad-value /-wireshark/session/v/type'],
  ['{session: {v: {type: u1, init: a}}}', 'spec/bad-value /-wireshark/session/v/init'],
  ['{session: {v: {type: bool, init: 1}}}', 'spec/type-mismatch /-wireshark/session/v/init'],
  [
    '{session: {v: {type: bool, from: {header: X, in: trailer, has: y}}}}',
    'spec/bad-value /-wireshark/session/v/from/in',
  ],
  [
    '{session: {v: {type: bool, from: {header: X, in: request, of: y}}}}',
    'spec/key-conflict /-wireshark/session/v/from',
  ],
  ['{set: {w: "true"}}', 'spec/unknown-variable /-wireshark/set/w'],
  ['{process: {p: {algorithm: lzma}}}', 'spec/bad-value /-wireshark/process/p/algorithm'],
  [
    '{reassemble: {first: "true", last: "true", data: "[1]", type: u1}}',
    'spec/bad-value /-wireshark/reassemble/type',
  ],
  ['{recover: {accept: a}}', 'spec/type-mismatch /-wireshark/recover/accept'],
  ['{pair: {key: a, request: "true"}}', 'spec/missing-key /-wireshark/pair'],
  [
    '{checks: [{id: A, expect: "true", message: m, scope: handshake}]}',
    'spec/key-conflict /-wireshark/checks/0',
  ],
  ['{rules: [{id: A, rule: r, scope: frame, message: m}]}', 'spec/bad-value /-wireshark/rules/0/scope'],
])('%s: %s', (wire, fault) => {
  expect(faultsOf(`${HEAD}-wireshark: ${wire}\n`)).toEqual([fault]);
});

test('our key at a place where it means nothing, or misspelt, is not passed over', () => {
  expect(faultsOf('meta: {id: greenhouse, -wireshark: {filter: gh}}')).toEqual([
    'spec/unknown-key /meta/-wireshark',
  ]);
  const [first] = diagnosticsOf(`${HEAD}-wiresharc: {filter: gh}`);
  expect(first?.help).toBe('Did you mean "-wireshark"?');
  expect(faultsOf(`${HEAD}-somebody-elses: {filter: gh}`)).toEqual([]);
});

test('only the parameters of the spec itself have a source', () => {
  const text = `${HEAD.replace('type: u1', 'type: t(true)')}types: {t: {params: [{id: p, type: bool, -wireshark: {source: direction}}]}}`;
  expect(faultsOf(text)).toEqual(['spec/key-conflict /types/t/params/0/-wireshark/source']);
});
