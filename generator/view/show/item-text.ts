import type { Content, ProtocolField, ProtocolFieldType } from '../../../spec/index.ts';
import { at } from '../../invariant.ts';
import type { ViewContext } from '../view-context.ts';
import type { ItemView } from './show-steps.ts';
import { Unsupported } from '../../unsupported.ts';
import { encodingConstant } from './encodings.ts';

type ItemContent = Exclude<Content, { readonly kind: 'struct' | 'switch' | 'opaque' }>;

/** How Wireshark itself decodes the octets of a field. @throws Unsupported */
export function itemView(context: ViewContext, content: ItemContent, range: string): ItemView {
  const field = at(context.plan.protocol.protocolFields, content.field);
  const key = context.plan.names.field(content.field);
  const time = timeEncoding(field, content);
  if (time !== null) return { method: 'add_packet_field', field: key, range, after: `, ${time}` };
  switch (content.kind) {
    case 'integer':
    case 'float':
      return { method: addMethod(content), field: key, range, after: '' };
    case 'bits':
      return { method: content.order === 'le' ? 'add_le' : 'add', field: key, range, after: '' };
    case 'bytes':
    case 'contents':
      return { method: 'add', field: key, range, after: '' };
    case 'string':
      return {
        method: 'add_packet_field',
        field: key,
        range,
        after: `, ${encodingConstant(content.encoding)}`,
      };
  }
}

function addMethod(content: Extract<Content, { kind: 'integer' | 'float' }>): string {
  if (content.octets === 1 || content.endian === 'be') return 'add';
  if (content.endian === 'le') return 'add_le';
  throw new Unsupported('a byte order that is known only at run time');
}

/** Seconds since 1970, in the octets' own order. */
function timeEncoding(field: ProtocolField, content: ItemContent): string | null {
  if (field.type.kind !== 'absolute-time' && field.type.kind !== 'relative-time') return null;
  if (content.kind !== 'integer') throw new Unsupported('a time that is no integer');
  if (content.endian === 'type') throw new Unsupported('a time whose byte order is known only at run time');
  if (field.type.kind === 'relative-time') throw new Unsupported('the display "relative_time"');
  return `ENC_TIME_SECS + ${content.endian === 'le' ? 'ENC_LITTLE_ENDIAN' : 'ENC_BIG_ENDIAN'}`;
}

/**
 * A computed value in the representation that `TreeItem:add` wants for the field's type: anything else makes
 * Wireshark 4.6 abort.
 */
export function valueForField(context: ViewContext, type: ProtocolFieldType, value: string): string {
  switch (type.kind) {
    case 'uint':
    case 'int':
      return type.bits === 64 ? `${context.helpers.use(`to_${type.kind}64`)}(${value})` : value;
    case 'float':
    case 'double':
    case 'bool':
    case 'bytes':
      return value;
    case 'string':
      return `${context.helpers.use('utf8_text')}(${value})`;
    case 'group':
    case 'ipv4':
    case 'ipv6':
    case 'ether':
    case 'guid':
    case 'absolute-time':
    case 'relative-time':
      throw new Unsupported(`a computed value shown as ${type.kind}`);
  }
}
