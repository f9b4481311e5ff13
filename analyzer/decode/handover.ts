import type { Field, Instance } from '../../spec/index.ts';
import type { Compiler } from './compiler.ts';
import type { DecodedItem, DecodedPdu, DecodedStruct, Value } from './decoded.ts';
import { compileValue } from './evaluate/value.ts';
import { softly, toValue } from './items.ts';
import type { Eval } from './plan.ts';
import type { Slot } from './slot.ts';
import { StructNode } from './struct-node.ts';

/** Octets of a field that the spec gives to another protocol, whichever it is. */
export interface HandoverOffer {
  readonly octets: Uint8Array;
  /** Dissector tables in the order they are asked, with the key; a key that cannot be told is left out. */
  readonly tables: readonly { readonly table: string; readonly key: string | number }[];
}

/** Fields of a PDU, or of a message, that the spec hands over, in reading order. */
export type Handovers = (pdu: DecodedPdu) => readonly HandoverOffer[];

const NOTHING: readonly HandoverOffer[] = [];

interface CompiledTable {
  readonly table: string;
  readonly key: Eval<Slot>;
}

export function compileHandovers(c: Compiler): Handovers {
  const compiled = new Map<DecodedItem['member'], readonly CompiledTable[]>();
  for (const type of c.protocol.types) {
    for (const member of [...type.fields, ...type.instances]) {
      const tables = tablesOf(c, member);
      if (tables.length > 0) compiled.set(member, tables);
    }
  }
  if (compiled.size === 0) return () => NOTHING;
  const offers: HandoverOffer[] = [];
  const visit = (struct: DecodedStruct): void => {
    for (const item of struct.items) {
      const tables = compiled.get(item.member);
      if (tables !== undefined) {
        const offer = offerOf(struct, item, tables);
        if (offer !== undefined) offers.push(offer);
      }
      visitValue(item.value);
    }
  };
  const visitValue = (value: Value): void => {
    if (value instanceof StructNode) visit(value);
    else if (Array.isArray(value)) for (const element of value as readonly Value[]) visitValue(element);
  };
  return ({ root }) => {
    visit(root);
    return offers.splice(0);
  };
}

function tablesOf(c: Compiler, member: Field | Instance): CompiledTable[] {
  const handover = 'handover' in member ? member.handover : null;
  return (handover?.tables ?? []).map(({ table, key }) => ({ table, key: compileValue(c, key) }));
}

function offerOf(
  struct: DecodedStruct,
  { range }: DecodedItem,
  tables: readonly CompiledTable[],
): HandoverOffer | undefined {
  if (range === null || !(struct instanceof StructNode)) return undefined;
  const start = range.start / 8;
  return {
    octets: range.source.bytes.subarray(start, start + range.length / 8),
    tables: tables.flatMap(({ table, key }) => {
      const value = toValue(softly(() => key(struct, 0, undefined)));
      if (typeof value === 'string' || typeof value === 'number') return [{ table, key: value }];
      return [];
    }),
  };
}
