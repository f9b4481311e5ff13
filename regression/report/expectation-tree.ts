import type { Expectation, PathStep, Wanted } from '../suite/suite.ts';
import { map, quoted, scalar, type YamlTree } from './yaml-text.ts';

type Said = Pick<Expectation, 'steps' | 'wanted'>;

/** What is expected of a PDU, by path; of a list whose length is expected, each element in its place. */
export function expectationTree(said: readonly Said[]): YamlTree {
  const entries: (readonly [string, YamlTree])[] = [];
  const lists = said.filter(({ wanted }) => wanted.kind === 'count');
  for (const one of said) {
    const { steps, wanted } = one;
    const isInList = lists.some((list) => list !== one && isBelow(steps, list.steps));
    if (isInList) continue;
    entries.push([
      keyOf(steps),
      wanted.kind === 'count' ? listTree(steps, wanted.count, said) : wantedTree(wanted),
    ]);
  }
  return map(entries);
}

function listTree(at: readonly PathStep[], count: number, said: readonly Said[]): YamlTree {
  const items = Array.from({ length: count }, (_, index): YamlTree => {
    const place = [...at, index];
    const own = said.filter(({ steps }) => isBelow(steps, place) || isSame(steps, place));
    const [only] = own;
    if (only !== undefined && isSame(only.steps, place)) {
      return only.wanted.kind === 'count'
        ? listTree(place, only.wanted.count, said)
        : wantedTree(only.wanted);
    }
    return expectationTree(own.map(({ steps, wanted }) => ({ steps: steps.slice(place.length), wanted })));
  });
  return { kind: 'list', items };
}

/** What stands without quotes must stay so: of octets it is hex. */
function wantedTree(wanted: Exclude<Wanted, { kind: 'count' }>): YamlTree {
  if (wanted.kind === 'absent') return scalar('null');
  const { text, quoted: isText } = wanted;
  const canBePlain =
    /^-?[A-Za-z0-9_+.]([A-Za-z0-9_+.* -]*[A-Za-z0-9_])?$/.test(text) && !/^null$/i.test(text);
  return scalar(isText || !canBePlain ? quoted(text) : text);
}

/** `records.2.tag`: square brackets cannot stand in a key of a flow map. */
function keyOf(steps: readonly PathStep[]): string {
  return steps.join('.');
}

function isBelow(steps: readonly PathStep[], place: readonly PathStep[]): boolean {
  return steps.length > place.length && place.every((step, index) => steps[index] === step);
}

function isSame(a: readonly PathStep[], b: readonly PathStep[]): boolean {
  return a.length === b.length && a.every((step, index) => b[index] === step);
}
