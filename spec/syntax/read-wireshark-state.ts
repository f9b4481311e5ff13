import type { HeaderSource } from '../ir/state.ts';
import type { MapReader, ValueReader } from './map-reader.ts';
import { readParamType } from './read-param.ts';
import { readExpr, readId, readLocated } from './read-parts.ts';
import { readTypeUse } from './read-type-use.ts';
import type { WireProcess, WireReassembly, WireState, WireVariable } from './wireshark-state-ast.ts';
import type { WirePairing, WireRecovery, WireRule, WireSet } from './wireshark-state-ast.ts';
import type { YamlNode } from './yaml-node.ts';

/** The keys of the spec's `-wireshark` about more than one PDU. */
export function readState(map: MapReader, read: ValueReader): WireState {
  return {
    session: readEntries(map.get('session'), '"session"', read, readVariable),
    processes: readEntries(map.get('process'), '"process"', read, readInflate),
    reassembly: readReassembly(map.get('reassemble'), read),
    recovery: readRecovery(map.get('recover'), read),
    pairing: readPairing(map.get('pair'), read),
    rules: readRules(map.get('rules'), read),
  };
}

type ReadEntry<T> = (
  name: YamlNode & { kind: 'scalar' },
  value: YamlNode,
  read: ValueReader,
) => T | undefined;

/** A map whose keys are names of the spec's own. */
function readEntries<T>(
  node: YamlNode | undefined,
  what: string,
  read: ValueReader,
  readEntry: ReadEntry<T>,
): readonly T[] {
  const map = node === undefined ? undefined : read.map(node, what);
  return (map?.entries ?? []).flatMap(({ key, value }) => readEntry(key, value, read) ?? []);
}

function readVariable(
  name: YamlNode & { kind: 'scalar' },
  value: YamlNode,
  read: ValueReader,
): WireVariable | undefined {
  const map = read.mapReader(value, 'A session variable');
  const id = readId(name, read, 'a session variable');
  if (map === undefined || id === undefined) return undefined;
  const variable = {
    id,
    doc: read.text(map.get('doc'), '"doc"') ?? '',
    type: readParamType(map.require('type'), read),
    per: read.word(map.get('per'), '"per"', ['conversation', 'direction']) ?? ('conversation' as const),
    init: readExpr(map.get('init'), read),
    from: readHeaderSource(map.get('from'), read),
    unseen: readExpr(map.get('unseen'), read),
  };
  map.reportUnknown();
  return variable;
}

function readHeaderSource(node: YamlNode | undefined, read: ValueReader): HeaderSource | undefined {
  const map = node === undefined ? undefined : read.mapReader(node, '"from"');
  if (map === undefined) return undefined;
  const header = read.text(map.require('header'), 'The name of the header');
  const where = read.word(map.require('in'), '"in"', ['request', 'response']);
  const has = read.text(map.get('has'), 'The element');
  const besides = map.get('besides');
  const element = read.text(map.get('of'), 'The element');
  const parameter = read.text(map.get('parameter'), 'The parameter');
  map.reportUnknown();
  const given = [has, besides, parameter].filter((one) => one !== undefined).length;
  if (given > 1 || (element === undefined) !== (parameter === undefined)) {
    const detail = '"from" has one of "has", "besides", or "of" with "parameter"; or none: the whole value.';
    read.sink.report('spec/key-conflict', map.headPlace, { detail });
  }
  if (header === undefined || where === undefined) return undefined;
  const source = (take: HeaderSource['take']): HeaderSource => ({
    in: where,
    header: header.toLowerCase(),
    take,
  });
  if (has !== undefined) return source({ kind: 'has', element: has.toLowerCase() });
  if (besides !== undefined) {
    return source({ kind: 'besides', elements: readTexts(besides, read).map((text) => text.toLowerCase()) });
  }
  if (element !== undefined && parameter !== undefined) {
    return source({
      kind: 'parameter',
      element: element.toLowerCase(),
      parameter: parameter.toLowerCase(),
    });
  }
  return source({ kind: 'value' });
}

export function readTexts(node: YamlNode, read: ValueReader): readonly string[] {
  return read.listOrOne(node).flatMap((item) => read.text(item, 'A name') ?? []);
}

