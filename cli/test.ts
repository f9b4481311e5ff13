import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { ExitCode } from './exit-code.ts';
import {
  colorOption,
  engineOption,
  keylogOption,
  outputOption,
  quietOption,
  tsharkOption,
} from './options.ts';
import { testOnce } from './test/test-once.ts';
import { ownOptions, refuseContradictions, type TestOptions } from './test/test-options.ts';
import { watchTests } from './test/watch-tests.ts';

/** Of a clone of WireTwin its samples, elsewhere the folder one is in. */
const SAMPLES = 'samples';

const EXAMPLES = `
Examples:
  wiretwin test                                   every *.tests.yaml below samples/, or below this folder
  wiretwin test samples/websocket                 those of one protocol
  wiretwin test lpp.tests.yaml --require-tshark   in a build: no tshark is a failure
  wiretwin test lpp.tests.yaml --watch            again whenever the spec or the tests change
  wiretwin test lpp.tests.yaml --update           write the goldens of its captures anew
  wiretwin test --format junit --output tests.xml
  wiretwin test --tshark /usr/bin/tshark --tshark /opt/tshark-4.4/tshark

A vector in NAME.tests.yaml beside NAME.ksy (docs/testing.md):
  spec: ./websocket.ksy
  vectors:
    - name: masked text Hello
      from: client
      hex: 81 85 37fa213d 7f9f4d5158          blanks as you like; 61*256 is the octet 61 256 times
      expect: {fin: true, opcode: text, payload.data: "Hello"}
    - name: the same, by its values; lengths and conditions are derived
      from: client
      frame: {fin: true, opcode: text, payload: Hello, masking_key: 37fa213d}
`;

export function addTest(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('test')
    .description('run the tests beside the specs through our decoder and every Wireshark found')
    .argument(
      '[path...]',
      `folders, or files NAME.tests.yaml (default: ${SAMPLES}/ where there is one, else this folder)`,
    )
    .addOption(engineOption())
    .addOption(tsharkOption())
    .addOption(keylogOption());
  for (const option of ownOptions()) command.addOption(option);
  command
    .addOption(outputOption())
    .addOption(quietOption())
    .addOption(colorOption())
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], options: TestOptions) => {
      finish(await test(paths.length === 0 ? [existsSync(SAMPLES) ? SAMPLES : '.'] : paths, options));
    });
}

function test(paths: readonly string[], options: TestOptions): Promise<ExitCode> {
  refuseContradictions(options);
  return options.watch === true ? watchTests(paths, options) : testOnce(paths, options);
}
