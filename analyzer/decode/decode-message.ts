import type { InflateProcess } from '../../spec/index.ts';
import { findBreaches } from './checks.ts';
import type { Compiler } from './compiler.ts';
import type { InflateTerms } from './context.ts';
import type { DecodedPdu } from './decoded.ts';
import { compileAs } from './evaluate/value.ts';
import { softly } from './items.ts';
import { OctetStream } from './octet-stream.ts';
import { attachUnfinished, readObject } from './read/object.ts';
import type { InflateResult } from './read/inflate.ts';
import { settle } from './read/settle.ts';
import { Run } from './run.ts';
import { OctetSource } from './source.ts';
import { StructNode } from './struct-node.ts';

/** Inflates a message's octets for a process of the spec; who calls keeps the windows. */
export type MessageInflate = (
  bytes: Uint8Array,
  process: InflateProcess,
  terms: InflateTerms,
) => InflateResult;

export type DecodeMessage = (first: DecodedPdu, octets: Uint8Array, inflate: MessageInflate) => DecodedPdu;

/** Reads the joined octets of a message as the type that the spec names. Never throws on octets. */
export function compileMessage(c: Compiler): DecodeMessage {
  const { reassembly, limits } = c.protocol;
  const plan = reassembly === null ? null : c.plan(reassembly.type);
  const args = (reassembly?.args ?? []).map((arg, i) => {
    const type = plan?.type.params[i]?.type;
    return type === undefined ? () => undefined : compileAs(c, arg, type);
  });
  return (first, octets, inflate) => {
    const firstRoot = first.root;
    if (plan === null || !(firstRoot instanceof StructNode)) throw new Error('the protocol has no messages');
    const run = new Run(limits, OctetSource.ofWire(octets, 0, octets.length), true);
    run.assumed = firstRoot.run.assumed;
    run.inflate = inflate;
    const io = new OctetStream(run.wire, 0, octets.length, false);
    const root = new StructNode(plan, run, io, null);
    root.root = firstRoot;
    for (const [i, arg] of args.entries()) root.cells[i] = softly(() => arg(firstRoot, 0, undefined));
    readWhole(root);
    root.endBit = Math.max(root.startBit, io.bitPosition());
    return {
      root,
      length: octets.length,
      complete: true,
      faults: run.faults,
      breaches: plan.checked ? findBreaches(root) : [],
      problem: run.problem,
    };
  };
}

function readWhole(root: StructNode): void {
  const { run } = root;
  try {
    readObject(root);
    if (root.plan.settles) settle(root);
  } catch (stop) {
    run.note(stop, root);
    attachUnfinished(run, null);
  }
}
