import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { findEngines } from '../engines/index.ts';
import { checkLua, generatePlugin } from '../generator/index.ts';
import { formatDiagnostic, type Protocol } from '../spec/index.ts';
import { CommandError, EXIT, type ExitCode } from './exit-code.ts';
import { createNotes, type Notes } from './notes.ts';
import {
  type EngineOptions,
  engineOption,
  quietOption,
  tcpOption,
  tsharkOption,
  udpOption,
} from './options.ts';
import { reasonOf } from './reason.ts';
import { loadProtocols } from './spec-files.ts';
import { VERSION } from './version.ts';

interface GenerateOptions extends EngineOptions {
  readonly out: string;
  readonly tcp: readonly number[];
  readonly udp: readonly number[];
  readonly check?: boolean;
  readonly quiet?: boolean;
}

const EXAMPLES = `
Examples:
  wiretwin generate samples/websocket/websocket.ksy          writes plugin-out/websocket.lua
  wiretwin generate dns_packet.ksy --udp 53 -o plugins       a plain .ksy, bound to a port
  wiretwin generate my.ksy --check                           and let every Wireshark found load it
`;

export function addGenerate(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('generate')
    .description('write a Wireshark Lua plugin for each spec, after it passed the Lua gate')
    .argument('<spec...>', 'frame specs (.ksy)')
    .option('-o, --out <folder>', 'folder to write <id>.lua to', 'plugin-out')
    .option('--check', 'also prove that every engine found loads it')
    .addOption(tcpOption())
    .addOption(udpOption())
    .addOption(engineOption())
    .addOption(tsharkOption())
    .addOption(quietOption())
    .addHelpText('after', EXAMPLES)
    .action(async (specs: string[], options: GenerateOptions) => {
      finish(await generate(specs, options));
    });
}

async function generate(specs: readonly string[], options: GenerateOptions): Promise<ExitCode> {
  const notes = createNotes(options.quiet === true);
  const protocols = loadProtocols({ spec: specs, tcp: options.tcp, udp: options.udp }, notes);
  const plugins: { protocol: Protocol; lua: string }[] = [];
  for (const protocol of protocols) plugins.push({ protocol, lua: await luaOf(protocol) });
  if (options.check === true) await checkInEngines(plugins, options, notes);
  for (const { protocol, lua } of plugins) notes.note(`wrote ${writePlugin(options.out, protocol, lua)}`);
  return EXIT.pass;
}

/** The plugin's text, with every gate that needs no Wireshark passed. */
export async function luaOf(protocol: Protocol): Promise<string> {
  const specPath = protocol.sources[0]?.name ?? `${protocol.id}.ksy`;
  const generated = generatePlugin(protocol, {
    version: VERSION,
    specPath,
    command: `wiretwin generate ${specPath}`,
  });
  if ('diagnostics' in generated) {
    for (const diagnostic of generated.diagnostics) process.stderr.write(`${formatDiagnostic(diagnostic)}\n`);
    throw new CommandError(EXIT.usage, `No plugin can be generated from "${specPath}" yet.`);
  }
  const gate = await checkLua(generated.lua, `${protocol.id}.lua`);
  if (gate.problems.length > 0) {
    const list = gate.problems.map((problem) => `  ${problem.message}`).join('\n');
    throw new CommandError(
      EXIT.failure,
      `The generated Lua did not pass the gate, which is a fault of WireTwin:\n${list}`,
    );
  }
  return generated.lua;
}

/** Written beside and moved into place, so that a reader never meets half a plugin. */
function writePlugin(folder: string, protocol: Protocol, lua: string): string {
  const path = join(folder, `${protocol.id}.lua`);
  try {
    mkdirSync(folder, { recursive: true });
    const partial = `${path}.partial`;
    writeFileSync(partial, lua);
    renameSync(partial, path);
    return path;
  } catch (error) {
    throw new CommandError(
      EXIT.usage,
      `Cannot write "${path}": ${reasonOf(error)}.`,
      'Give -o a folder you may write to.',
    );
  }
}

async function checkInEngines(
  plugins: readonly { protocol: Protocol; lua: string }[],
  options: EngineOptions,
  notes: Notes,
): Promise<void> {
  const engines = await findEngines({ tsharkPaths: [...options.tshark], want: options.engine });
  if (engines.length === 0) {
    throw new CommandError(
      EXIT.failure,
      'No Wireshark was found to load the plugin.',
      'Install tshark, or the npm package @goodtools/wiregasm.',
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'wiretwin-'));
  try {
    for (const { protocol, lua } of plugins) {
      const path = join(folder, `${protocol.id}.lua`);
      writeFileSync(path, lua);
      for (const engine of engines) {
        await engine.checkPlugin({ path, protocol: protocol.filter });
        notes.note(`${engine.name} ${engine.version} loads ${protocol.id}.lua`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
