import type { Side } from '../../analyzer/index.ts';
import { locate, type Place, type YamlNode } from '../../spec/index.ts';
import { EncodeError } from '../encode/encode-error.ts';
import { encodePdu } from '../encode/encode-pdu.ts';
import { type Given, type GivenMap, Written } from '../encode/given.ts';
import { pathText } from './field-paths.ts';
import { isQuoted } from './read-expect.ts';
import type { StepContext } from './read-parts.ts';
import type { PathStep } from './suite.ts';

/** `frame`, `frames`: values of the fields of one PDU, or of several. */
export function readFrames(
  node: YamlNode,
  { values, protocol, params, unwritable }: StepContext,
  side: Side,
): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (const item of values.listOrOne(node)) {
    if (values.map(item, 'A frame') === undefined) continue;
    try {
      parts.push(encodePdu(protocol, givenBy(item) as GivenMap, side, params));
    } catch (error) {
      if (!(error instanceof EncodeError)) throw error;
      const { line, column } = locate(placeOf(item, error.steps).span);
      const field = error.steps.length === 0 ? null : pathText(error.steps);
      unwritable.push({ line, column, field, message: error.message });
    }
  }
  return parts;
}

/** The YAML reader bounds how deep nodes nest. */
function givenBy(node: YamlNode): Given {
  switch (node.kind) {
    case 'map':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key.text, givenBy(value)]));
    case 'list':
      return node.items.map(givenBy);
    case 'scalar':
      return node.value === null ? null : new Written(node.text, isQuoted(node));
  }
}

/** As near to the member as the file has it. */
function placeOf(start: YamlNode, steps: readonly PathStep[]): Place {
  let at = start;
  for (const step of steps) {
    let next: YamlNode | undefined;
    if (at.kind === 'list' && typeof step === 'number') next = at.items[step];
    if (at.kind === 'map') next = at.entries.find(({ key }) => key.text === step)?.value;
    if (next === undefined) break;
    at = next;
  }
  return at.place;
}
