import type { GoldenDifference } from './golden-lines.ts';

/** Differences told one by one; the first is the one to look at. */
const MOST_TOLD = 5;
const MOST_FIELDS = 4;
/** Characters of a value that are shown. */
const MOST_CHARACTERS = 60;
/** Objects inside objects: a spec may have 100 (docs/limits.md). */
const MAX_DEPTH = 200;

/** Sentences on what differs from a golden, each with its line there. */
export function goldenTexts(differences: readonly GoldenDifference[], golden: string): readonly string[] {
  const told = differences.slice(0, MOST_TOLD).map((difference) => textOf(difference, golden));
  const rest = differences.length - told.length;
  return rest === 0 ? told : [...told, `… and ${rest} more lines of ${golden} differ`];
}

function textOf({ line, golden, found }: GoldenDifference, file: string): string {
  const place = `${file}:${line}`;
  if (golden === null)
    return `${pduText(found, line)} is new: it is not in the golden (it would be ${place})`;
  if (found === null) return `${pduText(golden, line)} is not found any more (${place})`;
  const [old, fresh] = [flattened(golden), flattened(found)];
  if (old === null || fresh === null) return `${place} is not a line that "wiretwin decode" writes`;
  const fields = [...new Set([...old.keys(), ...fresh.keys()])].filter(
    (path) => old.get(path) !== fresh.get(path),
  );
  if (fields.length === 0) return `${pduText(found, line)} is written in another way (${place})`;
  const texts = fields
    .slice(0, MOST_FIELDS)
    .map((path) => `${path} is ${shown(fresh.get(path))}, expected ${shown(old.get(path))}`);
  const rest = fields.length - texts.length;
  const more = rest === 0 ? '' : `; and ${rest} more fields`;
  return `${pduText(found, line)}: ${texts.join('; ')}${more} (${place})`;
}

/** `packet 4, PDU 3`: the PDU's number is that of its line. */
function pduText(line: string | null, number: number): string {
  const frame = line === null ? undefined : flattened(line)?.get('frame');
  return `packet ${frame ?? '?'}, PDU ${number}`;
}

function shown(value: string | undefined): string {
  if (value === undefined) return '(absent)';
  return value.length <= MOST_CHARACTERS ? value : `${value.slice(0, MOST_CHARACTERS)}…`;
}

/** Leaves of a JSON object by path, `fields.` left out; null: it is none. */
function flattened(line: string): ReadonlyMap<string, string> | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const leaves = new Map<string, string>();
  flatten('', value, leaves);
  return leaves;
}

function flatten(path: string, value: object, leaves: Map<string, string>, depth = 0): void {
  for (const [key, member] of Object.entries(value) as [string, unknown][]) {
    const own = path === '' || path === 'fields' ? key : `${path}.${key}`;
    const isInner = typeof member === 'object' && member !== null && Object.keys(member).length > 0;
    if (isInner && depth < MAX_DEPTH) flatten(own, member, leaves, depth + 1);
    else leaves.set(own, JSON.stringify(member));
  }
}
