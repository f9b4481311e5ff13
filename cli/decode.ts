import { type Command, Option } from 'commander';
import { decodeCapture, renderTree, toLine } from '../analyzer/index.ts';
import { captureExit, noteEnd } from './capture-end.ts';
import { EXIT, type ExitCode, worstOf } from './exit-code.ts';
import { createNotes } from './notes.ts';
import {
  type EngineOptions,
  engineOption,
  type KeylogOptions,
  keylogOption,
  type OutputOptions,
  outputOption,
  quietOption,
  type SpecOptions,
  specOption,
  tcpOption,
  tsharkOption,
  udpOption,
} from './options.ts';
import { Output } from './output.ts';
import { createProgress } from './progress.ts';
import { secureCapture } from './secure.ts';
import { loadProtocols } from './spec-files.ts';

interface DecodeOptions extends SpecOptions, EngineOptions, KeylogOptions, OutputOptions {
  readonly format: 'ndjson' | 'tree';
  readonly full?: boolean;
}

const EXAMPLES = `
Examples:
  wiretwin decode chat.pcapng                      one JSON object a frame
  wiretwin decode chat.pcapng --format tree        for reading
  wiretwin decode wss.pcapng --keylog keys.log     decrypted by tshark
  wiretwin decode lpp.pcap --spec lpp.ksy --tcp 7070
`;

export function addDecode(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('decode')
    .description('decode a capture with our own decoder alone, one line per PDU')
    .argument('<capture>', 'pcap or pcapng, also gzip or zstd; - reads standard input')
    .addOption(specOption())
    .addOption(tcpOption())
    .addOption(udpOption())
    .addOption(
      new Option('--format <format>', 'shape of the output').choices(['ndjson', 'tree']).default('ndjson'),
    )
    .option('--full', 'give values above 1 MiB in full')
    .addOption(keylogOption())
    .addOption(engineOption())
    .addOption(tsharkOption())
    .addOption(outputOption())
    .addOption(quietOption())
    .addHelpText('after', EXAMPLES)
    .action(async (capture: string, options: DecodeOptions) => {
      finish(await decode(capture, options));
    });
}

async function decode(file: string, options: DecodeOptions): Promise<ExitCode> {
  const notes = createNotes(options.quiet === true);
  const protocols = loadProtocols(options, notes);
  const output = new Output(options.output, [file]);
  const progress = createProgress(file, options.quiet === true);
  let pdus = 0;
  const secure = await secureCapture(file, options);
  const result = await decodeCapture(
    file,
    protocols,
    {
      opened: () => undefined,
      pdu: (_connection, pdu) => {
        pdus += 1;
        output.write(options.format === 'tree' ? renderTree(pdu) : `${toLine(pdu, options.full === true)}\n`);
      },
    },
    { onProgress: progress.update, secure },
  );
  progress.stop();
  output.end();
  noteEnd(result, notes);
  const nothing = pdus === 0 && result.connections.length === 0;
  for (const reason of nothing ? result.reasons : (secure?.notes ?? [])) notes.note(reason);
  return worstOf([captureExit(result), pdus === 0 ? EXIT.inconclusive : EXIT.pass]);
}
