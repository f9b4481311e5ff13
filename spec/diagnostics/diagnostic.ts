import type { Span } from '../source.ts';
import { CATALOGUE } from './catalogue.ts';
import type { DiagnosticCode, DiagnosticParams } from './catalogue.ts';
import { didYouMean } from './did-you-mean.ts';

/** A place in a spec: the text and the YAML path, e.g. `/seq/0/size`. */
export interface Place {
  readonly span: Span;
  readonly path: string;
}

export interface DiagnosticNote {
  readonly message: string;
  /** undefined: the note is about no place in particular. */
  readonly place: Place | undefined;
}

/** A fault in a spec, or a doubt about it. Data: nothing is thrown, nothing is printed here. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly span: Span;
  /** YAML path of the place, e.g. `/types/header/seq/2/if`; `/` is the whole file. */
  readonly path: string;
  readonly notes: readonly DiagnosticNote[];
  /** What to do about it, or undefined. */
  readonly help: string | undefined;
}

export interface DiagnosticExtras {
  readonly notes?: readonly DiagnosticNote[];
  readonly help?: string | undefined;
}

/** Nobody reads more, and a hostile spec could have one fault an octet. */
export const MAX_DIAGNOSTICS = 1000;
/** Messages quote the spec, which may hold names of megabytes. */
const LONGEST_MESSAGE = 500;

/** Collects what is wrong; every pass gets the same one and reports all it has. */
export class DiagnosticSink {
  readonly #found: Diagnostic[] = [];
  readonly #seen = new Set<string>();

  report<C extends DiagnosticCode>(
    code: C,
    place: Place,
    params: DiagnosticParams<C>,
    extras: DiagnosticExtras = {},
  ): void {
    if (this.#found.length > MAX_DIAGNOSTICS) return;
    const entry = CATALOGUE[code];
    const message = shortened((entry.message as (params: DiagnosticParams<C>) => string)(params));
    const key = `${code}\n${place.span.source.name}\n${place.path}\n${String(place.span.start)}\n${message}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    if (this.#found.length === MAX_DIAGNOSTICS) {
      this.#found.push(lastDiagnostic(place));
      return;
    }
    this.#found.push({
      code,
      severity: entry.severity,
      message,
      span: place.span,
      path: place.path,
      notes: extras.notes ?? [],
      help: extras.help,
    });
  }

  /** "Did you mean" for a name that was not found; `known`: the names that would have been. */
  suggest(wrong: string, known: () => Iterable<string>): string | undefined {
    if (this.#found.length > MAX_DIAGNOSTICS) return undefined;
    const meant = didYouMean(wrong, known());
    return meant === undefined ? undefined : `Did you mean "${meant}"?`;
  }

  get hasErrors(): boolean {
    return this.#found.some((diagnostic) => diagnostic.severity === 'error');
  }

  /** By place: first the spec itself, then its imports in the order in which they were first reported on. */
  sorted(): readonly Diagnostic[] {
    const sources = [...new Set(this.#found.map((diagnostic) => diagnostic.span.source))];
    return this.#found.toSorted(
      (left, right) =>
        sources.indexOf(left.span.source) - sources.indexOf(right.span.source) ||
        left.span.start - right.span.start,
    );
  }
}

function shortened(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}...`;
}

function lastDiagnostic(place: Place): Diagnostic {
  return {
    code: 'spec/too-many-faults',
    severity: CATALOGUE['spec/too-many-faults'].severity,
    message: CATALOGUE['spec/too-many-faults'].message({ limit: MAX_DIAGNOSTICS }),
    span: place.span,
    path: place.path,
    notes: [],
    help: undefined,
  };
}
