import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DissectedNode, DissectedPacket } from '../dissected.ts';
import { fixture, readAll, VERSIONS } from '../fixtures/fixture.ts';
import { PROBE_SHAPES } from '../fixtures/shapes.ts';
import { isMembers, member, parseMembers, slowLayers, type SlowNode } from '../fixtures/slow-reader.ts';
import { createPacketReader } from './packet-reader.ts';

const PROBE = ['wtprobe'];

/** What default output tells, which has no ranges. */
function withoutRanges(packet: DissectedPacket): unknown {
  const strip = (node: DissectedNode): SlowNode => ({
    name: node.name,
    value: node.value,
    experts: node.experts,
    children: node.children.map(strip),
  });
  return { ...packet, layers: packet.layers.map(strip), filtered: [] };
}

function nodesNamed(nodes: readonly DissectedNode[], name: string): DissectedNode[] {
  return nodes.flatMap((node) => [...(node.name === name ? [node] : []), ...nodesNamed(node.children, name)]);
}

test('there are fixtures of three versions', () => {
  expect(VERSIONS).toEqual(['4.0', '4.4', '4.6']);
});

test.each(VERSIONS)('hands back every PDU of a segment, with fields and expert infos (%s)', (version) => {
  const { packets, end } = readAll(fixture(version, 'default'), PROBE);
  expect(end).toEqual({ kind: 'complete' });
  expect(packets.map((packet) => packet.layers.length)).toEqual([0, 4, 1, 0, 1, 1, 1]);
  const [, several] = packets;
  expect(several?.layerNames.slice(-4)).toEqual(['wtprobe', 'wtprobe', 'wtprobe', 'wtprobe']);
  expect(nodesNamed(several?.layers ?? [], 'wtprobe.flags.level').map((node) => node.value)).toEqual([
    '1',
    '10',
    '15',
    '5',
  ]);
  expect(several?.layers[0]?.experts).toEqual([
    { name: 'wtprobe.low', message: 'Level is low', severity: 'note', group: 'protocol' },
  ]);
  const loud = nodesNamed(several?.layers.slice(2, 3) ?? [], 'wtprobe.flags.level')[0];
  expect(loud?.experts.map((expert) => expert.message)).toEqual(['level 15 is "loud"', 'level is very loud']);
});

test.each(VERSIONS)('reads what TCP, UDP, IPv4 and IPv6 say (%s)', (version) => {
  const { packets } = readAll(fixture(version, 'default'), PROBE);
  expect(packets[0]).toMatchObject({
    frame: 1,
    frameKnown: true,
    time: 1_700_000_000_000_000_000n,
    udp: null,
  });
  expect(packets[0]?.tcp).toEqual({
    stream: 0,
    sourceAddress: '10.0.0.1',
    destinationAddress: '10.0.0.2',
    sourcePort: 50_000,
    destinationPort: 7777,
    sequence: 1000,
    acknowledgement: 2000,
    flags: 2,
    window: 1000,
    length: 0,
    payload: null,
    payloadDiffersAt: null,
  });
  expect(packets[1]?.tcp).toMatchObject({ sequence: 1001, flags: 0x18, length: 26 });
  expect(Buffer.from(packets[1]?.tcp?.payload ?? []).toString('hex')).toBe(
    '0181000968656c6c6f020a0007010203030f0006dead04050004',
  );
  expect(packets[5]).toMatchObject({ tcp: null, udp: { sourcePort: 50_001, length: 5 } });
  expect(Buffer.from(packets[5]?.udp?.payload ?? []).toString('hex')).toBe('0202000507');
  expect(packets[6]?.tcp).toMatchObject({ sourceAddress: '2001:db8::1', destinationAddress: '2001:db8::2' });
});

test.each(VERSIONS)(
  'every octet of a stream is in the payloads, also of segments reassembled later (%s)',
  (version) => {
    const { packets } = readAll(fixture(version, 'default'), PROBE);
    expect(packets[3]?.tcp?.payload?.length).toBe(15);
    expect(packets[4]?.tcp?.payload?.length).toBe(13);
    expect(packets[4]?.layers).toHaveLength(1);
  },
);

