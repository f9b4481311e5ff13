import type { ValueReader } from './map-reader.ts';
import { MapReader } from './map-reader.ts';
import { readExpr, readLocated } from './read-parts.ts';
import { refuseLaterKeys } from './read-wireshark-field.ts';
import { readSets, readState } from './read-wireshark-state.ts';
import type { WireBind, WireCheck, WireLimits, WireTop, WireType } from './wireshark-ast.ts';
import type { YamlNode } from './yaml-node.ts';

const LATER_TOP_KEYS = ['expect', 'sync', 'checksum', 'pdu'];

/** `-wireshark` of the spec: what only the whole protocol has, and what every type can have. */
export function readWireTop(
  node: YamlNode | undefined,
  read: ValueReader,
): { readonly top: WireTop | undefined; readonly type: WireType | undefined } {
  const map = node === undefined ? undefined : read.mapReader(node, '"-wireshark" of the spec');
  if (map === undefined) return { top: undefined, type: undefined };
  const bindNode = map.get('bind');
  const top: WireTop = {
    place: map.headPlace,
    name: readLocated(map.get('name'), read, 'The name'),
    filter: readLocated(map.get('filter'), read, 'The filter name'),
    binds: bindNode === undefined ? [] : readBinds(bindNode, read),
    replaces: readReplaces(map.get('replaces'), read),
    limits: readLimits(map.get('limits'), read),
    state: readState(map, read),
  };
  const type = readTypeKeys(map, read);
  refuseLaterKeys(map, LATER_TOP_KEYS, read);
  map.reportUnknown();
  return { top, type };
}

/** `-wireshark` of a type below the top. */
export function readWireType(node: YamlNode | undefined, read: ValueReader): WireType | undefined {
  const map = node === undefined ? undefined : read.mapReader(node, '"-wireshark" of a type');
  if (map === undefined) return undefined;
  const type = readTypeKeys(map, read);
  map.reportUnknown();
  return type;
}

function readTypeKeys(map: MapReader, read: ValueReader): WireType {
  const checks = map.get('checks');
  return {
    info: readExpr(map.get('info'), read),
    checks:
      checks === undefined
        ? []
        : read
            .list(checks, '"checks"')
            .map((item) => readCheck(item, read))
            .filter((check) => check !== undefined),
    sets: readSets(map.get('set'), read),
  };
}

function readCheck(node: YamlNode, read: ValueReader): WireCheck | undefined {
  const map = read.mapReader(node, 'A check');
  if (map === undefined) return undefined;
  const id = readLocated(map.require('id'), read, 'The id of a check');
  const expect = readExpr(map.require('expect'), read);
  const severity = read.word(map.get('severity'), 'The severity', ['error', 'warning', 'info']);
  const scope = read.word(map.get('scope'), 'The scope', ['frame', 'message', 'handshake', 'connection']);
  const message = read.text(map.require('message'), 'The message');
  const reference = read.text(map.get('reference'), 'The reference');
  const doc = read.text(map.get('doc'), '"doc"') ?? '';
  map.reportUnknown();
  if (id !== undefined && !/^[A-Za-z][A-Za-z0-9_-]*$/.test(id.value)) {
    read.sink.report('spec/bad-value', id.place, {
      what: 'The id of a check',
      expected: 'letters, digits, "-" and "_", beginning with a letter',
      found: `"${id.value}"`,
    });
    return undefined;
  }
  if (id === undefined || expect === undefined || message === undefined) return undefined;
  return {
    place: map.headPlace,
    id,
    expect,
    severity: severity ?? 'error',
    scope,
    message,
    reference: reference ?? '',
    doc: doc.trim(),
  };
}

function readReplaces(node: YamlNode | undefined, read: ValueReader): WireTop['replaces'] {
  const map = node === undefined ? undefined : read.mapReader(node, '"replaces"');
  if (map === undefined) return undefined;
  const dissector = readLocated(map.require('dissector'), read, 'The dissector');
  const name = readLocated(map.require('name'), read, 'The name of the dissector');
  map.reportUnknown();
  return dissector === undefined || name === undefined ? undefined : { dissector, name };
}

/** Beyond 2 GiB the values of one PDU no longer fit one JavaScript array, nor one Wireshark buffer. */
const HIGHEST_PDU_OCTETS = 2 ** 31 - 1;
const HIGHEST_ELEMENTS = 1_000_000;
const HIGHEST_DEPTH = 100;
const NO_LIMITS: WireLimits = {
  pduOctets: undefined,
  elements: undefined,
  depth: undefined,
  messageOctets: undefined,
  inflatedOctets: undefined,
};

function readLimits(node: YamlNode | undefined, read: ValueReader): WireLimits {
  const map = node === undefined ? undefined : read.mapReader(node, '"limits"');
  if (map === undefined) return NO_LIMITS;
  const octets = { min: 1, max: HIGHEST_PDU_OCTETS };
  const limits: WireLimits = {
    pduOctets: read.integer(map.get('pdu-octets'), '"pdu-octets"', octets),
    elements: read.integer(map.get('elements'), '"elements"', { min: 1, max: HIGHEST_ELEMENTS }),
    depth: read.integer(map.get('depth'), '"depth"', { min: 1, max: HIGHEST_DEPTH }),
    messageOctets: read.integer(map.get('message-octets'), '"message-octets"', octets),
    inflatedOctets: read.integer(map.get('inflated-octets'), '"inflated-octets"', octets),
  };
  map.reportUnknown();
  return limits;
}

/** A list of maps with one key each; a map with several keys is the same as several maps. */
function readBinds(node: YamlNode, read: ValueReader): readonly WireBind[] {
  return read.listOrOne(node).flatMap((item) => {
    const map = read.mapReader(item, 'An item of "bind"');
    return map === undefined ? [] : readBind(map, read);
  });
}

function readBind(map: MapReader, read: ValueReader): readonly WireBind[] {
  const place = map.headPlace;
  const binds: WireBind[] = [];
  for (const kind of ['tcp', 'udp'] as const) {
    const ports = map.get(kind);
    if (ports !== undefined) binds.push({ kind, place, ports: readPorts(ports, read) });
  }
  const token = read.text(map.get('http-upgrade'), 'The upgrade token');
  if (token !== undefined) binds.push({ kind: 'http-upgrade', place, token });
  const table = read.text(map.get('table'), 'The name of the table');
  const keys = map.get('keys') ?? map.get('key');
  if (table !== undefined) {
    if (keys === undefined) map.require('keys');
    else binds.push({ kind: 'table', place, table, keys: readTableKeys(keys, read) });
  }
  refuseLaterKeys(map, ['heuristic', 'accept', 'dlt'], read);
  map.reportUnknown();
  return binds;
}

function readPorts(node: YamlNode, read: ValueReader): readonly number[] {
  return read
    .listOrOne(node)
    .map((item) => read.integer(item, 'A port', { min: 1, max: 65535 }))
    .filter((port) => port !== undefined);
}

function readTableKeys(node: YamlNode, read: ValueReader): readonly (string | number)[] {
  const keys: (string | number)[] = [];
  for (const item of read.listOrOne(node)) {
    const scalar = read.scalar(item, 'A key of the table', 'a number or a text');
    if (scalar === undefined) continue;
    if (typeof scalar.value === 'bigint') {
      const number = read.integer(item, 'A key of the table', { min: 0, max: 0xffff_ffff });
      if (number !== undefined) keys.push(number);
    } else keys.push(scalar.text);
  }
  return keys;
}
