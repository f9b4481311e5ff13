import type { Command } from 'commander';
import { CommandError, EXIT, type ExitCode } from './exit-code.ts';

export function addTest(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('test')
    .description('spec-driven regression tests')
    .argument('[path...]', 'folders or *.tests.yaml files')
    .action(() => {
      finish(EXIT.pass);
      throw new CommandError(EXIT.failure, 'being written');
    });
}
