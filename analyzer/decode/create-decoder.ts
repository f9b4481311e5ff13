import type { Param, Protocol, ValueType } from '../../spec/index.ts';
import { compileAliases } from './aliases.ts';
import { findBreaches } from './checks.ts';
import { compileContext } from './context.ts';
import { compileMessage } from './decode-message.ts';
import { Compiler } from './compiler.ts';
import { compileTypes } from './compile-type.ts';
import type { DecodedPdu, DecodeOutcome, Value } from './decoded.ts';
import { ASSUMED, type Decoder, type DecoderOptions, type ParamValues } from './decoder.ts';
import { compileText } from './evaluate/text.ts';
import { compileAs } from './evaluate/value.ts';
import { softly } from './items.ts';
import { OctetStream } from './octet-stream.ts';
import type { Eval } from './plan.ts';
import { attachUnfinished, readObject } from './read/object.ts';
import { Measure } from './read/measure.ts';
import { settle } from './read/settle.ts';
import { Run } from './run.ts';
import type { Slot } from './slot.ts';
import { ByteSlice, OctetSource } from './source.ts';
import { EndOfData } from './stops.ts';
import { StructNode } from './struct-node.ts';

/** Compiles a protocol into closures, once; the decoder keeps no state between PDUs. */
export function createDecoder(protocol: Protocol, options: DecoderOptions = {}): Decoder {
  const compiler = new Compiler(protocol, options);
  compileTypes(compiler);
  const info = protocol.info === null ? null : compileText(compiler, protocol.info);
  const decoder = new CompiledDecoder(compiler);
  return {
    protocol,
    decode: (bytes, start, end, params) => decoder.decode(bytes, { start, end }, params),
    describe: (pdu) => describe(pdu, info) ?? protocol.name,
    aliases: compileAliases(compiler),
    ...compileContext(compiler),
    message: compileMessage(compiler),
  };
}

function describe(pdu: DecodedPdu, info: Eval<string> | null): string | undefined {
  const { root } = pdu;
  if (info === null || !(root instanceof StructNode)) return undefined;
  return softly(() => info(root, 0, undefined));
}

interface Window {
  readonly start: number;
  readonly end: number;
}

class CompiledDecoder {
  private readonly c: Compiler;
  private readonly measure: Measure;
  private readonly params: readonly ((params: ParamValues, node: StructNode) => Slot)[];

  constructor(c: Compiler) {
    this.c = c;
    this.measure = new Measure(c);
    this.params = c.plan(c.protocol.root).type.params.map((param) => compileParam(c, param));
  }

  decode(bytes: Uint8Array, { start, end }: Window, params: ParamValues): DecodeOutcome {
    const { limits, framing, root: rootId } = this.c.protocol;
    // Octets beyond the limit are as good as not there: a PDU over it is found out whatever its segmentation.
    const limit = Math.min(end, start + limits.maxPduOctets);
    const run = new Run(limits, OctetSource.ofWire(bytes, start, end), framing.kind === 'whole-payload');
    run.assumed = params[ASSUMED] ?? run.assumed;
    const io = new OctetStream(run.wire, start, limit, true);
    const root = new StructNode(this.c.plan(rootId), run, io, null);
    try {
      for (let i = 0; i < this.params.length; i++) root.cells[i] = this.params[i]?.(params, root);
      if (run.wholePayload && limit < end) throw new EndOfData(io, start, BigInt(end - start));
      readObject(root);
    } catch (stop) {
      return this.stopped(stop, root, end - start);
    }
    return this.finish(root, end - start);
  }

  private finish(root: StructNode, available: number): DecodeOutcome {
    const { run, plan } = root;
    const length = run.wholePayload ? available : root.io.position();
    run.wire.cutTo(length);
    if (plan.settles) {
      try {
        settle(root);
      } catch (stop) {
        if (stop instanceof EndOfData && stop.stream.carrier) return this.stopped(stop, root, available);
        run.note(stop, root);
      }
    }
    const breaches = plan.checked ? findBreaches(root) : [];
    const pdu: DecodedPdu = {
      root,
      length,
      complete: true,
      faults: run.faults,
      breaches,
      problem: run.problem,
    };
    return { kind: 'pdu', pdu };
  }

  private stopped(stop: unknown, root: StructNode, available: number): DecodeOutcome {
    const { run } = root;
    if (stop instanceof EndOfData && stop.stream.carrier) return this.endOfCarrier(stop, root, available);
    run.note(stop, root);
    attachUnfinished(run, null);
    return { kind: 'pdu', pdu: judged(root) };
  }

