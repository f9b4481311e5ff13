import { listOf, type Wiregasm } from './wiregasm.ts';

const FT_NONE = 0;

/** A field that has no value, and the words its items are labelled with. */
interface UnvaluedField {
  readonly name: string;
  readonly label: string;
}

/**
 * Names of items without value. Their expressions do not name them, their labels do, unless the plugin changed them:
 * then a label that begins with the field's will do.
 */
export class FieldNames {
  readonly #wiregasm: Wiregasm;
  readonly #known = new Map<string, readonly UnvaluedField[]>();

  constructor(wiregasm: Wiregasm) {
    this.#wiregasm = wiregasm;
  }

  /** The field that an item of that label, below `parent`, is of; null: it is free text. */
  find(layer: string, parent: string, label: string): string | null {
    const fields = this.#fieldsOf(layer);
    const equal = fields.filter((field) => field.label === label);
    const candidates =
      equal.length > 0 ? equal : longest(fields.filter((field) => label.startsWith(field.label)));
    // Several fields may share a label; names follow the tree.
    const below = candidates.find((field) => field.name.startsWith(`${parent}.`));
    return (below ?? candidates[0])?.name ?? null;
  }

  #fieldsOf(layer: string): readonly UnvaluedField[] {
    const known = this.#known.get(layer);
    if (known !== undefined) return known;
    const fields = listOf(this.#wiregasm.completeFilter(`${layer}.`).fields)
      .filter(({ type, name }) => type === FT_NONE && name !== '')
      .map(({ field, name }) => ({ name: field, label: name }));
    this.#known.set(layer, fields);
    return fields;
  }
}

function longest(fields: readonly UnvaluedField[]): readonly UnvaluedField[] {
  const length = Math.max(0, ...fields.map((field) => field.label.length));
  return fields.filter((field) => field.label.length === length);
}
