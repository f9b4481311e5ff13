/**
 * Texts of a spec as Lua source. Whatever a spec says (quotes, line breaks, `]]`, NUL, `--`) must come out as
 * one harmless string or comment; never `\x`, `\u` or `\z`, which differ between Lua 5.1 and 5.4.
 */

/** Lua 5.1-5.4 reserved words. `goto` is one from 5.2 on. */
const RESERVED = new Set(
  (
    'and break do else elseif end false for function goto if in local nil not or repeat return then true ' +
    'until while'
  ).split(' '),
);

/** Characters that an editor does not show, or shows in another order: they stay visible as escapes. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/u;

const INVISIBLE_ALL = new RegExp(INVISIBLE.source, 'gu');

const encoder = new TextEncoder();

export function luaString(text: string): string {
  let body = '';
  for (const character of text) {
    if (character === '"' || character === '\\') body += `\\${character}`;
    else if (INVISIBLE.test(character)) body += escapeOctets(encoder.encode(character));
    else body += character;
  }
  return `"${body}"`;
}

/** A byte array as a Lua string. */
export function luaBytes(bytes: Uint8Array): string {
  let body = '';
  for (const octet of bytes) {
    const character = String.fromCharCode(octet);
    if (octet < 0x20 || octet > 0x7e) body += escapeOctets([octet]);
    else if (character === '"' || character === '\\') body += `\\${character}`;
    else body += character;
  }
  return `"${body}"`;
}

/** Always three digits: the next character may be a digit. */
function escapeOctets(octets: Iterable<number>): string {
  return [...octets].map((octet) => `\\${String(octet).padStart(3, '0')}`).join('');
}

/** `o.port`, or `o["end"]` where the name is a word of Lua's own. */
export function luaMember(object: string, name: string): string {
  return RESERVED.has(name) ? `${object}["${name}"]` : `${object}.${name}`;
}

/** The same in a table constructor. */
export function luaKey(name: string): string {
  return RESERVED.has(name) ? `["${name}"]` : name;
}

export function isReserved(name: string): boolean {
  return RESERVED.has(name);
}

/** Longest line of a comment, without its `-- `. */
const COMMENT_WIDTH = 100;

/**
 * A text as lines for `-- ` comments, its paragraphs filled. The blank after the dashes keeps `[[` from opening a long comment.
 */
export function commentLines(text: string): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split(/(?:\r\n?|\n)(?:[ \t]*(?:\r\n?|\n))+/u)) {
    let line = '';
    for (const word of paragraph.split(/\s+/u).filter((part) => part !== '')) {
      const clean = word.replace(INVISIBLE_ALL, '?');
      if (line !== '' && line.length + 1 + clean.length > COMMENT_WIDTH) {
        lines.push(line);
        line = clean;
      } else {
        line = line === '' ? clean : `${line} ${clean}`;
      }
    }
    if (line !== '') lines.push(line);
  }
  return lines;
}

/** A text on one line, cut to a length Wireshark shows in a tooltip. */
export function oneLine(text: string, limit = 240): string {
  const flat = text.replace(/\s+/gu, ' ').trim();
  const characters = Array.from(flat);
  return characters.length <= limit ? flat : `${characters.slice(0, limit - 1).join('')}…`;
}
