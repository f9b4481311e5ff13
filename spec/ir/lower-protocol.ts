import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { DiagnosticSink } from '../diagnostics/diagnostic.ts';
import { messageTypesOf } from '../passes/assign-type-ids.ts';
import type { EnumSymbol, SpecModel } from '../passes/symbols.ts';
import type { TypedModel } from '../passes/typed-model.ts';
import type { SourceText } from '../source.ts';
import type { WireTop } from '../syntax/wireshark-ast.ts';
import { TAKEN_NAMES } from '../wireshark/taken-names.ts';
import { badFilterName } from './describe-field.ts';
import { FieldTable } from './field-table.ts';
import { deriveFraming } from './framing.ts';
import { lowerBinds } from './lower-binds.ts';
import type { CommandLineBinds } from './lower-binds.ts';
import { lowerState } from './lower-state.ts';
import { lowerType } from './lower-type.ts';
import { ParamReads } from './param-reads.ts';
import type { Lowering } from './lowering.ts';
import type { EnumType, Limits, Protocol, Replaces, StructType } from './protocol.ts';

/**
 * Bounds for specs that give none. PDU: more than any capture of a sane protocol holds in one piece, little enough to
 * keep in memory. Elements: Wireshark itself stops at a million tree items a packet. Depth: Wireshark's own stack
 * ends at some hundreds of nested dissections, Lua's at 200 nested C calls.
 */
export const DEFAULT_LIMITS: Limits = {
  maxPduOctets: 256 * 1024 * 1024,
  maxElements: 65_536,
  maxDepth: 64,
  maxMessageOctets: 256 * 1024 * 1024,
  maxInflatedOctets: 16 * 1024 * 1024,
};

/** AST with types -> IR. `reachable`: how many of the types can occur in a PDU. */
export function lowerProtocol(
  typed: TypedModel,
  reachable: number,
  ports: CommandLineBinds,
  sink: DiagnosticSink,
): Protocol {
  const { model } = typed;
  const { main } = model;
  const wire = main.file.wire;
  if (wire?.name !== undefined && wire.name.value === wire.replaces?.name.value) {
    sink.report('spec/filter-taken', wire.name.place, { what: 'name', name: wire.name.value });
  }
  const lowering: Lowering = {
    typed,
    sink,
    table: new FieldTable(sink),
    checkIds: new Map(),
    filter: filterOf(model, sink),
    messageTypes: messageTypesOf(model),
    variables: new Set(wire?.state.session.map(({ id }) => id.value)),
  };
  const limits = lowerLimits(wire);
  const types = withReads(lowerTypes(model, reachable, lowering));
  const state = lowerState(wire?.state, limits, lowering);
  const framing = deriveFraming(types, 0);
  const place = { span: { source: main.file.source, start: 0, end: 0 }, path: '/' };
  return {
    id: main.decl.id,
    name: wire?.name?.value ?? defaultName(model),
    filter: lowering.filter,
    title: main.decl.title,
    doc: main.decl.doc,
    root: 0,
    types,
    enums: model.enums.map(lowerEnum),
    protocolFields: lowering.table.fields,
    binds: lowerBinds(wire?.binds ?? [], { ports, place }, framing, lowering),
    framing,
    info: types[0]?.info ?? null,
    replaces: lowerReplaces(wire),
    limits,
    ...state,
    sources: model.sources,
    hash: hashOf(model.sources),
  };
}

/** A check whose inputs are unknown is not evaluated: what those are is the same for both back ends. */
function withReads(types: readonly StructType[]): readonly StructType[] {
  const reads = new ParamReads(types, 0);
  return types.map((type) => ({
    ...type,
    checks: type.checks.map((check) => ({ ...check, reads: reads.of(check.expect) })),
  }));
}

function lowerReplaces(wire: WireTop | undefined): Replaces | null {
  if (wire?.replaces === undefined) return null;
  return { dissector: wire.replaces.dissector.value, name: wire.replaces.name.value };
}

function lowerLimits(wire: WireTop | undefined): Limits {
  return {
    maxPduOctets: wire?.limits.pduOctets ?? DEFAULT_LIMITS.maxPduOctets,
    maxElements: wire?.limits.elements ?? DEFAULT_LIMITS.maxElements,
    maxDepth: wire?.limits.depth ?? DEFAULT_LIMITS.maxDepth,
    maxMessageOctets: wire?.limits.messageOctets ?? DEFAULT_LIMITS.maxMessageOctets,
    maxInflatedOctets: wire?.limits.inflatedOctets ?? DEFAULT_LIMITS.maxInflatedOctets,
  };
}

function lowerTypes(model: SpecModel, reachable: number, lowering: Lowering): readonly StructType[] {
  const types = model.typesById.slice(0, reachable).map((symbol) => lowerType(symbol, lowering));
  // The others are lowered for their diagnostics; their names are taken in a table that nobody reads.
  const unread: Lowering = { ...lowering, table: new FieldTable(lowering.sink) };
  for (const symbol of model.typesById.slice(reachable)) lowerType(symbol, unread);
  return types;
}

function filterOf(model: SpecModel, sink: DiagnosticSink): string {
  const written = model.main.file.wire?.filter;
  // Nobody chose the id as a filter name: where Wireshark has it already, ours is made to differ.
  const { id } = model.main.decl;
  if (written === undefined) return TAKEN_NAMES.has(id) ? `ks_${id}` : id;
  const name = written.value;
  const reason = badFilterName(name);
  if (reason !== undefined) sink.report('spec/filter-name', written.place, { name, reason });
  else if (TAKEN_NAMES.has(name)) {
    const help = 'Wireshark refuses to load a second protocol of that name: choose another one.';
    sink.report('spec/filter-taken', written.place, { what: 'filter name', name }, { help });
  }
  return name;
}

/** Titles alone are often those of Wireshark's own dissectors, and it refuses a second one of the same name. */
function defaultName(model: SpecModel): string {
  const { title, id } = model.main.decl;
  return title === '' ? id : `${title} (${id})`;
}

function lowerEnum(symbol: EnumSymbol): EnumType {
  return {
    id: symbol.id,
    path: symbol.path,
    values: symbol.decl.values.map(({ value, id, label, doc }) => ({ value, name: id.value, label, doc })),
  };
}

/** Lengths are hashed too, so that text cannot move from one file to the next unseen. */
function hashOf(sources: readonly SourceText[]): string {
  const hash = sha256.create();
  for (const { text } of sources) {
    const octets = utf8ToBytes(text);
    hash.update(utf8ToBytes(`${String(octets.length)}\n`)).update(octets);
  }
  return bytesToHex(hash.digest());
}
