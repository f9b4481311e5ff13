import type { Expr, Protocol } from '../../../spec/index.ts';
import {
  LIMITS,
  BOOL,
  BYTES,
  U2,
  U8,
  bits,
  bytes,
  choose,
  compare,
  computed,
  directionParam,
  field,
  flag,
  int,
  integer,
  member,
  protocol,
  REST,
  rule,
  sized,
  struct,
  structType,
  unsigned,
} from './ir-builder.ts';

const FIN = 0;
const MASKED = 3;
const LENGTH = 4;
const LENGTH_16 = 5;
const LENGTH_64 = 6;
const KEY = 7;

function own(index: number, type: Parameters<typeof member>[3]): Expr {
  return member(0, 'field', index, type);
}

/** A WebSocket frame (RFC 6455 5.2) without the front end; RSV bits are one field here. */
export function handWebsocket(maxPduOctets = 1 << 20): Protocol {
  const length = choose(
    compare(own(LENGTH, unsigned(7)), 'lt', int(126)),
    own(LENGTH, unsigned(7)),
    choose(compare(own(LENGTH, unsigned(7)), 'eq', int(126)), own(LENGTH_16, U2), own(LENGTH_64, U8), U8),
    U8,
  );
  const zeroKey: Expr = { kind: 'bytes', value: Uint8Array.of(0), type: BYTES };
  const key = choose(own(MASKED, BOOL), own(KEY, BYTES), zeroKey, BYTES);
  const frame = structType(0, {
    params: [directionParam('from_client')],
    fields: [
      field('fin', flag(), BOOL),
      field('rsv', bits(3), unsigned(3)),
      field('opcode', bits(4), unsigned(4)),
      field('is_masked', flag(), BOOL),
      field('len_payload_7', bits(7), unsigned(7)),
      field('len_payload_16', integer(2), U2, { when: compare(own(LENGTH, unsigned(7)), 'eq', int(126)) }),
      field('len_payload_64', integer(8), U8, { when: compare(own(LENGTH, unsigned(7)), 'eq', int(127)) }),
      field('masking_key', bytes(sized(int(4))), BYTES, { when: own(MASKED, BOOL) }),
      field(
        'payload',
        struct(
          1,
          sized(member(0, 'instance', 0, U8), {
            process: { kind: 'xor', key: member(0, 'instance', 1, BYTES) },
          }),
        ),
        { kind: 'struct', type: 1 },
      ),
    ],
    instances: [computed('len_payload', length, U8), computed('mask', key, BYTES, { hidden: true })],
    checks: [
      rule('MASK', compare(own(MASKED, BOOL), 'eq', member(0, 'param', 0, BOOL))),
      rule('KEY', compare(own(KEY, BYTES), 'ne', { kind: 'bytes', value: new Uint8Array(4), type: BYTES })),
      rule('FIN', own(FIN, BOOL)),
    ],
  });
  const body = structType(1, { fields: [field('data', bytes(REST), BYTES)] });
  return protocol([frame, body], { limits: { ...LIMITS, maxPduOctets } });
}
