/** `>=4.0`, or several conditions that must all hold: `>=4.0 <4.6`. */
export interface VersionRange {
  /** As written. */
  readonly text: string;
  readonly conditions: readonly Condition[];
}

interface Condition {
  readonly operator: '>=' | '<=' | '>' | '<' | '=';
  readonly version: readonly number[];
}

const CONDITION = /^(>=|<=|>|<|=)?\s*(\d{1,6}(?:\.\d{1,6}){0,2})$/;

/** undefined: it is no range of versions. */
export function parseVersionRange(text: string): VersionRange | undefined {
  const conditions: Condition[] = [];
  for (const part of text.replaceAll(/([<>=])\s+/g, '$1').split(/[\s,]+/)) {
    if (part === '') continue;
    const match = CONDITION.exec(part);
    if (match?.[2] === undefined) return undefined;
    const operator = (match[1] ?? '=') as Condition['operator'];
    conditions.push({ operator, version: match[2].split('.').map(Number) });
  }
  return conditions.length === 0 ? undefined : { text: text.trim(), conditions };
}

/** `4.0` stands for every 4.0.x: only the numbers a condition gives are compared. */
export function isInRange(version: string, range: VersionRange): boolean {
  const numbers = version.split('.').map((part) => Number.parseInt(part, 10));
  return range.conditions.every((condition) => holds(numbers, condition));
}

function holds(version: readonly number[], { operator, version: bound }: Condition): boolean {
  const order = compare(version, bound);
  switch (operator) {
    case '>=':
      return order >= 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '<':
      return order < 0;
    case '=':
      return order === 0;
  }
}

function compare(version: readonly number[], bound: readonly number[]): number {
  for (const [place, number] of bound.entries()) {
    const difference = (version[place] ?? 0) - number;
    if (difference !== 0) return difference;
  }
  return 0;
}
