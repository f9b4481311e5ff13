/** An element of a parsed XML document; text and CDATA are joined. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface Draft {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Draft[];
  text: string;
}

const TOKEN =
  /<\?xml[^?]*\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([\w.-]+)\s*>|<([\w.-]+)((?:\s+[\w.:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
const ATTRIBUTE = /([\w.:-]+)="([^"<]*)"/g;
/** XML 1.0, production 2. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/**
 * Parses a document of elements, attributes, text and CDATA, which is all that a JUnit report consists of.
 * @throws Error when it is not well-formed
 */
export function parseXml(document: string): XmlElement {
  const forbidden = FORBIDDEN.exec(document);
  if (forbidden !== null) throw new Error(`a character that XML cannot have, at ${forbidden.index}`);
  const root: Draft = { name: '', attributes: new Map(), children: [], text: '' };
  const open = [root];
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < document.length;) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(document);
    const parent = open.at(-1);
    if (match === null || parent === undefined) throw new Error(`not well-formed at ${at}`);
    const [, cdata, closing, opening, attributes, empty, text] = match;
    parent.text += cdata ?? unescaped(text ?? '');
    if (closing !== undefined && (open.pop()?.name !== closing || open.length === 0)) {
      throw new Error(`</${closing}> closes nothing, at ${at}`);
    }
    if (opening === undefined) continue;
    const element = { name: opening, attributes: attributesOf(attributes ?? ''), children: [], text: '' };
    parent.children.push(element);
    if (empty !== '/') open.push(element);
  }
  return onlyChild(root, open.length === 1);
}

function onlyChild({ children, text }: Draft, isClosed: boolean): XmlElement {
  const [element, second] = children;
  if (element === undefined || second !== undefined || !isClosed || text.trim() !== '') {
    throw new Error('not one element that is closed');
  }
  return element;
}

/** All elements of a name, in document order. */
export function elementsOf(root: XmlElement, name: string): readonly XmlElement[] {
  return [
    ...(root.name === name ? [root] : []),
    ...root.children.flatMap((child) => elementsOf(child, name)),
  ];
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name, value] of text.matchAll(ATTRIBUTE)) {
    if (attributes.has(name ?? '')) throw new Error(`the attribute ${name ?? ''} twice`);
    attributes.set(name ?? '', unescaped(value ?? ''));
  }
  return attributes;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  if (text.includes(']]>')) throw new Error('"]]>" in text');
  return text.replaceAll(/&([^;]*)(;?)/g, (_all, name: string, end: string) => {
    const numeric = /^#(?:x([0-9A-Fa-f]+)|(\d+))$/.exec(name);
    const char =
      numeric === null
        ? ENTITIES[name]
        : String.fromCodePoint(
            Number.parseInt(numeric[1] ?? numeric[2] ?? '', numeric[1] === undefined ? 10 : 16),
          );
    if (end !== ';' || char === undefined) throw new Error(`"&${name}" is no reference`);
    return char;
  });
}
