import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Analysis, analyzeCapture, renderText } from '../analyzer/index.ts';
import { exitOf } from './analysis-exit.ts';
import { enginesFor, painter } from './analyze.ts';
import { CommandError, EXIT, type ExitCode } from './exit-code.ts';
import { createNotes } from './notes.ts';
import {
  colorOption,
  type EngineOptions,
  engineOption,
  type OutputOptions,
  outputOption,
  quietOption,
  tsharkOption,
} from './options.ts';
import { Output } from './output.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import { withPlugins } from './plugin-files.ts';
import { loadProtocols } from './spec-files.ts';

interface DemoOptions extends EngineOptions, OutputOptions {}

const CAPTURES = join(PACKAGE_ROOT, 'samples', 'websocket', 'captures');
const WHOLE = join(CAPTURES, 'gorilla-echo-chromium.pcapng');
const LATE = join(CAPTURES, 'gorilla-echo-late.pcapng');

const BEFORE_WHOLE = `A Go echo server on gorilla/websocket and a browser, captured on loopback. Wireshark dissects it with the plugin
generated from samples/websocket/websocket.ksy; WireTwin decodes the same packets on its own; every field is compared.
`;
const BEFORE_LATE = `The same traffic, captured from after the upgrade on: Wireshark shows TCP and nothing else.
`;
const AFTER = `
next   wiretwin analyze YOUR.pcapng            the same for your own capture
       wiretwin messages YOUR.pcapng           what was said, unmasked
       wireshark -X lua_script:plugin-out/websocket.lua YOUR.pcapng
`;

export function addDemo(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('demo')
    .description('the main job on a real capture: plugin, cross-check, verdict')
    .addOption(engineOption())
    .addOption(tsharkOption())
    .addOption(outputOption())
    .addOption(quietOption())
    .addOption(colorOption())
    .action(async (options: DemoOptions) => {
      finish(await demo(options));
    });
}

async function demo(options: DemoOptions): Promise<ExitCode> {
  for (const file of [WHOLE, LATE]) {
    if (!existsSync(file)) throw new CommandError(EXIT.failure, `The demo's capture is missing: ${file}.`);
  }
  const notes = createNotes(options.quiet === true);
  const protocols = loadProtocols({ spec: [], tcp: [], udp: [] }, notes);
  const engines = await enginesFor(options);
  for (const engine of engines) notes.note(engineNote(engine.name, engine.version));
  const output = new Output(options.output, [WHOLE, LATE]);
  const paint = painter(options);
  try {
    return await withPlugins(protocols, engines.length > 0, async (subjects) => {
      const show = async (file: string, intro: string): Promise<Analysis> => {
        output.line(intro);
        const analysis = await analyzeCapture(file, subjects, engines, { strict: false });
        output.write(renderText(analysis.report, paint));
        output.line('');
        output.flush();
        return analysis;
      };
      const whole = await show(WHOLE, BEFORE_WHOLE);
      await show(LATE, BEFORE_LATE);
      output.write(AFTER.trimStart());
      return exitOf([whole], 'error');
    });
  } finally {
    output.end();
  }
}

function engineNote(name: string, version: string): string {
  return name === 'embedded'
    ? `No tshark here: asking the embedded Wireshark ${version} (WebAssembly, for small captures). This takes a few seconds.`
    : `Asking ${name} ${version}.`;
}
