import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CommandError, EXIT, type ExitCode } from './exit-code.ts';
import { readmeText } from './init/readme-text.ts';
import { specText } from './init/spec-text.ts';
import { checkName } from './init/starter-name.ts';
import type { Starter } from './init/starter.ts';
import { testsText } from './init/tests-text.ts';
import { createNotes } from './notes.ts';
import { quietOption } from './options.ts';
import { reasonOf } from './reason.ts';

interface InitOptions {
  readonly dir?: string;
  readonly udp?: boolean;
  readonly port: number;
  readonly quiet?: boolean;
}

/** Registered with nobody who is often met. */
const USUAL_PORT = 7070;

const EXAMPLES = `
Examples:
  wiretwin init plantlink                     plantlink/plantlink.ksy, its tests and a README; over TCP
  wiretwin init plantlink --udp --port 9000   one PDU a datagram
  wiretwin test plantlink                     passes at once: change the spec from there
`;

export function addInit(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('init')
    .description('begin a spec of your own: a small protocol with its tests and a README, which pass at once')
    .argument('<name>', 'of the protocol: its id, and what its display filters begin with')
    .option('--dir <folder>', 'where to write (default: a folder of that name)')
    .option('--udp', 'one PDU a datagram, instead of PDUs one after another on TCP')
    .addOption(new Option('--port <port>', 'whose octets these are').argParser(portOf).default(USUAL_PORT))
    .addOption(quietOption())
    .addHelpText('after', EXAMPLES)
    .action((name: string, options: InitOptions) => {
      finish(init(name, options));
    });
}

function init(name: string, options: InitOptions): ExitCode {
  const starter: Starter = { name, transport: options.udp === true ? 'udp' : 'tcp', port: options.port };
  checkName(starter);
  const folder = options.dir ?? name;
  const files = new Map([
    [`${name}.ksy`, specText(starter)],
    [`${name}.tests.yaml`, testsText(starter)],
    ['README.md', readmeText(starter)],
  ]);
  refuseExisting(folder, [...files.keys()]);
  const notes = createNotes(options.quiet === true);
  for (const [file, text] of files) notes.note(`wrote ${write(folder, file, text)}`);
  notes.note(`\nNext: npx wiretwin test ${folder}\nThen: ${join(folder, 'README.md')}`);
  return EXIT.pass;
}

function refuseExisting(folder: string, files: readonly string[]): void {
  const existing = files.map((file) => join(folder, file)).filter((path) => existsSync(path));
  if (existing.length === 0) return;
  throw new CommandError(
    EXIT.usage,
    `Nothing was written, for there is already: ${existing.join(', ')}.`,
    'Choose another name, or another folder with --dir.',
  );
}

function write(folder: string, file: string, text: string): string {
  const path = join(folder, file);
  try {
    mkdirSync(folder, { recursive: true });
    // Not over a file that came in the meantime, nor through a link that leads nowhere yet.
    writeFileSync(path, text, { flag: 'wx' });
    return path;
  } catch (error) {
    throw new CommandError(
      EXIT.usage,
      `Cannot write "${path}": ${reasonOf(error)}.`,
      'Give --dir a folder you may write to.',
    );
  }
}

function portOf(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port >= 1 && port <= 65535) return port;
  throw new InvalidArgumentError('A port is a whole number from 1 to 65535.');
}
