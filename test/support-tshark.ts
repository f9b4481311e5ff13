import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEngines } from '../engines/index.ts';

/** Every tshark found: those of WIRETWIN_TSHARK, else the machine's own. */
export const TSHARKS: readonly { readonly version: string; readonly path: string }[] = (
  await findEngines({ want: 'auto' })
)
  .filter(({ name }) => name === 'tshark')
  .map(({ version, location }) => ({ version, path: location }));

const REQUIRED = process.env['WIRETWIN_REQUIRE_TSHARK'] === '1';

export function noteWithoutTshark(): void {
  if (TSHARKS.length > 0) return;
  if (REQUIRED) throw new Error('no tshark was found, and WIRETWIN_REQUIRE_TSHARK asks for one');
  console.warn('skipped: no tshark found (install Wireshark, or set WIRETWIN_TSHARK)');
}

/** A folder that an unprivileged tshark can read; gone when the work is done. */
export function withFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'wiretwin-test-'));
  try {
    chmodSync(folder, 0o755);
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `tshark -T json` writes, with the plugin loaded; as root it runs unprivileged, else no plugin would load. */
export function tsharkJson(path: string, capture: string, lua: string, args: readonly string[] = []): string {
  return withFolder((folder) => {
    const copy = join(folder, 'capture');
    const plugin = join(folder, 'plugin.lua');
    copyFileSync(capture, copy);
    writeFileSync(plugin, lua);
    for (const file of [copy, plugin]) chmodSync(file, 0o644);
    const asNobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const result = spawnSync(path, ['-n', '-r', copy, '-X', `lua_script:${plugin}`, '-T', 'json', ...args], {
      ...asNobody,
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      env: { PATH: process.env['PATH'], HOME: folder, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
    });
    if (/Lua:/.test(result.stderr)) throw new Error(result.stderr);
    return result.stdout;
  });
}
