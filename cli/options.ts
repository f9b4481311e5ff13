import { accessSync, constants, statSync } from 'node:fs';
import { InvalidArgumentError, Option } from 'commander';
import { CommandError, EXIT } from './exit-code.ts';
import { reasonOf } from './reason.ts';

/** Options that several commands share, with one wording. */
export interface SpecOptions {
  readonly spec: readonly string[];
  readonly tcp: readonly number[];
  readonly udp: readonly number[];
}

export interface EngineOptions {
  readonly engine: 'auto' | 'tshark' | 'embedded' | 'none';
  readonly tshark: readonly string[];
}

export interface OutputOptions {
  readonly output?: string;
  readonly quiet?: boolean;
  readonly color: boolean;
}

export function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

export function collectPort(value: string, previous: readonly number[]): number[] {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port < 1 || port > 65535) {
    throw new InvalidArgumentError('A port is a whole number from 1 to 65535.');
  }
  return [...previous, port];
}

export function specOption(): Option {
  return new Option(
    '--spec <file>',
    'frame spec (.ksy); repeatable; default: the websocket spec shipped with WireTwin',
  )
    .argParser(collect)
    .default([], '');
}

export function tcpOption(): Option {
  return new Option('--tcp <port>', 'also bind the spec to this TCP port; repeatable')
    .argParser(collectPort)
    .default([], '');
}

export function udpOption(): Option {
  return new Option('--udp <port>', 'also bind the spec to this UDP port; repeatable')
    .argParser(collectPort)
    .default([], '');
}

export interface KeylogOptions {
  readonly keylog?: string;
}

export function keylogOption(): Option {
  return new Option('--keylog <file>', 'secrets of TLS sessions (SSLKEYLOGFILE): tshark decrypts with them');
}

/** @throws CommandError when the file cannot be read: found out before anything runs */
export function keylogOf({ keylog }: KeylogOptions): string | undefined {
  if (keylog === undefined) return undefined;
  try {
    accessSync(keylog, constants.R_OK);
    if (statSync(keylog).isFile()) return keylog;
  } catch (error) {
    throw new CommandError(EXIT.usage, `Cannot read the key log "${keylog}": ${reasonOf(error)}.`);
  }
  throw new CommandError(EXIT.usage, `The key log "${keylog}" is no file.`);
}

export function engineOption(): Option {
  return new Option('--engine <which>', 'which Wireshark to ask')
    .choices(['auto', 'tshark', 'embedded', 'none'])
    .default('auto');
}

/** What an answer to a client's message is; `auto` looks at what the server does. */
export function expectOption(): Option {
  return new Option('--expect <answer>', 'list messages of the client that got no such answer')
    .choices(['echo', 'reply', 'auto', 'none'])
    .default('auto');
}

export function tsharkOption(): Option {
  return new Option('--tshark <path>', 'a tshark to run; repeatable, every one given is run')
    .argParser(collect)
    .default([], '');
}

export function outputOption(): Option {
  return new Option('--output <file>', 'write the data there instead of to standard output');
}

export function quietOption(): Option {
  return new Option('--quiet', 'no progress and no notes on standard error');
}

export function colorOption(): Option {
  return new Option('--no-color', 'no colours, also on a terminal');
}
