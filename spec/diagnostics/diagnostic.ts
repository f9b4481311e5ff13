import type { Span } from '../source.ts';
import { CATALOGUE } from './catalogue.ts';
import type { DiagnosticCode, DiagnosticParams } from './catalogue.ts';

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
    const entry = CATALOGUE[code];
    const message = (entry.message as (params: DiagnosticParams<C>) => string)(params);
    const key = `${code}\n${place.span.source.name}\n${place.path}\n${String(place.span.start)}\n${message}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
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