const SAME_CONTENT = [
  'ranges',
  'no-duplicates',
  'no-duplicates-ranges',
  'two-pass',
  'filter-trees',
  'filter-trees-ranges',
] as const;

test.each(VERSIONS.flatMap((version) => SAME_CONTENT.map((shape) => [version, shape] as const)))(
  'tells the same in every shape (%s, %s)',
  (version, shape) => {
    const expected = readAll(fixture(version, 'default'), PROBE).packets.map(withoutRanges);
    const { packets, end } = readAll(fixture(version, shape), PROBE);
    expect(end).toEqual({ kind: 'complete' });
    expect(packets.map(withoutRanges)).toEqual(expected);
  },
);

test('versions tell the same', () => {
  const [first, ...others] = VERSIONS.map((version) => readAll(fixture(version, 'default'), PROBE).packets);
  for (const packets of others) expect(packets).toEqual(first);
});

test.each(VERSIONS)('ranges say where a field lies, masks apart (%s)', (version) => {
  const dataSource = version >= '4.6' ? 0 : null;
  for (const shape of ['ranges', 'no-duplicates-ranges', 'filter-trees-ranges'] as const) {
    const { packets } = readAll(fixture(version, shape), PROBE);
    const layers = packets[1]?.layers ?? [];
    expect(layers.map((layer) => [layer.raw?.hex, layer.raw?.position, layer.raw?.length])).toEqual([
      ['0181000968656c6c6f', 54, 9],
      ['020a0007010203', 63, 7],
      ['030f0006dead', 70, 6],
      ['04050004', 76, 4],
    ]);
    expect(nodesNamed(layers, 'wtprobe.flags.level')[1]?.raw).toEqual({
      hex: null,
      position: 64,
      length: 1,
      bitmask: 15n,
      masked: 'A',
      dataSource,
    });
    expect(nodesNamed(layers, 'wtprobe.body')[0]?.raw?.hex).toBe('dead');
    expect(nodesNamed(layers, 'wtprobe.total').map((node) => node.raw)).toEqual([null, null, null, null]);
  }
});

test.each(VERSIONS)('a field named NAME_raw is told from the octets of NAME (%s)', (version) => {
  for (const shape of ['default', 'ranges', 'no-duplicates', 'no-duplicates-ranges'] as const) {
    const { packets } = readAll(fixture(version, shape), PROBE);
    const group = nodesNamed(packets[1]?.layers ?? [], 'wtprobe.group');
    expect(group[0]?.children.map((node) => [node.name, node.value])).toEqual([
      ['wtprobe.item', '1'],
      ['wtprobe.item', '2'],
      ['wtprobe.item', '3'],
      ['wtprobe.item_raw', '6'],
      ['wtprobe.item_raw', '7'],
    ]);
    expect(packets[1]?.tcp?.sequence).toBe(1001);
  }
});

test.each(VERSIONS)('agrees with a slow reader on every layer (%s)', (version) => {
  for (const shape of ['default', 'no-duplicates', 'ranges', 'gorilla', 'gorilla-ranges'] as const) {
    const json = fixture(version, shape);
    const slow = parseMembers(json.toString('utf8')) as Parameters<typeof slowLayers>[0][];
    const names = [...new Set(slow.flatMap((packet) => slowLayers(packet).map((node) => node.name)))];
    const { packets } = readAll(json, names);
    expect(packets).toHaveLength(slow.length);
    packets.forEach((packet, index) => {
      const expected = slowLayers(slow[index] ?? null).filter((node) => node.name !== '_ws.lua.fake');
      expect((withoutRanges(packet) as DissectedPacket).layers).toEqual(expected);
      expect(packet.layerNames).toEqual(expected.map((node) => node.name));
    });
  }
});

