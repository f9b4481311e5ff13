import { constants, inflateRawSync } from 'node:zlib';
import type { InflateProcess } from '../../../spec/index.ts';
import { inflateRaw, type InflateResult, type InflateTerms } from '../../decode/index.ts';
import type { MessageBreach } from '../message.ts';

type WindowBreach = Omit<MessageBreach, 'id'>;

/** RFC 1951: nothing looks back further. */
const WINDOW_OCTETS = 32_768;
const WINDOW_BITS = 15;

/**
 * Final blocks inside one message. A sender that ends a DEFLATE stream at each flush makes a few (RFC 7692 section
 * 7.2.3.4); each costs a fresh inflater, and two octets suffice for one.
 */
const MAX_STREAMS = 1024;

const EMPTY = new Uint8Array(0);

export interface Inflated {
  readonly result: InflateResult;
  readonly breach: WindowBreach | null;
  /** Why there is no content, when it is not the message's fault; null: it is, or there is one. */
  readonly unrecoverable: string | null;
}

/**
 * The output of earlier messages that a later one may look back at (context takeover, RFC 7692 section 7.1.1).
 * After a hole it is unknown: messages that do not look back behind the hole can be inflated all the same.
 */
export class InflateWindow {
  private window = EMPTY;
  /** null: all that the sender can look back at is there. */
  private lostBy: string | null = null;

  lose(why: string): void {
    this.window = EMPTY;
    this.lostBy = why;
  }

  inflate(bytes: Uint8Array, process: InflateProcess, terms: InflateTerms): Inflated {
    const input = joined(bytes, process.append);
    const keeps = process.window !== 'none' && terms.reset !== true;
    const dictionary = keeps ? this.window : EMPTY;
    const result = inflateAll(input, dictionary, process.maxOctets);
    switch (result.kind) {
      case 'inflated':
        this.remember(result.bytes);
        return { result, breach: this.lookBack(input, dictionary, process, terms), unrecoverable: null };
      case 'too-big': {
        this.lose('a message before it was too large to be inflated');
        const message = `inflates to more than ${process.maxOctets} octets (from ${bytes.length})`;
        return { result, breach: { rule: 'inflate-limit', message }, unrecoverable: null };
      }
      case 'corrupt':
        return this.failed(input, process, terms, result);
    }
  }

  private failed(
    input: Uint8Array,
    process: InflateProcess,
    terms: InflateTerms,
    result: Extract<InflateResult, { kind: 'corrupt' }>,
  ): Inflated {
    if (terms.reset === true && this.window.length > 0) {
      const again = inflateAll(input, this.window, process.maxOctets);
      if (again.kind === 'inflated') {
        this.remember(again.bytes);
        const message = 'looks back at a message before it';
        return { result: again, breach: { rule: 'inflate-reset', message }, unrecoverable: null };
      }
    }
    const { lostBy } = this;
    this.lose(lostBy ?? 'a message before it could not be inflated');
    if (lostBy !== null && terms.reset !== true) return { result, breach: null, unrecoverable: lostBy };
    return { result, breach: { rule: 'inflate-data', message: result.message }, unrecoverable: null };
  }

  /** A smaller window was negotiated: did the sender keep to it? */
  private lookBack(
    input: Uint8Array,
    dictionary: Uint8Array,
    process: InflateProcess,
    { windowBits = WINDOW_BITS }: InflateTerms,
  ): WindowBreach | null {
    if (windowBits >= WINDOW_BITS) return null;
    const maxDistance = 2 ** Math.max(windowBits, 0);
    const result = inflateRaw(input, { dictionary, maxOctets: process.maxOctets, maxDistance });
    if (result.kind !== 'corrupt') return null;
    const message = `looks back further than ${maxDistance} octets: ${result.message}`;
    return { rule: 'inflate-window', message };
  }

  private remember(output: Uint8Array): void {
    if (output.length >= WINDOW_OCTETS) {
      this.window = output.slice(output.length - WINDOW_OCTETS);
      this.lostBy = null;
    } else if (output.length > 0) {
      const kept = this.window.subarray(Math.max(0, this.window.length + output.length - WINDOW_OCTETS));
      this.window = joined(kept, output);
      if (this.window.length === WINDOW_OCTETS) this.lostBy = null;
    }
  }
}

/** A message is one DEFLATE stream without an end, or several with one (RFC 7692 section 7.2.3.4). */
function inflateAll(input: Uint8Array, dictionary: Uint8Array, maxOctets: number): InflateResult {
  const outputs: Uint8Array[] = [];
  let total = 0;
  let at = 0;
  let window = dictionary;
  for (let streams = 0; at < input.length; streams += 1) {
    if (streams === MAX_STREAMS) return { kind: 'corrupt', message: `more than ${MAX_STREAMS} final blocks` };
    const one = inflateStream(input.subarray(at), window, maxOctets - total);
    if (one.kind !== 'inflated') return one;
    outputs.push(one.bytes);
    total += one.bytes.length;
    at += one.consumed;
    if (one.consumed === 0) break;
    if (at < input.length) window = lastOctets(window, one.bytes);
  }
  return { kind: 'inflated', bytes: outputs.length === 1 ? (outputs[0] ?? EMPTY) : Buffer.concat(outputs) };
}

type StreamResult =
  | { readonly kind: 'inflated'; readonly bytes: Uint8Array; readonly consumed: number }
  | Exclude<InflateResult, { kind: 'inflated' }>;

/** What `info: true` adds to the result of node's zlib. */
interface WithEngine {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

function inflateStream(input: Uint8Array, dictionary: Uint8Array, maxOctets: number): StreamResult {
  try {
    const { buffer, engine } = inflateRawSync(input, {
      finishFlush: constants.Z_SYNC_FLUSH,
      // Node refuses 0; one octet too many is told apart below.
      maxOutputLength: Math.max(1, maxOctets),
      info: true,
      ...(dictionary.length === 0 ? {} : { dictionary }),
    }) as unknown as WithEngine;
    if (buffer.length > maxOctets) return { kind: 'too-big' };
    return { kind: 'inflated', bytes: buffer, consumed: engine.bytesWritten };
  } catch (error) {
    if (error instanceof RangeError) return { kind: 'too-big' };
    return { kind: 'corrupt', message: error instanceof Error ? error.message : String(error) };
  }
}

function lastOctets(window: Uint8Array, output: Uint8Array): Uint8Array {
  const all = joined(window, output);
  return all.subarray(Math.max(0, all.length - WINDOW_OCTETS));
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
