import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileSpec, formatDiagnostic, type Protocol } from '../spec/index.ts';

export const ROOT = join(import.meta.dirname, '..');

let compiled: Protocol | undefined;

/** The websocket spec of the samples, compiled once. */
export function compileWebsocket(): Protocol {
  compiled ??= compileFile('samples/websocket/websocket.ksy');
  return compiled;
}

export function compileFile(path: string): Protocol {
  const { protocol, diagnostics } = compileSpec({
    main: { name: path, text: readFileSync(join(ROOT, path), 'utf8') },
  });
  if (protocol === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return protocol;
}
