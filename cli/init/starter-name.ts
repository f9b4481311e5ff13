import { compileSpec } from '../../spec/index.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { specText } from './spec-text.ts';
import type { Starter } from './starter.ts';

/** Filters are typed by hand. */
const LONGEST_NAME = 40;
/** As Kaitai wants ids, and no _ that a rule's id could not have. */
const NAME = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
/** What a name without a letter comes to. */
const EXAMPLE = 'plantlink';

/** @throws CommandError when nothing can be called so, with a name that would do */
export function checkName(starter: Starter): void {
  const { name } = starter;
  if (!NAME.test(name) || name.length > LONGEST_NAME) {
    throw new CommandError(
      EXIT.usage,
      `"${name}" cannot be the name of a spec: small letters and digits, with single _ between them, a letter first, at most ${LONGEST_NAME}.`,
      hintFor(starter),
    );
  }
  // The front end is asked, so that both have the same idea of it.
  if (!isFree(starter)) {
    throw new CommandError(
      EXIT.usage,
      `Wireshark has a protocol called "${name}" of its own, and loads no second one of that name.`,
      hintFor(starter),
    );
  }
}

function isFree(starter: Starter): boolean {
  const { protocol } = compileSpec({ main: { name: `${starter.name}.ksy`, text: specText(starter) } });
  return protocol?.filter === starter.name;
}

function hintFor(starter: Starter): string {
  const letters = starter.name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[0-9_]+|_+$/g, '')
    .slice(0, LONGEST_NAME - 'my_'.length);
  const good = [letters, `my_${letters}`, EXAMPLE].find(
    (name) => NAME.test(name) && name !== starter.name && isFree({ ...starter, name }),
  );
  return `For example: wiretwin init ${good ?? EXAMPLE}${starter.transport === 'udp' ? ' --udp' : ''}`;
}
