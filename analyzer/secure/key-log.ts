import { readFile, stat } from 'node:fs/promises';

/** A larger key log is not searched; tshark reads it all the same. */
const MAX_KEY_LOG_OCTETS = 64 << 20;
/** NSS key log: label, client random, secret. */
const LINE = /^[A-Z][A-Z0-9_]+ ([0-9a-fA-F]{64}) [0-9a-fA-F]+\s*$/gm;

/** The sessions a key log has secrets of, by client random in lower-case hex; null: it is too large to look. */
export async function sessionsIn(keylog: string): Promise<ReadonlySet<string> | null> {
  if ((await stat(keylog)).size > MAX_KEY_LOG_OCTETS) return null;
  const text = await readFile(keylog, 'latin1');
  return new Set([...text.matchAll(LINE)].map(([, random = '']) => random.toLowerCase()));
}
