import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The little of `@goodtools/wiregasm` that is used here. */
export interface Wiregasm {
  readonly FS: {
    writeFile(path: string, data: string | Uint8Array): void;
    mkdirTree(path: string): void;
  };
  readonly DissectSession: new (path: string) => Session;
  init(): boolean;
  wiresharkVersion(): string;
  getPref(module: string, key: string): { readonly code: number };
  checkFilter(filter: string): { readonly ok: boolean; readonly error: string };
  completeFilter(prefix: string): {
    readonly fields: NativeList<{ field: string; type: number; name: string }>;
  };
}

export interface Session {
  load(): {
    readonly code: number;
    readonly error: string;
    readonly summary: { readonly packet_count: number };
  };
  getFrames(filter: string, skip: number, limit: number): { readonly frames: NativeList<{ number: number }> };
  getFrame(number: number): {
    readonly tree: NativeList<TreeItem>;
    readonly data_sources: NativeList<{ name: string; data: string }>;
  };
}

export interface TreeItem {
  readonly label: string;
  /** `ws.opcode == 1`, or the name alone, or something about octets; see `filter-text.ts`. */
  readonly filter: string;
  readonly start: number;
  readonly length: number;
  readonly data_source_idx: number;
  readonly tree: NativeList<TreeItem>;
}

/** A list that lives in WebAssembly's memory until it is deleted. What `get` gives is a copy. */
export interface NativeList<T> {
  size(): number;
  get(index: number): T;
  delete(): void;
}

type Loader = (overrides: {
  locateFile(name: string): string;
  handleStatus(type: number, message: string): void;
  printErr(message: string): void;
  print(message: string): void;
}) => Promise<Wiregasm>;

/** Status messages of this type are errors, others progress. */
const ERROR_STATUS = 2;
const MODULE = '@goodtools/wiregasm/dist/wiregasm.js';

/** Where the package's files are; null: it is not installed. */
export function wiregasmFolder(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve(MODULE));
  } catch {
    return null;
  }
}

/** Loads Wireshark. `onError` hears what it has to say against anything, plugins above all. */
export async function loadWiregasm(folder: string, onError: (message: string) => void): Promise<Wiregasm> {
  const imported: unknown = await import(join(folder, 'wiregasm.js'));
  const loader = (imported as { readonly default: Loader }).default;
  return loader({
    locateFile: (name) => join(folder, name),
    handleStatus: (type, message) => {
      if (type === ERROR_STATUS) onError(message);
    },
    // GLib's chatter: display filters compiled, and warnings that the packets carry anyway.
    printErr: () => undefined,
    print: () => undefined,
  });
}

export function listOf<T>(list: NativeList<T>): T[] {
  const items = Array.from({ length: list.size() }, (_, index) => list.get(index));
  list.delete();
  return items;
}
