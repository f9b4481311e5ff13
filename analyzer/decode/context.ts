import type { InflateProcess, Protocol } from '../../spec/index.ts';
import type { Compiler } from './compiler.ts';
import type { DecodedPdu, Value } from './decoded.ts';
import { compileBool } from './evaluate/bool.ts';
import { compileNumber } from './evaluate/number.ts';
import { compileBytes } from './evaluate/text.ts';
import { compileValue } from './evaluate/value.ts';
import { compileHandovers, type Handovers } from './handover.ts';
import { softly, toValue } from './items.ts';
import type { Eval } from './plan.ts';
import type { Cell, Slot } from './slot.ts';
import { StructNode } from './struct-node.ts';

/** A new value of a session variable; `undefined`: it cannot be told, so it is unknown from now on. */
export interface StateUpdate {
  readonly variable: string;
  readonly value: Value;
}

/** What a PDU is in a message. */
export interface MessagePart {
  readonly first: boolean;
  readonly last: boolean;
  /** null: it could not be read. */
  readonly data: Uint8Array | null;
}

/** What the spec says of a PDU that was found by looking for one. */
export interface Recoverable {
  readonly accepted: boolean;
  /** Sent by the client, as far as the PDU's own octets tell; undefined: they do not. */
  readonly fromClient: boolean | undefined;
}

export interface PairSide {
  /** Equal of a request and its response. */
  readonly key: string;
  readonly role: 'request' | 'response';
}

/** How a message was compressed; undefined: not known. */
export interface InflateTerms {
  readonly reset: boolean | undefined;
  readonly windowBits: number | undefined;
}

/** Functions over complete PDUs, for who keeps the state of a conversation; they keep none themselves. */
export interface ContextFunctions {
  /** What a complete PDU makes of the session variables (`set`), in order: inner objects first. */
  changes(pdu: DecodedPdu): readonly StateUpdate[];
  /** null: no part of a message. */
  part(pdu: DecodedPdu): MessagePart | null;
  /** null: the protocol cannot be looked for. */
  recover(pdu: DecodedPdu): Recoverable | null;
  /** null: neither a request nor a response. */
  pair(pdu: DecodedPdu): PairSide | null;
  /** What of a PDU, or of a message, goes to other protocols. */
  readonly handovers: Handovers;
}

export function compileContext(c: Compiler): ContextFunctions {
  return {
    changes: compileChanges(c),
    part: compilePart(c),
    recover: compileRecover(c),
    pair: compilePair(c),
    handovers: compileHandovers(c),
  };
}

const NO_CHANGES: readonly StateUpdate[] = [];

function compileChanges(c: Compiler): ContextFunctions['changes'] {
  const sets = c.protocol.types.map((type) => type.sets);
  if (sets.every((list) => list.length === 0)) return () => NO_CHANGES;
  const onlyRoot = sets.every((list, type) => list.length === 0 || type === c.protocol.root);
  const visit = (node: StructNode, updates: StateUpdate[]): void => {
    if (!onlyRoot) for (const slot of node.plan.holders) visitCell(node, node.cells[slot], updates);
    updates.push(...changesBy(node));
  };
  const visitCell = (holder: StructNode, cell: Cell, updates: StateUpdate[]): void => {
    if (cell instanceof StructNode) {
      if (cell.holder === holder) visit(cell, updates);
    } else if (Array.isArray(cell)) {
      for (const element of cell as readonly Slot[]) visitCell(holder, element, updates);
    }
  };
  return ({ root }) => {
    const updates: StateUpdate[] = [];
    if (root instanceof StructNode) visit(root, updates);
    return updates;
  };
}

/** What one object alone makes of the session variables. */
export function changesBy(node: StructNode): readonly StateUpdate[] {
  return node.plan.sets.map(({ variable, value }) => {
    const slot = softly(() => value(node, 0, undefined));
    return { variable, value: toValue(slot) };
  });
}

function compilePart(c: Compiler): ContextFunctions['part'] {
  const { reassembly } = c.protocol;
  if (reassembly === null) return () => null;
  const isPart = compileBool(c, reassembly.part);
  const first = compileBool(c, reassembly.first);
  const last = compileBool(c, reassembly.last);
  const data = compileBytes(c, reassembly.data);
  return ({ root }) => {
    if (!(root instanceof StructNode)) return null;
    const part = softly(() =>
      isPart(root, 0, undefined)
        ? {
            first: first(root, 0, undefined),
            last: last(root, 0, undefined),
            data: softly(() => data(root, 0, undefined).view()) ?? null,
          }
        : null,
    );
    return part ?? null;
  };
}

function compileRecover(c: Compiler): ContextFunctions['recover'] {
  const { recovery } = c.protocol;
  if (recovery === null) return () => null;
  const accept = recovery.accept === null ? () => true : compileBool(c, recovery.accept);
  const fromClient = recovery.fromClient === null ? () => undefined : compileBool(c, recovery.fromClient);
  return ({ root }) => {
    if (!(root instanceof StructNode)) return null;
    return {
      accepted: softly(() => accept(root, 0, undefined)) === true,
      fromClient: softly(() => fromClient(root, 0, undefined)),
    };
  };
}

function compilePair(c: Compiler): ContextFunctions['pair'] {
  const { pairing } = c.protocol;
  if (pairing === null) return () => null;
  const key = compileValue(c, pairing.key);
  const request = compileBool(c, pairing.request);
  const response = compileBool(c, pairing.response);
  return ({ root }) => {
    if (!(root instanceof StructNode)) return null;
    const holds = (test: Eval<boolean>): boolean => softly(() => test(root, 0, undefined)) === true;
    const role = holds(request) ? 'request' : holds(response) ? 'response' : null;
    const value = role === null ? undefined : softly(() => key(root, 0, undefined));
    if (role === null || value === undefined) return null;
    return { key: keyText(toValue(value)), role };
  };
}

function keyText(value: Value): string {
  if (value instanceof Uint8Array) return Array.from(value).join(',');
  return typeof value === 'object' ? '' : `${typeof value} ${String(value)}`;
}

/** What a message of the process was compressed with, by the PDU of its first part. */
export function compileTerms(
  c: Compiler,
  protocol: Protocol,
): ReadonlyMap<
  string,
  { readonly process: InflateProcess; readonly terms: (first: StructNode) => InflateTerms }
> {
  return new Map(
    protocol.processes.map((process) => {
      const reset = process.reset === null ? () => false : compileBool(c, process.reset);
      const bits = process.windowBits === null ? () => 15 : compileNumber(c, process.windowBits);
      const terms = (first: StructNode): InflateTerms => ({
        reset: softly(() => reset(first, 0, undefined)),
        windowBits: softly(() => bits(first, 0, undefined)),
      });
      return [process.name, { process, terms }];
    }),
  );
}