  /** More octets are needed, unless what is needed is over the limit. */
  private endOfCarrier(stop: EndOfData, root: StructNode, available: number): DecodeOutcome {
    const { run } = root;
    const { maxPduOctets } = this.c.protocol.limits;
    const offset = stop.at - root.io.start;
    const path = stop.path ?? (run.current ?? root).pathAtCursor();
    const asked = BigInt(offset) + stop.wanted;
    const needed = asked + (stop.path === null ? this.octetsBehind(stop, root) : 0n);
    attachUnfinished(run, null);
    if (asked > maxPduOctets) {
      const message = `the PDU has ${needed.toString()} octets, more than the limit of ${maxPduOctets.toString()}`;
      run.noteProblem({ kind: 'limit', needed, path, offset, message });
      return { kind: 'pdu', pdu: judged(root) };
    }
    return {
      kind: 'need-more',
      // A PDU that will be over the limit is one as soon as the field that is over it is reached.
      needed: needed > maxPduOctets ? asked : needed,
      available,
      cut: { path, offset, wanted: stop.wanted },
      partial: judgedLater(root),
    };
  }

  private octetsBehind(stop: EndOfData, root: StructNode): bigint {
    const innermost = root.run.current ?? root;
    const field = innermost.plan.type.fields[innermost.reading];
    const width = field?.content.kind === 'bits' ? field.content.width : null;
    const end = (stop.at - root.io.source.origin + Number(stop.wanted)) * 8;
    const spare = width === null ? 0 : end - (innermost.io.bitPosition() + width);
    return this.measure.octetsBehind(innermost, spare);
  }
}

/** Of what will not be read to its end, the rules are applied whose inputs are there. */
function judged(root: StructNode): DecodedPdu {
  const breaches = root.plan.checked ? findBreaches(root) : [];
  return { ...unfinished(root), breaches };
}

/** The same where nobody may ask: most PDUs of which octets are missing are only waited for. */
function judgedLater(root: StructNode): DecodedPdu {
  let breaches: DecodedPdu['breaches'] | undefined;
  return {
    ...unfinished(root),
    get breaches() {
      return (breaches ??= root.plan.checked ? findBreaches(root) : []);
    },
  };
}

function unfinished(root: StructNode): DecodedPdu {
  const { run, io } = root;
  root.endBit = Math.max(root.startBit, io.bitPosition());
  return {
    root,
    length: io.position(),
    complete: false,
    faults: run.faults,
    breaches: [],
    problem: run.problem,
  };
}

/** A missing value is that of the preference, the zero of an argument's type, or unknown where a source would tell. */
function compileParam(c: Compiler, param: Param): (params: ParamValues, node: StructNode) => Slot {
  const { id, type } = param;
  const missing = compileMissing(c, param);
  const big = c.isBig(type);
  return (params, node) => {
    const given = params[id];
    return given === undefined ? missing(node) : toSlot(given, big);
  };
}

function compileMissing(c: Compiler, { source, type }: Param): (node: StructNode) => Slot {
  switch (source.kind) {
    case 'direction':
    case 'session':
    case 'server-port':
      return () => undefined;
    case 'argument': {
      const zero = zeroOf(type, c.isBig(type));
      return () => zero;
    }
    case 'preference': {
      const initial = compileAs(c, source.initial, type);
      return (node) => softly(() => initial(node, 0, undefined));
    }
  }
}

function zeroOf(type: ValueType, big: boolean): Slot {
  switch (type.kind) {
    case 'int':
    case 'enum':
      return big ? 0n : 0;
    case 'float':
      return 0;
    case 'bool':
      return false;
    case 'string':
      return '';
    case 'bytes':
      return ByteSlice.of(new Uint8Array(0));
    case 'array':
      return [];
    case 'struct':
    case 'io':
    case 'any':
      return undefined;
  }
}

function toSlot(value: Value, big: boolean): Slot {
  if (typeof value === 'number') return big ? BigInt(value) : value;
  if (typeof value === 'bigint') return big ? value : Number(value);
  if (value instanceof Uint8Array) return ByteSlice.of(value);
  if (Array.isArray(value)) return (value as readonly Value[]).map((element) => toSlot(element, big));
  if (typeof value === 'object') throw new TypeError('an object cannot be given as a param');
  return value;
}
