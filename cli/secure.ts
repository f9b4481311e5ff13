import { openSecure, type SecureCapture } from '../analyzer/index.ts';
import { findEngines } from '../engines/index.ts';
import { type EngineOptions, keylogOf, type KeylogOptions } from './options.ts';

/** What is inside the TLS of a capture, where there are keys; an engine is looked for only then. */
export function secureCapture(
  file: string,
  options: KeylogOptions & EngineOptions,
): Promise<SecureCapture | null> {
  return openSecure(file, {
    keylog: keylogOf(options),
    engines: () => findEngines({ tsharkPaths: options.tshark, want: options.engine }),
  });
}
