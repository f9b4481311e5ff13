import { type Command, Option } from 'commander';
import {
  decodeCapture,
  type Message,
  MessageCollector,
  messageLine,
  messageText,
} from '../analyzer/index.ts';
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
  tsharkOption,
} from './options.ts';
import { Output } from './output.ts';
import { createProgress } from './progress.ts';
import { secureCapture } from './secure.ts';
import { loadProtocols } from './spec-files.ts';

interface MessagesOptions extends EngineOptions, KeylogOptions, OutputOptions {
  readonly format: 'ndjson' | 'text';
}

const WEBSOCKET: SpecOptions = { spec: [], tcp: [], udp: [] };

const EXAMPLES = `
Examples:
  wiretwin messages chat.pcapng
  wiretwin messages chat.pcapng --format text
  wiretwin messages wss.pcapng --keylog keys.log       decrypted by tshark
  wiretwin messages chat.pcapng | jq -r 'select(.type == "text") | .text'
`;

export function addMessages(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('messages')
    .description('list the WebSocket messages of a capture, unmasked, one a line')
    .argument('<capture>', 'pcap or pcapng, also gzip or zstd; - reads standard input')
    .addOption(
      new Option('--format <format>', 'shape of the output').choices(['ndjson', 'text']).default('ndjson'),
    )
    .addOption(keylogOption())
    .addOption(engineOption())
    .addOption(tsharkOption())
    .addOption(outputOption())
    .addOption(quietOption())
    .addHelpText('after', EXAMPLES)
    .action(async (capture: string, options: MessagesOptions) => {
      finish(await messages(capture, options));
    });
}

async function messages(file: string, options: MessagesOptions): Promise<ExitCode> {
  const notes = createNotes(options.quiet === true);
  const protocols = loadProtocols(WEBSOCKET, notes);
  const output = new Output(options.output, [file]);
  const progress = createProgress(file, options.quiet === true);
  const collectors = new Map<unknown, MessageCollector>();
  let count = 0;
  const tell = (message: Message): void => {
    count += 1;
    output.line(options.format === 'text' ? messageText(message) : messageLine(message));
  };
  const secure = await secureCapture(file, options);
  const result = await decodeCapture(
    file,
    protocols,
    {
      opened: (connection) => collectors.set(connection, new MessageCollector(tell)),
      pdu: () => undefined,
      delivered: (connection, pdu) => collectors.get(connection)?.pdu(pdu),
    },
    { onProgress: progress.update, secure },
  );
  progress.stop();
  output.end();
  noteEnd(result, notes);
  for (const reason of count === 0 ? result.reasons : (secure?.notes ?? [])) notes.note(reason);
  return worstOf([captureExit(result), count === 0 ? EXIT.inconclusive : EXIT.pass]);
}