test.each(VERSIONS)('layers filtered away are named, and what they would tell is null (%s)', (version) => {
  const all = readAll(fixture(version, 'filter-all'), PROBE).packets;
  expect(all[1]).toMatchObject({ frame: 2, frameKnown: false, time: null, tcp: null });
  expect(all[1]?.filtered).toEqual(['frame', 'ip', 'tcp', 'wtprobe']);
  const fields = readAll(fixture(version, 'filter-fields'), PROBE).packets;
  expect(fields[4]?.filtered).toEqual(['wtprobe.flags']);
  expect(fields[4]?.tcp?.sequence).toBe(1064);
});

test.each(VERSIONS)('jsonraw gives ranges and what can be told from octets (%s)', (version) => {
  const { packets, end } = readAll(fixture(version, 'raw'), PROBE);
  expect(end).toEqual({ kind: 'complete' });
  expect(packets[1]).toMatchObject({ frame: 2, frameKnown: false, problems: [] });
  expect(packets[1]?.tcp).toMatchObject({
    sourceAddress: '10.0.0.1',
    sourcePort: 50_000,
    sequence: 1001,
    length: 26,
  });
  expect(packets[6]?.tcp).toMatchObject({ sourceAddress: '2001:db8::1', destinationAddress: '2001:db8::2' });
  // Their layers are one key each, so an object keeps only what stands there.
  const kinds = nodesNamed(packets[2]?.layers ?? [], 'wtprobe.kind');
  expect(kinds.map((node) => [node.value, node.raw?.hex])).toEqual([[null, '01']]);
});

test.each(VERSIONS)('Lua errors show, also where -J filtered their text away (%s)', (version) => {
  const { packets } = readAll(fixture(version, 'failing'), PROBE);
  const errors = packets[1]?.engineErrors.filter((text) => text.startsWith('Lua Error: ')) ?? [];
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain('the probe gave up on purpose');
  expect(packets[1]?.layers).toHaveLength(2);
  expect(packets[0]?.engineErrors).toEqual([]);
  expect(packets[2]?.engineErrors).toEqual([]);
  const filtered = readAll(fixture(version, 'failing-filtered'), PROBE).packets;
  expect(filtered[1]?.engineErrors.some((text) => text.includes('the probe gave up on purpose'))).toBe(true);
});

test('a dissector bug shows', () => {
  const { packets } = readAll(fixture('4.6', 'failing'), PROBE);
  expect(packets[1]?.engineErrors[0]).toContain('Dissector bug: ');
});

test.each(VERSIONS)('the built-in dissectors of a real capture are read too (%s)', (version) => {
  const { packets } = readAll(fixture(version, 'gorilla-ranges'), ['websocket', 'http']);
  const texts = nodesNamed(
    packets.flatMap((packet) => packet.layers),
    'websocket.payload.text',
  );
  expect(texts.map((node) => node.value)).toContain('wer');
  expect(packets.filter((packet) => packet.layerNames.includes('http'))).toHaveLength(2);
});

/** A short JSON in all its shapes costs too much for every octet; the first packets hold all that happens. */
function shortened(json: Buffer, packets: number): Buffer {
  let at = 0;
  for (let index = 0; index < packets; index++) at = json.indexOf('\n  }', at + 1) + '\n  }'.length;
  return Buffer.concat([json.subarray(0, at), Buffer.from('\n]\n')]);
}

