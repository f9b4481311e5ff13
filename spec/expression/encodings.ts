/** Canonical names of encodings as Kaitai 0.11 lists them, and what else they are called. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  ASCII: ['US-ASCII', 'US_ASCII', 'ANSI_X3.4-1968', 'ISO646-US'],
  'UTF-8': ['UTF8'],
  'UTF-16BE': ['UTF16BE', 'UTF-16-BE', 'UTF16-BE'],
  'UTF-16LE': ['UTF16LE', 'UTF-16-LE', 'UTF16-LE'],
  'UTF-32BE': ['UTF32BE'],
  'UTF-32LE': ['UTF32LE'],
  'ISO-8859-1': ['ISO8859-1', 'ISO_8859-1', 'ISO8859_1', 'LATIN1', 'LATIN-1', 'L1'],
  'ISO-8859-2': ['ISO8859-2', 'ISO_8859-2', 'LATIN2', 'L2'],
  'ISO-8859-3': ['ISO8859-3', 'ISO_8859-3', 'LATIN3', 'L3'],
  'ISO-8859-4': ['ISO8859-4', 'ISO_8859-4', 'LATIN4', 'L4'],
  'ISO-8859-5': ['ISO8859-5', 'ISO_8859-5', 'CYRILLIC'],
  'ISO-8859-6': ['ISO8859-6', 'ISO_8859-6', 'ARABIC'],
  'ISO-8859-7': ['ISO8859-7', 'ISO_8859-7', 'GREEK'],
  'ISO-8859-8': ['ISO8859-8', 'ISO_8859-8', 'HEBREW'],
  'ISO-8859-9': ['ISO8859-9', 'ISO_8859-9', 'LATIN5', 'L5'],
  'ISO-8859-10': ['ISO8859-10', 'ISO_8859-10', 'LATIN6', 'L6'],
  'ISO-8859-11': ['ISO8859-11', 'ISO_8859-11'],
  'ISO-8859-13': ['ISO8859-13', 'ISO_8859-13'],
  'ISO-8859-14': ['ISO8859-14', 'ISO_8859-14', 'LATIN8', 'L8'],
  'ISO-8859-15': ['ISO8859-15', 'ISO_8859-15', 'LATIN9', 'L9'],
  'ISO-8859-16': ['ISO8859-16', 'ISO_8859-16', 'LATIN10', 'L10'],
  'windows-1250': ['CP1250', 'CP-1250'],
  'windows-1251': ['CP1251', 'CP-1251'],
  'windows-1252': ['CP1252', 'CP-1252'],
  'windows-1253': ['CP1253', 'CP-1253'],
  'windows-1254': ['CP1254', 'CP-1254'],
  'windows-1255': ['CP1255', 'CP-1255'],
  'windows-1256': ['CP1256', 'CP-1256'],
  'windows-1257': ['CP1257', 'CP-1257'],
  'windows-1258': ['CP1258', 'CP-1258'],
  IBM437: ['CP437', 'IBM-437', 'CP-437'],
  IBM866: ['CP866', 'IBM-866', 'CP-866'],
  Shift_JIS: ['SHIFT-JIS', 'SJIS', 'S-JIS', 'MS_KANJI', 'CP932', 'WINDOWS-31J'],
  Big5: ['BIG-5', 'BIG5-TW', 'CSBIG5'],
  'EUC-KR': ['EUCKR', 'EUC_KR'],
  GB2312: ['GB-2312', 'EUC-CN'],
  GBK: ['CP936'],
  GB18030: ['GB-18030'],
  'EUC-JP': ['EUCJP', 'EUC_JP'],
  'ISO-2022-JP': ['ISO2022-JP', 'ISO2022JP'],
  'KOI8-R': ['KOI8R'],
  'KOI8-U': ['KOI8U'],
};

const CANONICAL: ReadonlyMap<string, string> = new Map(
  Object.entries(ALIASES).flatMap(([name, others]) =>
    [name, ...others].map((other): readonly [string, string] => [other.toUpperCase(), name]),
  ),
);

/** The canonical name; undefined: not known. */
export function canonicalEncoding(name: string): string | undefined {
  return CANONICAL.get(name.toUpperCase());
}

/** What text in an unknown encoding is read as. `UTF-16` alone leaves the order to a mark or to habit: little-endian. */
export function readableEncoding(name: string): string {
  const canonical = canonicalEncoding(name);
  if (canonical !== undefined) return canonical;
  const wide = /^UTF[-_]?(16|32)$/i.exec(name)?.[1];
  return wide === undefined ? 'ASCII' : `UTF-${wide}LE`;
}

export function knownEncodings(): readonly string[] {
  return Object.keys(ALIASES);
}

/** Octets of one code unit, which is what a terminator is as long as. */
export function codeUnitOctets(encoding: string): 1 | 2 | 4 {
  if (encoding.startsWith('UTF-16')) return 2;
  return encoding.startsWith('UTF-32') ? 4 : 1;
}
