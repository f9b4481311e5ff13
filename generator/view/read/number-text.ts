import type { Content, Endian } from '../../../spec/index.ts';
import type { HelperName, HelperSet } from '../../helpers.ts';
import { Unsupported } from '../../unsupported.ts';

type IntegerContent = Content & { readonly kind: 'integer' };
type BitsContent = Content & { readonly kind: 'bits' };

/** Octets that one Lua number can be put together from without losing a bit. */
const MOST_EXACT_OCTETS = 6;

/** An integer of up to four octets out of the octets `b[first]` ... */
export function integerFromOctets(content: IntegerContent, names: readonly string[]): string {
  const ordered = content.endian === 'le' ? names.toReversed() : names;
  const [top = '0', ...rest] = ordered;
  if (!content.signed) return positional(top, rest);
  const signedTop = `${top} < 128 and ${top} or ${top} - 256`;
  return rest.length === 0 ? signedTop : positional(`(${signedTop})`, rest);
}

/** `(b1 * 256 + b2) * 256 + b3` */
function positional(top: string, rest: readonly string[]): string {
  return rest.reduce((sum, octet, index) => `${index === 0 ? sum : `(${sum})`} * 256 + ${octet}`, top);
}

/**
 * A bit field out of octets that are already there. `first` counts bits from the first bit of the first octet: from
 * the top bit in big-endian order, from the lowest in little-endian order.
 */
export function bitsFromOctets(content: BitsContent, names: readonly string[], first: number): string {
  if (names.length > MOST_EXACT_OCTETS)
    throw new Unsupported('a bit field that touches more than six octets');
  return content.order === 'be' ? bitsFromTop(content, names, first) : bitsFromBottom(content, names, first);
}

function bitsFromTop(content: BitsContent, names: readonly string[], first: number): string {
  const [top = '0', ...rest] = names;
  const below = names.length * 8 - first - content.width;
  const cleared = first === 0 ? top : `${top} % ${String(2 ** (8 - first))}`;
  const whole = rest.length === 0 ? cleared : positional(first === 0 ? cleared : `(${cleared})`, rest);
  if (content.boolean) return flag(top, first, below);
  if (below === 0) return whole;
  return `floor(${rest.length === 0 ? whole : `(${whole})`} / ${String(2 ** below)})`;
}

/** One bit needs no division. */
function flag(octet: string, first: number, below: number): string {
  if (first === 0) return `${octet} >= 128`;
  if (below === 0) return `${octet} % 2 == 1`;
  return `${octet} % ${String(2 ** (8 - first))} >= ${String(2 ** below)}`;
}

function bitsFromBottom(content: BitsContent, names: readonly string[], first: number): string {
  const [top = '0', ...rest] = names.toReversed();
  if (content.boolean) return flag(top, 7 - first, first);
  const whole = positional(top, rest);
  const bracketed = rest.length === 0 ? whole : `(${whole})`;
  const shifted = first === 0 ? whole : `floor(${bracketed} / ${String(2 ** first)})`;
  if (first + content.width === names.length * 8) return shifted;
  return `${first === 0 ? bracketed : shifted} % ${String(2 ** content.width)}`;
}

/** A call that reads one number at `at`. */
export function numberCall(
  helpers: HelperSet,
  content: Content & { readonly kind: 'integer' | 'float' },
): string {
  const reader = (endian: 'le' | 'be'): string => helpers.use(readerName(content, endian));
  const { endian }: { readonly endian: Endian } = content;
  if (content.octets === 1 || endian !== 'type') return `${reader(endian === 'le' ? 'le' : 'be')}(io, at)`;
  return `(o._le and ${reader('le')} or ${reader('be')})(io, at)`;
}

function readerName(
  content: Content & { readonly kind: 'integer' | 'float' },
  endian: 'le' | 'be',
): HelperName {
  if (content.kind === 'float') return content.octets === 4 ? `f4${endian}` : `f8${endian}`;
  const sign = content.signed ? 's' : 'u';
  switch (content.octets) {
    case 1:
      return `${sign}1`;
    case 2:
      return `${sign}2${endian}`;
    case 4:
      return `${sign}4${endian}`;
    case 8:
      return `${sign}8${endian}`;
  }
}
