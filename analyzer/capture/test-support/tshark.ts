import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { status: versionStatus, stdout: versionText } = spawnSync('tshark', ['--version'], {
  encoding: 'utf8',
});

/** The tshark found on the machine, as an oracle for tests; undefined when there is none. */
export const TSHARK: string | undefined = versionStatus === 0 ? 'tshark' : undefined;

/** 4.4 and 4.6 open a new stream in some cases where 4.0, and the contract, do not. */
export const NUMBERS_AS_CONTRACT = versionStatus === 0 && / 4\.0\./u.test(versionText);
export const OTHER_NUMBERS =
  'this tshark numbers streams after a FIN, a RST or a SYN-ACK in another way than 4.0';

export const NO_TSHARK = 'no tshark on this machine to compare with';

/** One row a packet, one string a field; several values of a field are joined with commas. */
export function tsharkFields(
  capture: string | Uint8Array,
  fields: readonly string[],
  options: readonly string[] = [],
): string[][] {
  if (typeof capture !== 'string') return withFile(capture, (path) => tsharkFields(path, fields, options));
  const args = ['-r', capture, ...options, '-n', '-T', 'fields', ...fields.flatMap((field) => ['-e', field])];
  const { stdout, stderr, status } = spawnSync(TSHARK ?? 'tshark', args, {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  // 2: a fault in the capture, told after all packets before it.
  if (status !== 0 && status !== 2) throw new Error(`tshark ended with ${status ?? 'a signal'}: ${stderr}`);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'));
}

function withFile<T>(octets: Uint8Array, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'wiretwin-capture-'));
  try {
    const path = join(folder, 'capture');
    writeFileSync(path, octets);
    return use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const SHARED =
  process.env['WIRETWIN_SHARED'] ?? fileURLToPath(new URL('../../../../shared', import.meta.url));

/** The real captures with ground truth, where they are at hand. */
export const SHARED_CAPTURES: readonly string[] = [
  join(SHARED, 'captures'),
  join(SHARED, 'captures', 'wireshark'),
].flatMap((folder) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /\.pcap(?:ng)?(?:\.gz)?$/u.test(name))
        .map((name) => join(folder, name))
    : [],
);

export const NO_SHARED_CAPTURES = 'the real captures (WIRETWIN_SHARED or ../shared) are not here';