test('any chunks give the same packets', () => {
  for (const shape of ['default', 'ranges', 'no-duplicates-ranges', 'failing', 'raw'] as const) {
    const json = fixture('4.6', shape);
    const expected = readAll(json, PROBE);
    expect(readAll(json, PROBE, [1])).toEqual(expected);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        expect(readAll(json, PROBE, sizes)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  }
});

test('cut at any octet, whole packets before it are handed out and the cut is told', () => {
  const json = shortened(fixture('4.0', 'filter-trees'), 2);
  const whole = readAll(json, PROBE);
  expect(whole.end).toEqual({ kind: 'complete' });
  const ends = whole.packets.map((_, index) => shortened(json, index + 1).length - '\n]\n'.length);
  for (let cut = 1; cut < json.length - 1; cut++) {
    const { packets, end } = readAll(json.subarray(0, cut), PROBE);
    const complete = ends.filter((at) => at <= cut).length;
    if (packets.length !== complete || end.kind !== 'cut' || end.offset !== cut) {
      expect({ cut, end, packets: packets.length }).toEqual({ cut, end: 'cut there', packets: complete });
    }
  }
  const { packets, end } = readAll(json.subarray(0, ends[1]), PROBE);
  expect(packets).toEqual(whole.packets);
  expect(end).toMatchObject({ kind: 'cut', message: expect.stringContaining('after packet 2') as string });
});

test.each(['ranges', 'no-duplicates-ranges', 'gorilla'] as const)(
  'cut anywhere in the %s shape, nothing breaks',
  (shape) => {
    const json = shortened(fixture('4.6', shape), 2);
    const whole = readAll(json, ['wtprobe', 'websocket', 'http']).packets;
    for (let cut = 2; cut < json.length - 2; cut += 29) {
      const { packets, end } = readAll(json.subarray(0, cut), ['wtprobe', 'websocket', 'http']);
      expect(end.kind).toBe('cut');
      expect(packets).toEqual(whole.slice(0, packets.length));
    }
  },
);

/** Takes the space between tokens away, repeated keys and all. */
function compact(json: Buffer): string {
  return json
    .toString('utf8')
    .replaceAll(/("(?:[^"\\]|\\.)*")|\s+/gs, (_, text: string | undefined) => text ?? '');
}

test('reformatted JSON tells the same: one line, other indents, a packet a line', () => {
  for (const shape of ['default', 'ranges', 'no-duplicates-ranges'] as const) {
    const json = fixture('4.4', shape);
    const expected = readAll(json, PROBE).packets;
    const line = compact(json);
    expect(readAll(Buffer.from(line), PROBE)).toEqual({ packets: expected, end: { kind: 'complete' } });
    expect(readAll(Buffer.from(line.replaceAll(/([[{,])(?=["{[])/g, '$1\r\n\t')), PROBE).packets).toEqual(
      expected,
    );
    const lines = parseMembers(json.toString('utf8')) as unknown[];
    const starts = line
      .split('{"_index"')
      .slice(1)
      .map((part) => `{"_index"${part.replace(/[,\]]$/, '')}`);
    expect(starts).toHaveLength(lines.length);
    expect(readAll(Buffer.from(starts.join('\n')), PROBE)).toEqual({
      packets: expected,
      end: { kind: 'complete' },
    });
  }
});

test('what JSON.parse and JSON.stringify leave of --no-duplicate-keys tells the same', () => {
  const json = fixture('4.4', 'no-duplicates');
  const line = JSON.stringify(JSON.parse(json.toString('utf8')));
  expect(readAll(Buffer.from(line), PROBE).packets).toEqual(readAll(json, PROBE).packets);
});

test('an empty array is complete', () => {
  expect(readAll(Buffer.from('[]\n'), PROBE)).toEqual({ packets: [], end: { kind: 'complete' } });
  expect(readAll(Buffer.from('\ufeff[\n]\n'), PROBE, [1])).toEqual({
    packets: [],
    end: { kind: 'complete' },
  });
});

function packetJson(layers: string): string {
  return `{"_index":"packets","_score":null,"_source":{"layers":{${layers}}}}`;
}

test('what is no JSON is told by its first line', () => {
  const message = (input: string | Buffer): string => {
    const { end } = readAll(Buffer.from(input), PROBE);
    return end.kind === 'not-json' ? end.message : end.kind;
  };
  expect(message('')).toContain('the input is empty');
  expect(message(' \n')).toContain('the input is empty');
  expect(message('\ufeff')).toContain('the input is empty');
  expect(message('tshark: The file "x" doesn\'t exist.\nmore')).toBe(
    'Not JSON. The first line is: "tshark: The file "x" doesn\'t exist."',
  );
  expect(message(Buffer.from('d4c3b2a1020004', 'hex'))).toContain('a capture file');
  expect(message(Buffer.from('0a0d0d0a1c000000', 'hex'))).toContain('a capture file');
  expect(message(Buffer.from('1f8b0800', 'hex'))).toContain('gzip');
  expect(message(Buffer.from('fffe5b00', 'hex'))).toContain('UTF-16');
  expect(message('<?xml version="1.0"?>')).toContain('-T pdml');
  expect(message(`${'x'.repeat(500)}\u0007`)).toHaveLength('Not JSON. The first line is: "..."'.length + 160);
  expect(message('\u001b[31mred')).not.toContain('\u001b');
  expect(message('[1]')).toContain('item 1 is no packet');
  expect(message('["a"]')).toContain('item 1 is no packet');
  expect(message('[{"a":1}]')).toContain('item 1 is no packet');
  expect(message('[[]]')).toContain('item 1 is no packet');
  expect(message('{"index":{"_index":"packets"}}\n{"timestamp":"1","layers":{}}')).toContain('-T ek');
  expect(message(`[${packetJson('')}]\n[]`)).toContain('more after the end');
});

test('broken JSON in the middle keeps what came before and names the octet', () => {
  const good = packetJson('"frame":{"frame.number":"7"}');
  for (const broken of [
    `[${good},}`,
    `[${good} ${good}]`,
    `[${good},{"_source" "x"}]`,
    `[${good},{"_source":nil}]`,
    `[${good},{,}]`,
  ]) {
    const { packets, end } = readAll(Buffer.from(broken), PROBE);
    expect(packets.map((packet) => packet.frame)).toEqual([7]);
    expect(end).toMatchObject({
      kind: 'not-json',
      message: expect.stringContaining('Broken at octet') as string,
    });
    expect(end.kind === 'not-json' && end.offset).toBeGreaterThan(good.length);
  }
  const mismatched = readAll(Buffer.from(`[${packetJson('"wtprobe":{"a":["b"}}')}]`), PROBE);
  expect(mismatched.end.kind).toBe('not-json');
});

test('a consumer that throws is heard by whoever pushes', () => {
  const reader = createPacketReader({ layers: [] }, () => {
    throw new RangeError('enough');
  });
  expect(() => reader.push(fixture('4.0', 'default'))).toThrow(RangeError);
});

test('payload and its octets that disagree are told by where they do', () => {
  const tcp = '"tcp.srcport":"1","tcp.dstport":"2"';
  const read = (octets: string, text: string): DissectedPacket['tcp'] | undefined =>
    readAll(
      Buffer.from(
        `[${packetJson(`"tcp":{${tcp},"tcp.payload_raw":["${octets}",54,3,0,30],"tcp.payload":"${text}"}`)}]`,
      ),
      [],
    ).packets[0]?.tcp;
  expect(read('010203', '01:02:03')).toMatchObject({ payloadDiffersAt: null });
  expect(read('010203', '01:ff:03')).toMatchObject({
    payloadDiffersAt: 1,
    payload: Uint8Array.of(1, 0xff, 3),
  });
  expect(read('010203', '01:02')).toMatchObject({ payloadDiffersAt: 2 });
});

test('values that are none are left out and named', () => {
  const { packets } = readAll(
    Buffer.from(
      `[${packetJson('"tcp":{"tcp.srcport":"1","tcp.dstport":"2","tcp.payload":"0x:zz","tcp.len":"-4"}')}]`,
    ),
    [],
  );
  expect(packets[0]?.tcp).toMatchObject({ payload: null, length: 0 });
  expect(packets[0]?.problems).toHaveLength(2);
});

test('of tunnelled packets the innermost TCP counts', () => {
  const layers =
    '"ip":{"ip.src":"1.1.1.1","ip.dst":"2.2.2.2"},"udp":{"udp.srcport":"5","udp.dstport":"6"},' +
    '"ip":{"ip.src":"3.3.3.3","ip.dst":"4.4.4.4"},"tcp":{"tcp.srcport":"1","tcp.dstport":"2","tcp.stream":"9"}';
  const { packets } = readAll(Buffer.from(`[${packetJson(layers)}]`), []);
  expect(packets[0]?.tcp).toMatchObject({
    sourceAddress: '3.3.3.3',
    destinationAddress: '4.4.4.4',
    stream: 9,
  });
  const list = layers
    .replace('"ip":{"ip.src":"1.1.1.1","ip.dst":"2.2.2.2"},', '')
    .replace('"ip":{', '"ip":[{"ip.src":"9.9.9.9"},{')
    .replace('},"tcp"', '}],"tcp"');
  const once = readAll(Buffer.from(`[${packetJson(list)}]`), []).packets[0];
  expect(once?.tcp).toMatchObject({ sourceAddress: '3.3.3.3', destinationAddress: '4.4.4.4' });
  expect(once?.layerNames).toEqual(['udp', 'ip', 'ip', 'tcp']);
});

test('a transport layer that is asked for is handed back as well', () => {
  const json = fixture('4.4', 'ranges');
  const { packets } = readAll(json, ['tcp', 'wtprobe']);
  expect(packets[1]?.tcp).toEqual(readAll(json, PROBE).packets[1]?.tcp);
  expect(packets[1]?.layers.map((node) => node.name)).toEqual([
    'tcp',
    'wtprobe',
    'wtprobe',
    'wtprobe',
    'wtprobe',
  ]);
  expect(nodesNamed(packets[1]?.layers ?? [], 'tcp.srcport')[0]?.value).toBe('50000');
});

const NESTED_ERROR = '{"_ws.expert":{"_ws.lua.error":"","_ws.expert.message":"x"}}';

test('a Lua error deep in a layer that nobody asked for shows', () => {
  for (const layers of [
    `"http":{"a":{"b":${NESTED_ERROR}}}`,
    `"http":[{"a":"1"},{"b":${NESTED_ERROR}}]`,
    `"http":{"a":{"_ws.expert":[{"x":""},{"_ws.lua.error" : ""}]}}`,
    `"tcp":{"tcp.flags_tree":${NESTED_ERROR}}`,
  ]) {
    const json = Buffer.from(`[${packetJson(layers)}]`);
    for (let size = 1; size < 40; size++) {
      expect(readAll(json, PROBE, [size]).packets[0]?.engineErrors).toHaveLength(1);
    }
  }
});

test('text that only looks like a Lua error is none', () => {
  for (const layers of [
    '"data-text-lines":{"_ws.lua.error":"","Lua Error: x":""}',
    '"http":{"_ws.expert":{"_ws.expert.message":"_ws.lua.error"}}',
    '"Lua Error: a header\\\\r\\\\n":""',
    '"http":{"_ws.expert":{"a":"1"},"_ws.lua.error":""}',
  ]) {
    expect(readAll(Buffer.from(`[${packetJson(layers)}]`), PROBE).packets[0]?.engineErrors).toEqual([]);
  }
});

test('notes that a dissection broke off are kept apart', () => {
  const layers =
    '"_ws.malformed":{"_ws.expert":{"_ws.malformed.expert":"","_ws.expert.message":"Malformed Packet (Exception occurred)"},"_ws.malformed":"Malformed Packet"},' +
    '"_ws.short":"[Packet size limited during capture: Probe truncated]","_ws.malformed":"[Malformed Packet: Probe]"';
  expect(readAll(Buffer.from(`[${packetJson(layers)}]`), PROBE).packets[0]?.malformed).toEqual([
    'Malformed Packet (Exception occurred)',
    '[Packet size limited during capture: Probe truncated]',
    '[Malformed Packet: Probe]',
  ]);
});

test('strings with invalid UTF-8 and escapes are read as far as they make sense', () => {
  const bad = Buffer.concat([
    Buffer.from(`[${packetJson('"wtprobe":{"wtprobe.text":"a')}`.replace('}}}', '').replace(/]$/, '')),
    Buffer.from([0xff, 0xc3]),
    Buffer.from('\\q\\u12\\u00e9\\ud83d\\ude00\\/'),
    Buffer.from('"}}}}]'),
  ]);
  const { packets, end } = readAll(bad, PROBE);
  expect(end).toEqual({ kind: 'complete' });
  expect(packets[0]?.layers[0]?.children[0]?.value).toBe('a\ufffd\ufffd\\q\\u12\u00e9\u{1f600}/');
});

test('trees deeper than any of tshark are cut and told', () => {
  const depth = 5000;
  const json = `[${packetJson(`"wtprobe":${'{"a":'.repeat(depth)}"x"${'}'.repeat(depth)}`)}]`;
  for (const size of [1 << 16, 777]) {
    const { packets, end } = readAll(Buffer.from(json), PROBE, [size]);
    expect(end).toEqual({ kind: 'complete' });
    expect(packets[0]?.problems[0]).toContain('too deep');
  }
  const unwanted = `[${packetJson(`"other":${'['.repeat(200_000)}${']'.repeat(200_000)}`)}]`;
  expect(readAll(Buffer.from(unwanted), PROBE).end).toEqual({ kind: 'complete' });
});

test('a layer nobody wants takes no memory, however long', () => {
  let count = 0;
  const reader = createPacketReader({ layers: PROBE }, () => count++);
  const chunk = Buffer.alloc(1 << 20, 0x61);
  reader.push(Buffer.from(`[${packetJson('"data":{"data.data":"').replace('}}}', '')}`));
  const before = process.memoryUsage().arrayBuffers;
  for (let index = 0; index < 300; index++) reader.push(chunk);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 << 20);
  reader.push(Buffer.from('"}}}}]'));
  expect(reader.end()).toEqual({ kind: 'complete' });
  expect(count).toBe(1);
});

test('a wanted layer above the limit is left out and told', () => {
  const packets: DissectedPacket[] = [];
  const reader = createPacketReader({ layers: PROBE }, (packet) => packets.push(packet));
  const chunk = Buffer.alloc(32 << 20, 0x61);
  reader.push(Buffer.from(`[${packetJson('"wtprobe":{"wtprobe.text":"').replace('}}}', '')}`));
  for (let index = 0; index < 10; index++) reader.push(chunk);
  reader.push(Buffer.from('"}}}}]'));
  expect(reader.end()).toEqual({ kind: 'complete' });
  expect(packets[0]?.layers).toEqual([]);
  expect(packets[0]?.problems[0]).toContain('too many');
});

test('any garbage in place of JSON, or within it, ends in a sentence', () => {
  const json = compact(fixture('4.6', 'no-duplicates-ranges'));
  fc.assert(
    fc.property(fc.nat(json.length), fc.uint8Array({ maxLength: 6 }), fc.nat(4), (at, octets, removed) => {
      const mutated = Buffer.concat([
        Buffer.from(json.slice(0, at)),
        octets,
        Buffer.from(json.slice(at + removed)),
      ]);
      const { packets, end } = readAll(mutated, PROBE, [4096]);
      expect(packets.length).toBeLessThanOrEqual(8);
      expect(['complete', 'cut', 'not-json']).toContain(end.kind);
    }),
    { numRuns: 400 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
      expect(['complete', 'cut', 'not-json']).toContain(readAll(octets, PROBE).end.kind);
    }),
    { numRuns: 400 },
  );
});

test('the shapes have a fixture each', () => {
  for (const name of Object.keys(PROBE_SHAPES) as (keyof typeof PROBE_SHAPES)[]) {
    const packets = parseMembers(fixture('4.4', name).toString('utf8'));
    expect(Array.isArray(packets) && packets.length).toBe(7);
    expect(isMembers(member((packets as Parameters<typeof slowLayers>[0][])[0], '_source'))).toBe(true);
  }
});
