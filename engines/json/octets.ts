/** The octets that JSON is made of. */
export const TAB = 0x09;
export const NEWLINE = 0x0a;
export const RETURN = 0x0d;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

export function isSpace(octet: number | undefined): boolean {
  return octet === SPACE || octet === NEWLINE || octet === RETURN || octet === TAB;
}

/** Anything that can follow a number or word ends it. */
export function endsLiteral(octet: number | undefined): boolean {
  return octet === COMMA || octet === CLOSE_BRACE || octet === CLOSE_BRACKET || isSpace(octet);
}
