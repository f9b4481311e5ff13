// Entry of the embedded engine's process: plain JavaScript, for Node 20 cannot start a process from TypeScript. Beside
// it stands the compiled program where one was built, else the source, which tsx reads.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const compiled = new URL('./child-main.js', import.meta.url);
if (existsSync(fileURLToPath(compiled))) {
  await import(compiled.href);
} else {
  const { register } = await import('tsx/esm/api');
  register();
  await import(new URL('./child-main.ts', import.meta.url).href);
}
