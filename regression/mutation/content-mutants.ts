import type { Content, Extent, Protocol } from '../../spec/index.ts';
import { constantText } from '../coverage/names.ts';
import { oneMore } from './expr-mutants.ts';
import { exprText } from './expr-text.ts';
import type { Operator } from './mutant.ts';

/** Another content in the place of one, with both in words. */
export interface ContentChange {
  readonly operator: Operator;
  readonly before: string;
  readonly after: string;
  readonly content: Content;
}

/** What somebody could have written instead of a content. Sizes and other expressions have their own changes. */
export function contentChanges(content: Content, protocol: Protocol): readonly ContentChange[] {
  switch (content.kind) {
    case 'integer':
    case 'float':
      return numberChanges(content);
    case 'bits':
      return bitsChanges(content);
    case 'contents':
      return [contentsChange(content)];
    case 'string':
      return [
        ...extentChanges(content.extent, (extent) => ({ ...content, extent })),
        encodingChange(content),
      ];
    case 'bytes':
    case 'opaque':
      return extentChanges(content.extent, (extent) => ({ ...content, extent }));
    case 'struct':
      return content.extent === null
        ? []
        : extentChanges(content.extent, (extent) => ({ ...content, extent }));
    case 'switch':
      return switchChanges(content, protocol);
  }
}

const OTHER_WIDTH = { 1: 2, 2: 1, 4: 2, 8: 4 } as const;

function numberChanges(content: Content & { kind: 'integer' | 'float' }): readonly ContentChange[] {
  const changes: ContentChange[] = [];
  const add = (operator: Operator, before: string, after: string, other: Content): void => {
    changes.push({ operator, before, after, content: other });
  };
  const { octets } = content;
  if (content.kind === 'integer') {
    const other = OTHER_WIDTH[content.octets];
    add('width', `${octets} octets`, `${other} octets`, { ...content, octets: other });
    const [is, was] = content.signed ? ['unsigned', 'signed'] : ['signed', 'unsigned'];
    add('sign', was, is, { ...content, signed: !content.signed });
  } else {
    const other = content.octets === 4 ? 8 : 4;
    add('width', `${octets} octets`, `${other} octets`, { ...content, octets: other });
  }
  if (octets > 1 && content.endian !== 'type') {
    const endian = content.endian === 'be' ? 'le' : 'be';
    add('byte order', content.endian, endian, { ...content, endian });
  }
  return changes;
}

/** A flag of one bit is only moved (field order): a wider one is no flag any more. */
function bitsChanges(content: Content & { kind: 'bits' }): readonly ContentChange[] {
  if (content.boolean) return [];
  const { width, order } = content;
  const other = order === 'be' ? 'le' : 'be';
  const widths = [width + 1, width - 1].filter((one) => one > 0 && one <= 64);
  return [
    ...widths.map((after) => ({
      operator: 'width' as const,
      before: `${width} bits`,
      after: `${after} bits`,
      content: { ...content, width: after },
    })),
    { operator: 'bit order', before: order, after: other, content: { ...content, order: other } },
  ];
}

function contentsChange(content: Content & { kind: 'contents' }): ContentChange {
  const { expected } = content;
  const other = expected.map((octet, index) => (index === expected.length - 1 ? octet ^ 1 : octet));
  const [before, after] = [expected, other].map((octets) => Buffer.from(octets).toString('hex'));
  return {
    operator: 'contents',
    before: before ?? '',
    after: after ?? '',
    content: { ...content, expected: other },
  };
}

function encodingChange(content: Content & { kind: 'string' }): ContentChange {
  const { encoding } = content;
  const after = encoding === 'ISO-8859-1' ? 'UTF-8' : 'ISO-8859-1';
  return { operator: 'encoding', before: encoding, after, content: { ...content, encoding: after } };
}

function extentChanges(extent: Extent, put: (extent: Extent) => Content): readonly ContentChange[] {
  const { length, terminator, padRight, process } = extent;
  const changes: ContentChange[] = [];
  const add = (operator: Operator, before: string, after: string, other: Partial<Extent>): void => {
    changes.push({ operator, before, after, content: put({ ...extent, ...other }) });
  };
  // Of a constant the change of the constant is the same.
  if (length.kind === 'size' && length.octets.kind !== 'int') {
    const octets = oneMore(length.octets);
    add('size', exprText(length.octets), exprText(octets), { length: { kind: 'size', octets } });
  }
  if (terminator !== null) {
    const other = terminator.map((octet, index) => (index === 0 ? octet ^ 1 : octet));
    add('end', `terminator ${String(terminator[0])}`, `terminator ${String(other[0])}`, {
      terminator: other,
    });
    add('end', `include ${extent.include}`, `include ${!extent.include}`, { include: !extent.include });
    add('end', `consume ${extent.consume}`, `consume ${!extent.consume}`, { consume: !extent.consume });
  }
  if (padRight !== null) add('end', `pad ${padRight}`, `pad ${padRight ^ 1}`, { padRight: padRight ^ 1 });
  if (process?.kind === 'rotate') {
    const direction = process.direction === 'left' ? 'right' : 'left';
    add('process', process.direction, direction, { process: { ...process, direction } });
  }
  if (process !== null) add('process', process.kind, 'none', { process: null });
  return changes;
}

function switchChanges(content: Content & { kind: 'switch' }, protocol: Protocol): readonly ContentChange[] {
  const { arms, fallback } = content;
  const nameOf = (index: number): string => {
    const value = arms[index]?.value;
    const text = value === undefined ? undefined : constantText(value, protocol);
    return `arm ${text ?? `number ${index + 1}`}`;
  };
  const removed = arms.map((_, index): ContentChange => ({
    operator: 'arm',
    before: nameOf(index),
    after: 'none',
    content: { ...content, arms: arms.filter((__, other) => other !== index) },
  }));
  const exchanged = arms.slice(1).map((arm, index): ContentChange => {
    const others = arms.map((one, at) => {
      if (at === index) return { ...one, content: arm.content };
      return at === index + 1 ? { ...one, content: arms[index]?.content ?? one.content } : one;
    });
    return {
      operator: 'arm',
      before: nameOf(index),
      after: `what ${nameOf(index + 1)} has`,
      content: { ...content, arms: others },
    };
  });
  if (fallback === null) return [...removed, ...exchanged];
  return [
    ...removed,
    ...exchanged,
    { operator: 'arm', before: 'fallback', after: 'none', content: { ...content, fallback: null } },
  ];
}
