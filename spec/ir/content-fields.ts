import type { FieldSymbol, InstanceSymbol } from '../passes/symbols.ts';
import type { SwitchDecl, TypeUse } from '../syntax/spec-ast.ts';
import { describeField, fieldName, withDisplay } from './describe-field.ts';
import type { Lowering } from './lowering.ts';
import type { ProtocolFieldId, ProtocolFieldType } from './protocol.ts';

/**
 * The protocol fields of one attribute: mostly one. The arms of a switch share one field for all objects, and have
 * one for each kind of primitive, named `value_u4`, `value_str`, when there is more than one kind.
 * State: the fields made so far, by kind.
 */
export class ContentFields {
  readonly #member: FieldSymbol | InstanceSymbol;
  readonly #lowering: Lowering;
  readonly #made = new Map<string, ProtocolFieldId>();
  #needsSuffix = false;

  constructor(member: FieldSymbol | InstanceSymbol, lowering: Lowering) {
    this.#member = member;
    this.#lowering = lowering;
  }

  /** To be called before the first arm's field is made. */
  announceSwitch(decl: SwitchDecl, implicitBytes: boolean): void {
    const kinds = new Set(decl.cases.map((one) => kindOf(one.type)));
    if (implicitBytes) kinds.add('bytes');
    this.#needsSuffix = kinds.size > 1;
  }

  /** `written`: how the type was written, which is the suffix in a switch of several kinds. */
  add(type: ProtocolFieldType, written: string, enumId: number | null): ProtocolFieldId {
    const kind = type.kind === 'group' ? 'group' : written;
    const known = this.#made.get(kind);
    if (known !== undefined) return known;
    const { decl } = this.#member;
    const suffix = this.#needsSuffix && type.kind !== 'group' ? `_${written}` : '';
    const base = fieldName(this.#member, decl.wire.filter, this.#lowering);
    const described = describeField(this.#member, type, enumId);
    const wanted = withDisplay({ ...described, filter: `${base}${suffix}` }, this.#member, this.#lowering);
    const id = this.#lowering.table.add(wanted, decl.wire.filter?.place);
    this.#made.set(kind, id);
    return id;
  }
}

function kindOf(use: TypeUse): string {
  return use.name.kind === 'user' ? 'group' : use.text;
}
