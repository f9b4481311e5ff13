import { Random } from './random.ts';
import type { Given } from '../../regression/encode/given.ts';

/** A spec made at random, and values of one PDU of it that do not contradict one another. */
export interface MadeSpec {
  readonly ksy: string;
  readonly given: Record<string, Given>;
}

interface Member {
  /** Items of `seq`, as flow maps. */
  readonly items: readonly string[];
  readonly given: Record<string, Given>;
}

/** What a type is made with. */
interface Around {
  readonly depth: number;
  /** Octets end with the type: the rest may be taken. */
  readonly bounded: boolean;
}

const MAX_DEPTH = 3;
const MAX_FIELDS = 5;

export function makeSpec(seed: number): MadeSpec {
  return new SpecMaker(new Random(seed)).spec();
}

/** Makes fields one by one, with values for them. Types, instances and enums are collected on the way. */
class SpecMaker {
  readonly #random: Random;
  readonly #types: string[] = [];
  #names = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  spec(): MadeSpec {
    const { body, given } = this.#type({ depth: 0, bounded: false });
    const endian = this.#random.of(['le', 'be']);
    const order = this.#random.of(['le', 'be']);
    const types = this.#types.length === 0 ? '' : `types:\n${this.#types.join('')}`;
    const ksy =
      `meta: {id: made, endian: ${endian}, bit-endian: ${order}, encoding: UTF-8}\n${body}${types}` +
      'enums: {e: {0: zero, 1: one, 7: seven, 255: most}}\n';
    return { ksy, given };
  }

  /** `seq` and `instances` of a type, indented by nothing. */
  #type(around: Around): { readonly body: string; readonly given: Record<string, Given> } {
    const items: string[] = [];
    const given: Record<string, Given> = {};
    const instances: string[] = [];
    for (let left = 1 + this.#random.below(MAX_FIELDS); left > 0; left -= 1) {
      const member = this.#field(around, instances);
      items.push(...member.items);
      Object.assign(given, member.given);
    }
    if (around.bounded && this.#random.chance(40)) {
      const last = this.#rest();
      items.push(...last.items);
      Object.assign(given, last.given);
    }
    const seq = `seq:\n${items.map((item) => `  - ${item}\n`).join('')}`;
    const more = instances.length === 0 ? '' : `instances:\n${instances.map((one) => `  ${one}\n`).join('')}`;
    return { body: `${seq}${more}`, given };
  }

  #name(): string {
    this.#names += 1;
    return `f${this.#names}`;
  }

  #field(around: Around, instances: string[]): Member {
    const makers = [
      () => this.#integer(),
      () => this.#float(),
      () => this.#bits(),
      () => this.#sized(),
      () => this.#derived(instances),
      () => this.#terminated(),
      () => this.#padded(),
      () => this.#contents(),
      () => this.#counted(),
      () => this.#until(),
      () => this.#conditional(),
      () => this.#peeked(instances),
      ...(around.depth < MAX_DEPTH
        ? [
            () => this.#object(around),
            () => this.#bounded(around),
            () => this.#switched(around),
            () => this.#withParam(),
            () => this.#repeated(around),
            () => this.#offsets(),
            () => this.#byText(),
            () => this.#otherParent(),
          ]
        : []),
    ];
    return this.#random.of(makers)();
  }

  #number(): { readonly type: string; readonly value: bigint } {
    const octets = this.#random.of([1, 2, 4, 8]);
    const isSigned = this.#random.chance(40);
    const order = octets === 1 ? '' : this.#random.of(['', 'le', 'be']);
    const value = this.#random.bits(octets * 8);
    return {
      type: `${isSigned ? 's' : 'u'}${octets}${order}`,
      value: isSigned ? BigInt.asIntN(octets * 8, value) : value,
    };
  }

  #integer(): Member {
    const id = this.#name();
    const { type, value } = this.#number();
    if (type === 'u1' && this.#random.chance(50))
      return { items: [`{id: ${id}, type: u1, enum: e}`], given: { [id]: value } };
    const valid = this.#random.chance(20) ? `, valid: {max: ${value}}` : '';
    return { items: [`{id: ${id}, type: ${type}${valid}}`], given: { [id]: value } };
  }

  #float(): Member {
    const id = this.#name();
    const type = this.#random.of(['f4', 'f8', 'f4le', 'f8be']);
    return {
      items: [`{id: ${id}, type: ${type}}`],
      given: { [id]: this.#random.of([0, 1.5, -2.25, Infinity, 65536]) },
    };
  }

  /** Several in a row, of one order: a change in the middle of an octet is nothing that formats do. */
  #bits(): Member {
    const order = this.#random.of(['', 'le', 'be']);
    const items: string[] = [];
    const given: Record<string, Given> = {};
    for (let left = 1 + this.#random.below(4); left > 0; left -= 1) {
      const id = this.#name();
      const width = this.#random.of([1, 2, 3, 5, 7, 8, 12, 17, 31, 33, 54, 63, 64]);
      const value = this.#random.bits(width);
      items.push(`{id: ${id}, type: b${width}${order}}`);
      given[id] = width === 1 ? value === 1n : value;
    }
    // Whatever follows begins at an octet, also when it is bits of the other order.
    const end = this.#name();
    return { items: [...items, `{id: ${end}, type: u1}`], given: { ...given, [end]: 9 } };
  }

  #sized(): Member {
    const id = this.#name();
    const size = this.#random.below(5);
    if (this.#random.chance(50))
      return {
        items: [`{id: ${id}, size: ${size}${this.#process(false)}}`],
        given: { [id]: this.#random.octets(size) },
      };
    const text = 'abcdefgh'.slice(0, size);
    return { items: [`{id: ${id}, type: str, size: ${size}}`], given: { [id]: text } };
  }

  /** Behind its own length, which is found: as it is, less or more, in words, through an instance. */
  #derived(instances: string[]): Member {
    const [length, id] = [this.#name(), this.#name()];
    const units = this.#random.below(40);
    const [expr, octets] = this.#random.of<readonly [string, number]>([
      [length, units],
      [`${length} - 2`, units],
      [`${length} + 1`, units + 1],
      [`${length} * 4`, units * 4],
      [`(${length} & 0x3f)`, units],
    ]);
    const { size, more } = this.#through(expr);
    instances.push(...more);
    const type = this.#random.of(['u1', 'u2', 'u4le', 'b8']);
    const isZlib = this.#random.chance(10) && expr === length;
    const process = isZlib ? ', process: zlib' : this.#process(false);
    return {
      items: [`{id: ${length}, type: ${type}}`, `{id: ${id}, size: "${size}"${process}}`],
      given: { [id]: this.#random.octets(octets) },
    };
  }

  #through(expr: string): { readonly size: string; readonly more: readonly string[] } {
    if (!this.#random.chance(30)) return { size: expr, more: [] };
    const id = this.#name();
    return { size: id, more: [`${id}: {value: "${expr}"}`] };
  }

  #process(always: boolean): string {
    if (!always && !this.#random.chance(30)) return '';
    return this.#random.of([
      ', process: xor(0x5a)',
      ', process: "xor([1, 2, 255])"',
      ', process: rol(3)',
      ', process: ror(1)',
      ', process: rol(0)',
    ]);
  }

  #terminated(): Member {
    const id = this.#name();
    const octets = this.#random.octets(this.#random.below(6), 1);
    const text = this.#random.of(['', 'a', 'grün', '世界', '😀']);
    switch (this.#random.below(5)) {
      case 0:
        return { items: [`{id: ${id}, type: strz}`], given: { [id]: text } };
      case 1:
        return {
          items: [
            `{id: ${id}, type: strz, encoding: ${this.#random.of(['UTF-16LE', 'UTF-16BE', 'UTF-32LE', 'UTF-32BE'])}}`,
          ],
          given: { [id]: text },
        };
      case 2:
        return {
          items: [`{id: ${id}, terminator: 0, include: true}`],
          given: { [id]: Uint8Array.of(...octets, 0) },
        };
      case 3: {
        const next = this.#name();
        return {
          items: [`{id: ${id}, terminator: 0, consume: false}`, `{id: ${next}, type: u1}`],
          given: { [id]: octets, [next]: 0 },
        };
      }
      default:
        return {
          items: [`{id: ${id}, terminator: 0${this.#process(false)}}`],
          given: { [id]: this.#random.of([octets.slice(0, 0), Uint8Array.of(4)]) },
        };
    }
  }

  #padded(): Member {
    const id = this.#name();
    const size = 4 + this.#random.below(3);
    const octets = this.#random.octets(this.#random.below(size + 1), 0x21);
    const kind = this.#random.of([
      `size: ${size}, pad-right: 0x20`,
      `size: ${size}, terminator: 0`,
      `size: ${size}, terminator: 0, pad-right: 0x20`,
    ]);
    return { items: [`{id: ${id}, ${kind}}`], given: { [id]: octets } };
  }

  #contents(): Member {
    const id = this.#name();
    return { items: [`{id: ${id}, contents: [0x77, 0x74]}`], given: {} };
  }

  #counted(): Member {
    const [count, id] = [this.#name(), this.#name()];
    const { type } = this.#number();
    const bits = Number(type[1]) * 8;
    const values = Array.from({ length: this.#random.below(6) }, () => this.#random.bits(bits));
    const items = type.startsWith('s') ? values.map((value) => BigInt.asIntN(bits, value)) : values;
    const expr = this.#random.of([count, `${count} - 1`, `${count} + 0`]);
    return {
      items: [`{id: ${count}, type: u2}`, `{id: ${id}, type: ${type}, repeat: expr, repeat-expr: ${expr}}`],
      given: { [id]: items },
    };
  }

  #until(): Member {
    const id = this.#name();
    const values: Given[] = [...this.#random.octets(this.#random.below(4), 1)];
    return {
      items: [`{id: ${id}, type: u1, repeat: until, repeat-until: _ == 0}`],
      given: { [id]: [...values, 0] },
    };
  }

  /** The flag is found from whether the value is there. */
  #conditional(): Member {
    const [flag, id] = [this.#name(), this.#name()];
    const isThere = this.#random.chance(50);
    const [type, condition] = this.#random.of<readonly [string, string]>([
      ['u1', `${flag} == 3`],
      ['u2', `${flag} & 0x100 != 0`],
      ['b1', flag],
      ['u1', `${flag} > 9 and ${flag} < 12`],
    ]);
    const { type: kind, value } = this.#number();
    return {
      items: [`{id: ${flag}, type: ${type}}`, `{id: ${id}, type: ${kind}, if: "${condition}"}`],
      given: { [id]: isThere ? value : null },
    };
  }

  /** Octets of the sequence that are read at their position as well, and once more behind what is known. */
  #peeked(instances: string[]): Member {
    const [id, peek, then] = [this.#name(), this.#name(), this.#name()];
    const first = this.#random.of(['u1', 's1', 'b3']);
    const isThere = this.#random.chance(50);
    instances.push(`${peek}: {pos: 0, type: ${first}}`);
    return {
      items: [`{id: ${id}, type: u1}`, `{id: ${then}, type: u1, if: ${id} == 3}`],
      given: { [id]: isThere ? 3 : 4, [then]: isThere ? 5 : null },
    };
  }

  #object(around: Around): Member {
    const id = this.#name();
    const { name, given } = this.#ownType({ depth: around.depth + 1, bounded: false });
    return { items: [`{id: ${id}, type: ${name}}`], given: { [id]: given } };
  }

  #ownType(around: Around, head = ''): { readonly name: string; readonly given: Record<string, Given> } {
    const name = `t${this.#name()}`;
    const { body, given } = this.#type(around);
    const order = this.#random.chance(20)
      ? `    meta: {endian: {switch-on: ${this.#random.of(['0', '1'])}, cases: {0: le, _: be}}}\n`
      : '';
    this.#types.push(`  ${name}:\n${order}${head}${indented(body)}`);
    return { name, given };
  }

  /** In a substream whose size is found. */
  #bounded(around: Around): Member {
    const [length, id] = [this.#name(), this.#name()];
    const { name, given } = this.#ownType({ depth: around.depth + 1, bounded: true });
    const type = this.#random.of(['u2', 'u4', 'u8be']);
    const process = this.#random.chance(25) ? this.#process(true) : '';
    return {
      items: [`{id: ${length}, type: ${type}}`, `{id: ${id}, size: ${length}, type: ${name}${process}}`],
      given: { [id]: given },
    };
  }

  #switched(around: Around): Member {
    const [key, id] = [this.#name(), this.#name()];
    const { name, given } = this.#ownType({ depth: around.depth + 1, bounded: false });
    const cases = `{1: ${name}, 2: u2, _: u1}`;
    const value = this.#random.below(4);
    const arms: readonly Given[] = [7, given, 0x1234, 255];
    return {
      items: [`{id: ${key}, type: u1}`, `{id: ${id}, type: {switch-on: ${key}, cases: ${cases}}}`],
      given: { [key]: value, [id]: arms[value] },
    };
  }

  /** The size is handed to the type. */
  #withParam(): Member {
    const [length, id] = [this.#name(), this.#name()];
    const [name, inner] = [`t${this.#name()}`, this.#name()];
    const octets = this.#random.octets(this.#random.below(9));
    const way = this.#random.of<readonly [string, string, string]>([
      [`"${name}(${length})"`, '    params: [{id: n, type: u1}]\n', 'n'],
      [name, '', `_parent.${length}`],
    ]);
    this.#types.push(`  ${name}:\n${way[1]}    seq: [{id: ${inner}, size: "${way[2]}"}]\n`);
    return {
      items: [`{id: ${length}, type: u1}`, `{id: ${id}, type: ${way[0]}}`],
      given: { [id]: { [inner]: octets } },
    };
  }

  /** The same object several times: as often as is counted, to the end of a substream, or until one says so. */
  #repeated(around: Around): Member {
    const [count, id] = [this.#name(), this.#name()];
    const { name, given } = this.#ownType({ depth: around.depth + 1, bounded: false });
    const items = Array.from({ length: this.#random.below(4) }, () => given);
    switch (this.#random.below(3)) {
      case 0:
        return {
          items: [
            `{id: ${count}, type: u4}`,
            `{id: ${id}, type: ${name}, repeat: expr, repeat-expr: ${count}}`,
          ],
          given: { [id]: items },
        };
      case 1: {
        const [holder, list] = [`t${this.#name()}`, this.#name()];
        this.#types.push(
          `  ${holder}:\n    seq: [{id: n, type: u1}, {id: ${list}, type: ${name}, repeat: eos}]\n`,
        );
        return {
          items: [`{id: ${count}, type: u2}`, `{id: ${id}, size: ${count}, type: ${holder}}`],
          given: { [id]: { n: 1, [list]: items } },
        };
      }
      default: {
        const [more, element] = [this.#name(), `t${this.#name()}`];
        this.#types.push(
          `  ${element}:\n    seq: [{id: ${more}, type: b1}, {id: rest, type: b7}, {id: v, type: ${name}}]\n`,
        );
        const elements = [...items, given].map((v, index) => ({ rest: index, v }));
        return {
          items: [`{id: ${id}, type: ${element}, repeat: until, repeat-until: not _.${more}}`],
          given: { [id]: elements },
        };
      }
    }
  }

  /** Rows that say where their octets are, behind all rows, in a substream that becomes as long. */
  #offsets(): Member {
    const [length, id, row, table] = [this.#name(), this.#name(), `t${this.#name()}`, `t${this.#name()}`];
    const count = 1 + this.#random.below(3);
    const kind = this.#random.of(['size: 2', 'size: 2, process: xor(0x11)', 'type: u2', 'type: strz']);
    const value = kind === 'type: strz' ? 'a' : kind === 'type: u2' ? 0x1234 : Uint8Array.of(1, 2);
    const io = this.#random.of(['', 'io: _parent._io, ']);
    const inner = io === '' ? '' : ', size: 3';
    this.#types.push(
      `  ${row}:\n    seq: [{id: at, type: u1}]\n    instances:\n      v: {${io}pos: at, ${kind}, if: at != 0}\n`,
      `  ${table}:\n    seq: [{id: n, type: u1}, {id: rows, type: ${row}${inner}, repeat: expr, repeat-expr: n}]\n`,
    );
    const rows = Array.from({ length: count }, (_, index) =>
      this.#random.chance(20) ? { at: 0, v: null } : { at: 40 + 3 * index, v: value },
    );
    return {
      items: [`{id: ${length}, type: u2}`, `{id: ${id}, size: ${length}, type: ${table}}`],
      given: { [id]: { rows } },
    };
  }

  #byText(): Member {
    const [key, id] = [this.#name(), this.#name()];
    const chosen = this.#random.of(['ab', 'cd', 'ef']);
    const values: Readonly<Record<string, Given>> = { ab: 1, cd: 0x1234, ef: undefined };
    return {
      items: [
        `{id: ${key}, type: str, size: 2}`,
        `{id: ${id}, type: {switch-on: ${key}, cases: {'"ab"': u1, '"cd"': u2}}}`,
      ],
      given: { [key]: chosen, [id]: values[chosen] },
    };
  }

  /** An object whose `_parent` is the one around its holder. */
  #otherParent(): Member {
    const [length, id] = [this.#name(), this.#name()];
    const [outer, inner] = [`t${this.#name()}`, `t${this.#name()}`];
    const octets = this.#random.octets(this.#random.below(9));
    this.#types.push(
      `  ${outer}:\n    seq: [{id: n, type: u1}, {id: in, type: ${inner}(${this.#random.of(['n', '9'])}), parent: _parent}]\n`,
      `  ${inner}:\n    params: [{id: p, type: u1}]\n    seq: [{id: v, size: _parent.${length}}, {id: w, type: u1, if: p == 9}]\n`,
    );
    return {
      items: [`{id: ${length}, type: u1}`, `{id: ${id}, type: ${outer}}`],
      given: { [id]: { in: { v: octets, w: 5 } } },
    };
  }

  /** Takes what is left of a substream. */
  #rest(): Member {
    const id = this.#name();
    const octets = this.#random.octets(this.#random.below(6));
    switch (this.#random.below(3)) {
      case 0:
        return { items: [`{id: ${id}, size-eos: true}`], given: { [id]: octets } };
      case 1:
        return {
          items: [`{id: ${id}, type: u2, repeat: eos}`],
          given: { [id]: [1, 2, 65535].slice(this.#random.below(3)) },
        };
      default:
        return { items: [`{id: ${id}, size: _io.size - _io.pos}`], given: { [id]: octets } };
    }
  }
}

function indented(body: string): string {
  return body.replace(/^(?=.)/gm, '    ');
}
