import { Unsupported } from '../../unsupported.ts';

/**
 * Character encodings that Wireshark decodes itself, by Kaitai's names. All constants are there from 4.0 on.
 * Encodings without one (Shift_JIS, Big5, windows-1253 ...) are not supported yet.
 */
const CONSTANTS: Readonly<Record<string, string>> = {
  ASCII: 'ENC_ASCII',
  'UTF-8': 'ENC_UTF_8',
  'UTF-16BE': 'ENC_UTF_16',
  'UTF-16LE': 'ENC_UTF_16 + ENC_LITTLE_ENDIAN',
  'UTF-32BE': 'ENC_UCS_4',
  'UTF-32LE': 'ENC_UCS_4 + ENC_LITTLE_ENDIAN',
  'ISO-8859-1': 'ENC_ISO_8859_1',
  'ISO-8859-2': 'ENC_ISO_8859_2',
  'ISO-8859-3': 'ENC_ISO_8859_3',
  'ISO-8859-4': 'ENC_ISO_8859_4',
  'ISO-8859-5': 'ENC_ISO_8859_5',
  'ISO-8859-6': 'ENC_ISO_8859_6',
  'ISO-8859-7': 'ENC_ISO_8859_7',
  'ISO-8859-8': 'ENC_ISO_8859_8',
  'ISO-8859-9': 'ENC_ISO_8859_9',
  'ISO-8859-10': 'ENC_ISO_8859_10',
  'ISO-8859-11': 'ENC_ISO_8859_11',
  'ISO-8859-13': 'ENC_ISO_8859_13',
  'ISO-8859-14': 'ENC_ISO_8859_14',
  'ISO-8859-15': 'ENC_ISO_8859_15',
  'ISO-8859-16': 'ENC_ISO_8859_16',
  'windows-1250': 'ENC_WINDOWS_1250',
  'windows-1251': 'ENC_WINDOWS_1251',
  'windows-1252': 'ENC_WINDOWS_1252',
  IBM437: 'ENC_CP437',
  IBM866: 'ENC_CP866',
  'EUC-KR': 'ENC_EUC_KR',
};

/** @throws Unsupported */
export function encodingConstant(encoding: string): string {
  const constant = CONSTANTS[encoding];
  if (constant === undefined) throw new Unsupported(`the encoding ${encoding}`);
  return constant;
}
