import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bigInteger, float, smallInteger } from './numbers.ts';

const EIGHT = fc.uint8Array({ minLength: 10, maxLength: 10 });
const AT = 1;

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

test('reads every width, sign and order as DataView does', () => {
  fc.assert(
    fc.property(EIGHT, fc.boolean(), (bytes, little) => {
      const order = little ? 'le' : 'be';
      const data = view(bytes);
      expect(smallInteger(1, false, order)(bytes, AT)).toBe(data.getUint8(AT));
      expect(smallInteger(1, true, order)(bytes, AT)).toBe(data.getInt8(AT));
      expect(smallInteger(2, false, order)(bytes, AT)).toBe(data.getUint16(AT, little));
      expect(smallInteger(2, true, order)(bytes, AT)).toBe(data.getInt16(AT, little));
      expect(smallInteger(4, false, order)(bytes, AT)).toBe(data.getUint32(AT, little));
      expect(smallInteger(4, true, order)(bytes, AT)).toBe(data.getInt32(AT, little));
      expect(bigInteger(false, order)(bytes, AT)).toBe(data.getBigUint64(AT, little));
      expect(bigInteger(true, order)(bytes, AT)).toBe(data.getBigInt64(AT, little));
      expect(float(4, order)(bytes, AT)).toBe(data.getFloat32(AT, little));
      expect(float(8, order)(bytes, AT)).toBe(data.getFloat64(AT, little));
    }),
  );
});
