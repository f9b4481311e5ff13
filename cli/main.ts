import { Command } from 'commander';
import { addAnalyze } from './analyze.ts';
import { addDecode } from './decode.ts';
import { addDemo } from './demo.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { addExplain } from './explain.ts';
import { addGenerate } from './generate.ts';
import { addInit } from './init.ts';
import { addMessages } from './messages.ts';
import { addReduce } from './reduce.ts';
import { reportError } from './report-error.ts';
import { addTest } from './test.ts';
import { VERSION } from './version.ts';

const EXAMPLES = `
Examples:
  wiretwin demo                                       the main job on a real capture
  wiretwin analyze chat.pcapng                        cross-check with Wireshark, and a verdict
  tshark -r chat.pcapng -X lua_script:plugin-out/websocket.lua -T json | wiretwin analyze
  wiretwin decode chat.pcapng --format tree           our own decoder alone
  wiretwin messages chat.pcapng                       unmasked messages, one a line
  wiretwin explain PONG-MISSING                       what a finding means, and what to do
  wiretwin generate my.ksy --tcp 7070                 a Wireshark plugin from your spec
  wiretwin init plantlink                             a spec of your own to begin with, its tests and a README
  wiretwin test plantlink                             the tests beside a spec (docs/testing.md)

Exit codes: 0 pass · 1 findings · 2 usage or spec error · 3 input, engine or plugin failure · 4 inconclusive · 5 decoders disagree
`;

function createProgram(finish: (code: ExitCode) => void): Command {
  const program = new Command('wiretwin')
    .description('One frame spec, two independent decoders, one verdict.')
    .version(VERSION)
    .showHelpAfterError('(wiretwin --help shows the commands)')
    .showSuggestionAfterError()
    .addHelpText('after', EXAMPLES)
    .exitOverride();
  addInit(program, finish);
  addGenerate(program, finish);
  addAnalyze(program, finish);
  addDecode(program, finish);
  addMessages(program, finish);
  addTest(program, finish);
  addReduce(program, finish);
  addExplain(program, finish);
  addDemo(program, finish);
  for (const command of program.commands) command.exitOverride().showSuggestionAfterError();
  return program;
}

/** Runs a command line. */
async function run(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.pass;
  try {
    await createProgram((result) => {
      code = result;
    }).parseAsync(argv);
    return code;
  } catch (error) {
    return reportError(error);
  }
}

// A reader that goes away (`| head`) is no fault of ours.
process.stdout.on('error', () => undefined);
process.exitCode = await run(process.argv);
