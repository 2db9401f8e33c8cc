import { expect, it } from 'vitest';
import { crc32 } from '../../src/core/crc32.ts';

it('gives the check value of the standard, and zlib’s of others', () => {
  const of = (text: string): number => crc32(new TextEncoder().encode(text));
  expect(of('123456789')).toBe(0xcbf43926);
  expect(of('')).toBe(0);
  // zlib.crc32 of Python 3.11.
  expect(of('The quick brown fox jumps over the lazy dog')).toBe(0x414fa339);
});
