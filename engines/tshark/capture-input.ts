import { constants } from 'node:fs';
import { access, type FileHandle, open, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { EngineError } from '../engine.ts';
import { runsUnprivileged } from './user.ts';
import type { Workspace } from './workspace.ts';

/** How tshark gets at a capture. */
export interface CaptureInput {
  /** Value of `-r`. */
  readonly path: string;
  /** What must be its standard input; null: nothing. */
  readonly stdin: number | null;
  close(): Promise<void>;
}

/**
 * One pass reads an open descriptor, which needs no rights and takes any name. Two passes need a file: the capture
 * itself where everybody may read it, else a copy.
 */
export async function openCapture(
  capture: string,
  twoPass: boolean,
  workspace: Workspace,
): Promise<CaptureInput> {
  if (!twoPass) {
    const handle = await opened(capture);
    return { path: '-', stdin: handle.fd, close: () => handle.close() };
  }
  const path = resolve(capture);
  const close = (): Promise<void> => Promise.resolve();
  try {
    await access(path, constants.R_OK);
    if (!runsUnprivileged() || (await isOpenToAll(path))) return { path, stdin: null, close };
    return { path: await workspace.add(path), stdin: null, close };
  } catch (error) {
    throw unreadable(capture, error);
  }
}

async function opened(capture: string): Promise<FileHandle> {
  try {
    const handle = await open(capture);
    if (!(await handle.stat()).isDirectory()) return handle;
    await handle.close();
  } catch (error) {
    throw unreadable(capture, error);
  }
  throw new EngineError('capture-unreadable', `"${capture}" is a folder, not a capture.`);
}

/** Whether the file and every folder above it let everybody in. */
async function isOpenToAll(path: string): Promise<boolean> {
  if (((await stat(path)).mode & 0o004) === 0) return false;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function unreadable(capture: string, error: unknown): EngineError {
  const reason = error instanceof Error ? error.message : String(error);
  return new EngineError('capture-unreadable', `Capture "${capture}" cannot be read: ${reason}`, {
    cause: error,
  });
}
