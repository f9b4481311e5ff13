import type { Encoding } from '../../spec/index.ts';

/** What code page 437 has from 0x80 on (Unicode consortium, VENDORS/MICSFT/PC/CP437.TXT); `TextDecoder` lacks it. */
const CODE_PAGE_437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';
/** Of windows-1252 from 0x80 to 0x9f: some platforms take it for ISO-8859-1. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Labels of the platform by names of ours; a label `null`: the encoding shifts between states, or has no octets here. */
const LABELS: Readonly<Record<string, string | null>> = {
  'ISO-2022-JP': null,
  // To the platform these two are windows-1254 and windows-874, which differ from 0x80 to 0x9f only.
  'ISO-8859-9': 'windows-1254',
  'ISO-8859-11': 'windows-874',
};

type Decoder = InstanceType<typeof TextDecoder>;
type Pair = readonly [Uint8Array, string];

/** Characters of an encoding of one or two octets (three in EUC-JP), as the platform reads them. */
export class CharacterTable {
  readonly #octets: ReadonlyMap<string, Uint8Array>;
  readonly #characters: ReadonlyMap<string, string>;

  private constructor(pairs: readonly Pair[]) {
    // Where several octets mean one character the first is written.
    this.#octets = new Map(pairs.map(([octets, character]) => [character, octets] as const).reverse());
    this.#characters = new Map(pairs.map(([octets, character]) => [keyOf(octets), character]));
  }

  /** undefined: nobody here knows the encoding. */
  static of(encoding: Encoding): CharacterTable | undefined {
    const known = tables.get(encoding);
    if (known !== undefined || tables.has(encoding)) return known;
    const pairs = pairsOf(encoding);
    const table = pairs === undefined ? undefined : new CharacterTable(pairs);
    tables.set(encoding, table);
    return table;
  }

  octets(text: string): Uint8Array | undefined {
    const found = [...text].map((character) => this.#octets.get(character));
    const all = found.flatMap((octets) => (octets === undefined ? [] : [octets]));
    return all.length === found.length ? new Uint8Array(Buffer.concat(all)) : undefined;
  }

  text(octets: Uint8Array): string | undefined {
    let text = '';
    for (let at = 0; at < octets.length;) {
      const size = [1, 2, 3].find((many) => this.#characters.has(keyOf(octets.subarray(at, at + many))));
      if (size === undefined) return undefined;
      text += this.#characters.get(keyOf(octets.subarray(at, at + size))) ?? '';
      at += size;
    }
    return text;
  }
}

const tables = new Map<Encoding, CharacterTable | undefined>();

function keyOf(octets: Uint8Array): string {
  return octets.join(' ');
}

function pairsOf(encoding: Encoding): readonly Pair[] | undefined {
  const ascii = Array.from(
    { length: 0x80 },
    (_, octet) => [Uint8Array.of(octet), String.fromCharCode(octet)] as const,
  );
  const own = ownUpperHalf(encoding);
  if (own !== undefined)
    return [
      ...ascii,
      ...[...own].map((character, index) => [Uint8Array.of(0x80 + index), character] as const),
    ];
  const label = LABELS[encoding] === undefined ? encoding.toLowerCase() : LABELS[encoding];
  const decoder = label === null ? undefined : decoderOf(label);
  if (decoder === undefined) return undefined;
  const pairs: Pair[] = [...ascii];
  for (let first = 0x80; first <= 0xff; first += 1) pairs.push(...beginningWith(first, encoding, decoder));
  return pairs;
}

function ownUpperHalf(encoding: Encoding): string | undefined {
  const latin1 = Array.from({ length: 0x60 }, (_, index) => String.fromCharCode(0xa0 + index)).join('');
  if (encoding === 'IBM437') return CODE_PAGE_437;
  return encoding === 'windows-1252' ? WINDOWS_1252 + latin1 : undefined;
}

function decoderOf(label: string): Decoder | undefined {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Characters whose first octet it is: one octet alone, else two, and three behind the 0x8f of EUC-JP. */
function beginningWith(first: number, encoding: Encoding, decoder: Decoder): readonly Pair[] {
  // ISO 8859 has control characters there, whatever the platform's table has.
  if (encoding.startsWith('ISO-8859-') && first < 0xa0)
    return [[Uint8Array.of(first), String.fromCharCode(first)]];
  const alone = characterOf(Uint8Array.of(first), decoder);
  if (alone !== undefined) return [[Uint8Array.of(first), alone]];
  if (/^(ISO-8859|windows|IBM|KOI8)/.test(encoding)) return [];
  const found: Pair[] = [];
  for (let second = 0x30; second <= 0xff; second += 1) {
    const two = Uint8Array.of(first, second);
    const character = characterOf(two, decoder);
    if (character !== undefined) found.push([two, character]);
    else if (encoding === 'EUC-JP' && first === 0x8f) found.push(...thirds(second, decoder));
  }
  return found;
}

function thirds(second: number, decoder: Decoder): readonly Pair[] {
  return Array.from({ length: 0x60 }, (_, index) => Uint8Array.of(0x8f, second, 0xa0 + index)).flatMap(
    (octets) => {
      const character = characterOf(octets, decoder);
      return character === undefined ? [] : [[octets, character] as const];
    },
  );
}

function characterOf(octets: Uint8Array, decoder: Decoder): string | undefined {
  try {
    const text = decoder.decode(octets);
    return [...text].length === 1 ? text : undefined;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
