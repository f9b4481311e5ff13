import {
  createDecoder,
  type DecodedStruct,
  decoderOptions,
  memberValue,
  paramsFor,
  type Side,
  toHex,
  type Value,
} from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { encodePdu } from '../encode/encode-pdu.ts';
import { type Given, type GivenMap, isMap } from '../encode/given.ts';
import { isList } from '../judge/values.ts';

/** What our decoder reads is not what was written; null: it is. */
export function roundTrip(protocol: Protocol, given: GivenMap, side: Side): string | null {
  const octets = encodePdu(protocol, given, side);
  const read = readBack(protocol, octets, side);
  if (typeof read === 'string') return `${toHex(octets)}: ${read}`;
  const difference = differenceOf(given, read, '');
  if (difference !== null) return `${toHex(octets)}: ${difference}`;
  const again = toHex(encodePdu(protocol, read, side));
  return again === toHex(octets) ? null : `${toHex(octets)}: written again it is ${again}`;
}

/** All fields of a PDU, as they could be given; a sentence when it is no whole PDU. */
export function readBack(protocol: Protocol, octets: Uint8Array, side: Side): GivenMap | string {
  const decoder = createDecoder(protocol, decoderOptions());
  const outcome = decoder.decode(octets, 0, octets.length, paramsFor(protocol, side));
  if (outcome.kind === 'need-more') return `our decoder wants ${outcome.needed} octets`;
  const { pdu } = outcome;
  if (pdu.problem !== null) return `our decoder has ${pdu.problem.message}`;
  if (pdu.length !== octets.length) return `our decoder reads ${pdu.length} octets`;
  return fieldsOf(pdu.root);
}

function fieldsOf(object: DecodedStruct): GivenMap {
  return Object.fromEntries(
    object.type.fields.flatMap(({ id }) => {
      const found = memberValue(object, id);
      return 'value' in found && found.value !== undefined ? [[id, givenOf(found.value)]] : [];
    }),
  );
}

function givenOf(value: Value): Given {
  if (isList(value)) return value.map(givenOf);
  return typeof value === 'object' && !(value instanceof Uint8Array) ? fieldsOf(value) : value;
}

/** The first member that was given and is not there, or not the same. */
function differenceOf(given: Given, read: Given, path: string): string | null {
  if (given === undefined) return null;
  if (isMap(given) && isMap(read)) {
    for (const [id, member] of Object.entries(given)) {
      const found = differenceOf(member, read[id], path === '' ? id : `${path}.${id}`);
      if (found !== null) return found;
    }
    return null;
  }
  if (Array.isArray(given) && Array.isArray(read) && given.length === read.length) {
    for (const [index, member] of given.entries()) {
      const found = differenceOf(member as Given, read[index] as Given, `${path}[${index}]`);
      if (found !== null) return found;
    }
    return null;
  }
  const [wanted, found] = [given, read].map(textOf);
  return wanted === found ? null : `${path} is ${found}, written was ${wanted}`;
}

function textOf(value: Given): string {
  if (value instanceof Uint8Array) return toHex(value);
  return typeof value === 'object' ? JSON.stringify(Object.keys(value ?? {})) : String(value);
}
