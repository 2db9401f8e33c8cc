import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeState, encodeState } from '../../src/store/plain-data.ts';

const typedArray = fc.oneof(
  fc.float64Array(),
  fc.float32Array(),
  fc.int8Array(),
  fc.uint8Array(),
  fc.uint8ClampedArray(),
  fc.int16Array(),
  fc.uint16Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.bigInt64Array(),
  fc.bigUint64Array(),
);

const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.double(),
    fc.constantFrom(Number.NaN, -0, Infinity, -Infinity, undefined, null, true),
    fc.string({ unit: 'binary' }),
    fc.bigInt(),
    typedArray,
    fc.array(tie('value')),
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('$f64', '$', '__proto__', 'toString')),
      tie('value'),
      {
        noNullPrototype: true,
      },
    ),
  ),
})).value;

describe('plain data as JSON', () => {
  it('comes back the same, whatever it is', () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(decodeState(encodeState(value))).toStrictEqual(value);
        expect(decodeState(encodeState(value, 2))).toStrictEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps −0 in numbers and in arrays', () => {
    expect(decodeState(encodeState([-0, Float64Array.of(-0)]))).toStrictEqual([-0, Float64Array.of(-0)]);
  });

  it('saves what a view shows and not the memory behind it', () => {
    const memory = new SharedArrayBuffer(800_000);
    const view = new Float64Array(memory as unknown as ArrayBuffer, 80, 2);
    view.set([1.5, Number.NaN]);
    const text = encodeState({ view });
    expect(text).toBe('{"view":{"$f64":"AAAAAAAA+D8AAAAAAAD4fw=="}}');
    expect(decodeState(text)).toStrictEqual({ view: Float64Array.of(1.5, Number.NaN) });
  });

  it('gives objects no prototype that the text chose', () => {
    const decoded = decodeState('{"__proto__":{"admin":true}}') as { admin?: boolean };
    expect(decoded.admin).toBeUndefined();
  });

  it('refuses what is not plain, and names the field', () => {
    expect(() => encodeState({ fit: { on: new Date(0) } })).toThrow(/^fit\.on is a Date; only plain data/);
    expect(() => encodeState([1, new Map()])).toThrow(/^\[1\] is a Map/);
    expect(() => encodeState({ f: () => 1 })).toThrow(/^f is a function/);
    expect(() => encodeState(new DataView(new ArrayBuffer(8)))).toThrow(/^the value is a DataView/);
    expect(() => decodeState('{"$f16":"AAA="}')).toThrow(/"\$f16" is not known/);
  });
});
