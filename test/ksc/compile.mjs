// Compiles a .ksy with the official compiler (GPL: a tool of the tests, in a process of its own) and prints the
// generated JavaScript as JSON. Usage: node compile.mjs SPEC.ksy
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import KaitaiStructCompiler from 'kaitai-struct-compiler';
import { parse } from 'yaml';

// The compiler takes numbers, not bigints; integers as Kaitai writes them are hexadecimal, binary, with underscores.
const integer = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?(?:0x[0-9a-fA-F_]+|0b[01_]+|0o[0-7_]+|[0-9][0-9_]*)$/,
  resolve: (text) => {
    const magnitude = Number(text.replace(/^[-+]/, '').replaceAll('_', ''));
    return text.startsWith('-') ? -magnitude : magnitude;
  },
};
const options = {
  schema: 'core',
  customTags: (tags) => [integer, ...tags.filter((tag) => tag.tag !== integer.tag)],
};
const load = (file) => parse(readFileSync(file, 'utf8'), options);

const [file] = process.argv.slice(2);
const importer = { importYaml: async (name) => load(join(dirname(file), `${name}.ksy`)) };
const compiler =
  typeof KaitaiStructCompiler === 'function' ? new KaitaiStructCompiler() : KaitaiStructCompiler;
process.stdout.write(JSON.stringify(await compiler.compile('javascript', load(file), importer, false)));
