import type { Span } from '../../spec/index.ts';
import type { CompileContext } from '../expression/context.ts';
import { Unsupported } from '../unsupported.ts';

/** What all parts of the view are made from. */
export interface ViewContext extends CompileContext {
  readonly unsupported: (span: Span, feature: string) => void;
}

/** Runs one part of the view; a feature without Lua is told at its place in the spec, and the part left out. */
export function located<T>(context: ViewContext, span: Span, fallback: T, build: () => T): T {
  try {
    return build();
  } catch (thrown) {
    if (!(thrown instanceof Unsupported)) throw thrown;
    context.unsupported(span, thrown.feature);
    return fallback;
  }
}
