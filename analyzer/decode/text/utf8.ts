const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether the octets are well-formed UTF-8 (RFC 3629 section 4: no surrogates, nothing overlong, at most U+10FFFF). */
export function isUtf8(bytes: Uint8Array): boolean {
  if (isAscii(bytes)) return true;
  try {
    STRICT.decode(bytes);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function isAscii(bytes: Uint8Array): boolean {
  for (const octet of bytes) if (octet >= 0x80) return false;
  return true;
}
