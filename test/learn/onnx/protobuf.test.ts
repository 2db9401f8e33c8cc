import { expect, it } from 'vitest';
import { bytes, float, floats, message, text, whole, wholes } from '../../../src/learn/onnx/protobuf.ts';

const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');

// Examples of protobuf.dev/programming-guides/encoding.
it('writes whole numbers seven bits a byte', () => {
  expect(hex(whole(1, 150))).toBe('089601');
  expect(hex(whole(1, 0))).toBe('0800');
  expect(hex(whole(1, -2))).toBe('08feffffffffffffffff01');
  expect(hex(whole(16, 2 ** 40))).toBe('8001808080808020');
  expect(() => whole(1, 0.5)).toThrow(RangeError);
});

it('writes text, messages within and packed numbers with their lengths', () => {
  expect(hex(text(2, 'testing'))).toBe('120774657374696e67');
  expect(hex(text(2, 'ß'))).toBe('1202c39f');
  expect(hex(bytes(3, message([whole(1, 150)])))).toBe('1a03089601');
  expect(hex(wholes(6, [3, 270, 86942]))).toBe('3206038e029ea705');
  expect(hex(float(2, 1))).toBe('150000803f');
  expect(hex(floats(2, [1, -2]))).toBe('12080000803f000000c0');
});