function readInflate(
  name: YamlNode & { kind: 'scalar' },
  value: YamlNode,
  read: ValueReader,
): WireProcess | undefined {
  const map = read.mapReader(value, 'A process');
  const id = readId(name, read, 'a process');
  if (map === undefined || id === undefined) return undefined;
  read.word(map.require('algorithm'), 'The algorithm', ['deflate-raw']);
  const append = map.get('append');
  const process: WireProcess = {
    name: id,
    append: Uint8Array.from(append === undefined ? [] : readOctets(append, read)),
    window: read.word(map.get('window'), '"window"', ['none', 'direction', 'conversation']) ?? 'none',
    reset: readExpr(map.get('reset'), read),
    windowBits: readExpr(map.get('window-bits'), read),
  };
  map.reportUnknown();
  return process;
}

/** What is put behind a message is a handful of octets. */
const MOST_APPENDED = 64;

function readOctets(node: YamlNode, read: ValueReader): readonly number[] {
  return read
    .list(node, '"append"')
    .slice(0, MOST_APPENDED)
    .flatMap((item) => read.integer(item, 'An octet', { min: 0, max: 255 }) ?? []);
}

function readReassembly(node: YamlNode | undefined, read: ValueReader): WireReassembly | undefined {
  const map = node === undefined ? undefined : read.mapReader(node, '"reassemble"');
  if (map === undefined) return undefined;
  const part = readExpr(map.get('part'), read);
  const first = readExpr(map.require('first'), read);
  const last = readExpr(map.require('last'), read);
  const data = readExpr(map.require('data'), read);
  const per = read.word(map.get('per'), '"per"', ['direction', 'conversation']) ?? 'direction';
  const typeNode = map.require('type');
  map.reportUnknown();
  const scalar = typeNode === undefined ? undefined : read.scalar(typeNode, 'The type', 'the name of a type');
  if (first === undefined || last === undefined || data === undefined || scalar === undefined)
    return undefined;
  return { place: map.headPlace, part, first, last, data, per, type: readTypeUse(scalar, read.sink) };
}

function readRecovery(node: YamlNode | undefined, read: ValueReader): WireRecovery | undefined {
  const map = node === undefined ? undefined : read.mapReader(node, '"recover"');
  if (map === undefined) return undefined;
  const recovery = {
    accept: readExpr(map.get('accept'), read),
    fromClient: readExpr(map.get('from-client'), read),
  };
  map.reportUnknown();
  return recovery;
}

function readPairing(node: YamlNode | undefined, read: ValueReader): WirePairing | undefined {
  const map = node === undefined ? undefined : read.mapReader(node, '"pair"');
  if (map === undefined) return undefined;
  const key = readExpr(map.require('key'), read);
  const request = readExpr(map.require('request'), read);
  const response = readExpr(map.require('response'), read);
  map.reportUnknown();
  return key === undefined || request === undefined || response === undefined
    ? undefined
    : { key, request, response };
}

function readRules(node: YamlNode | undefined, read: ValueReader): readonly WireRule[] {
  const items = node === undefined ? [] : read.list(node, '"rules"');
  return items.flatMap((item) => readRule(item, read) ?? []);
}

function readRule(node: YamlNode, read: ValueReader): WireRule | undefined {
  const map = read.mapReader(node, 'A rule');
  if (map === undefined) return undefined;
  const id = readLocated(map.require('id'), read, 'The id of a rule');
  const rule = read.text(map.require('rule'), 'The name of a rule');
  const scope = read.word(map.require('scope'), 'The scope', ['message', 'handshake', 'connection']);
  const severity = read.word(map.get('severity'), 'The severity', ['error', 'warning', 'info']);
  const message = read.text(map.require('message'), 'The message');
  const reference = read.text(map.get('reference'), 'The reference') ?? '';
  const doc = read.text(map.get('doc'), '"doc"') ?? '';
  map.reportUnknown();
  if (id === undefined || rule === undefined || scope === undefined || message === undefined)
    return undefined;
  return { id, rule, scope, severity: severity ?? 'error', message, reference, doc: doc.trim() };
}

/** `set` of a type: variable -> expression. */
export function readSets(node: YamlNode | undefined, read: ValueReader): readonly WireSet[] {
  return readEntries(node, '"set"', read, (name, value) => {
    const variable = readId(name, read, 'a session variable');
    const expression = readExpr(value, read);
    return variable === undefined || expression === undefined ? undefined : { variable, value: expression };
  });
}
