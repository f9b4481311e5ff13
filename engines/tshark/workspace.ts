import { chmod, chown, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { runsUnprivileged, UNPRIVILEGED } from './user.ts';

/**
 * A folder of its own for one run: an empty home, so that neither the user's preferences nor his installed plugins
 * change what is seen, and copies of what tshark must read although it runs as nobody.
 */
export interface Workspace {
  readonly path: string;
  readonly home: string;
  /** Copies a file in, readable by all, and returns the copy's path. */
  add(file: string): Promise<string>;
  /**
   * Makes a file of secrets readable for tshark, and for nobody else: where tshark runs as another user, by a copy that
   * belongs to that user and is gone with the workspace.
   */
  addSecret(file: string): Promise<string>;
  remove(): Promise<void>;
}

const PREFIX = 'wiretwin-';

/** Takes the paths of copies out of what tshark says: `wtprobe.lua:25: ...` is what the plugin's owner knows. */
export function withoutCopies(text: string): string {
  return text.replaceAll(/[^\s"]*wiretwin-\w{6}[\\/]\d+[\\/]/g, '');
}

export async function createWorkspace(): Promise<Workspace> {
  const path = await mkdtemp(join(tmpdir(), PREFIX));
  // mkdtemp lets only the owner in.
  await chmod(path, 0o755);
  const home = join(path, 'home');
  await mkdir(home, { mode: 0o755 });
  let count = 0;
  return {
    path,
    home,
    async add(file) {
      const folder = join(path, String(count++));
      await mkdir(folder, { mode: 0o755 });
      const copy = join(folder, basename(file));
      await copyFile(file, copy);
      await chmod(copy, 0o644);
      return copy;
    },
    async addSecret(file) {
      if (!runsUnprivileged()) return resolve(file);
      const folder = join(path, String(count++));
      await mkdir(folder, { mode: 0o700 });
      const copy = join(folder, basename(file));
      await copyFile(file, copy);
      await chmod(copy, 0o400);
      await chown(copy, UNPRIVILEGED, UNPRIVILEGED);
      await chown(folder, UNPRIVILEGED, UNPRIVILEGED);
      return copy;
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/** Runs `use` with a workspace that is gone afterwards, whatever happens. */
export async function withWorkspace<T>(use: (workspace: Workspace) => Promise<T>): Promise<T> {
  const workspace = await createWorkspace();
  try {
    return await use(workspace);
  } finally {
    await workspace.remove();
  }
}
