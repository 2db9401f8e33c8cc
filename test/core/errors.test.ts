import { describe, expect, it } from 'vitest';
import { didYouMean } from '../../src/core/errors.ts';

describe('didYouMean', () => {
  it('finds a slip of the pen, whatever the case and separators', () => {
    expect(didYouMean('Seasonal_naiv', ['naive', 'seasonal-naive'])).toBe(' Did you mean "seasonal-naive"?');
  });
  it('finds the name of which a part was given, and a nearer one before it', () => {
    expect(didYouMean('TAB-009', ['TAB-008/online', 'TAB-009/online'])).toBe(
      ' Did you mean "TAB-009/online"?',
    );
    expect(didYouMean('holt', ['holt-winters', 'holts'])).toBe(' Did you mean "holts"?');
  });
  it('lists the choices where none is near, of many the first', () => {
    expect(didYouMean('zzz', ['a', 'b'])).toBe(' Choose from: a, b.');
    const many = Array.from({ length: 1_060 }, (_, k) => `item-${k}`);
    expect(didYouMean('zzz', many)).toMatch(/item-49 and 1,010 more\.$/);
  });
});
