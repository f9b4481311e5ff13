import type { DiagnosticSink, Place } from '../diagnostics/diagnostic.ts';
import type { ProtocolField, ProtocolFieldId } from './protocol.ts';

export type WantedField = Omit<ProtocolField, 'id'>;

/**
 * The display filter names of a protocol, each once. State: the fields in registration order and the names taken,
 * by fields and by expert infos.
 */
export class FieldTable {
  readonly fields: ProtocolField[] = [];
  readonly #names = new Set<string>();
  readonly #sink: DiagnosticSink;

  constructor(sink: DiagnosticSink) {
    this.#sink = sink;
  }

  /** `writtenAt`: the spec chose the name itself, so that it cannot be changed. */
  add(wanted: WantedField, writtenAt: Place | undefined): ProtocolFieldId {
    const filter = writtenAt === undefined ? this.#freeName(wanted.filter) : wanted.filter;
    if (writtenAt !== undefined) this.claim(filter, writtenAt);
    else this.#names.add(filter);
    const id = this.fields.length;
    this.fields.push({ ...wanted, id, filter });
    return id;
  }

  /** Takes a name that cannot be changed. */
  claim(name: string, place: Place): void {
    if (this.#names.has(name)) this.#sink.report('spec/filter-clash', place, { name });
    this.#names.add(name);
  }

  /** Types of different paths can come to one name, e.g. `a::b` and an attribute `b` of `a`: the later gets a number. */
  #freeName(wanted: string): string {
    const safe = wanted.replace(/_(raw|tree)$/, '_$1_');
    let name = safe;
    for (let number = 2; this.#names.has(name); number += 1) name = `${safe}_${String(number)}`;
    return name;
  }
}
