import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '../../src/store/base64.ts';

describe('bytes as text', () => {
  it.each([0, 1, 2, 3, 100, 70_000])(
    'are the same without what Node has, and come back: %i bytes',
    (length) => {
      const all = Uint8Array.from({ length: length + 3 }, (_, k) => (k * k + 7) % 256);
      // A view that does not begin where its buffer does.
      const bytes = all.subarray(3);
      const text = toBase64(bytes);
      // `undefined` would stand for the default.
      const none = null as unknown as undefined;
      expect(toBase64(bytes, none)).toBe(text);
      expect(fromBase64(text, none)).toEqual(Uint8Array.from(bytes));
      expect(fromBase64(text)).toEqual(Uint8Array.from(bytes));
      expect(fromBase64(text).byteOffset).toBe(0);
    },
  );
});
