import type { Endian } from '../ir/protocol.ts';
import type { TypeSymbol } from './symbols.ts';

/** What `meta` says of a type, or of the types it is declared in. */
export function endianOf(symbol: TypeSymbol): Endian | undefined {
  for (let here: TypeSymbol | undefined = symbol; here !== undefined; here = here.up) {
    const { endian } = here.decl.meta;
    if (endian !== undefined) return endian.kind === 'fixed' ? endian.value : 'type';
  }
  return undefined;
}

export function bitOrderOf(symbol: TypeSymbol): 'le' | 'be' {
  for (let here: TypeSymbol | undefined = symbol; here !== undefined; here = here.up) {
    const { bitEndian } = here.decl.meta;
    if (bitEndian !== undefined) return bitEndian;
  }
  return 'be';
}

export function encodingOf(symbol: TypeSymbol): string | undefined {
  for (let here: TypeSymbol | undefined = symbol; here !== undefined; here = here.up) {
    const { encoding } = here.decl.meta;
    if (encoding !== undefined) return encoding.value;
  }
  return undefined;
}
