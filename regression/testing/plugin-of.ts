import { generatePlugin } from '../../generator/index.ts';
import type { Protocol } from '../../spec/index.ts';

/** The generated plugin's text, for a test. */
export function pluginOf(protocol: Protocol): string {
  const generated = generatePlugin(protocol, { version: '0.0.0', specPath: 'x.ksy', command: 'test' });
  if ('diagnostics' in generated) throw new Error('no plugin can be generated');
  return generated.lua;
}
