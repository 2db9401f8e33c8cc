import { describe, expect, it } from 'vitest';
import { random } from '../../src/core/random.ts';
import { usualError } from '../../src/models/complex-smoothing/usual-error.ts';

describe('usualError', () => {
  it.each([1, 7, 12])('is the standard deviation around a trend and a season of %i periods', (m) => {
    const draw = random(m);
    const y = Float64Array.from(
      { length: 3000 },
      (_, t) => 0.01 * t + (m > 1 ? 30 * Math.sin((2 * Math.PI * t) / m) : 0) + 2 * draw.normal(),
    );
    expect(Math.abs(usualError(y, m) / 2 - 1)).toBeLessThan(0.08);
    // An outlier spoils up to four differences; a standard deviation would be ten times as large.
    const spoilt = y.map((value, t) => (t % 40 === 3 ? value + 150 : t % 50 === 7 ? Number.NaN : value));
    expect(Math.abs(usualError(spoilt, m) / 2 - 1)).toBeLessThan(0.2);
  });

  it('is 0 where nothing tells it', () => {
    expect(usualError(Float64Array.of(5), 1)).toBe(0);
    expect(usualError(Float64Array.of(5, 6, 7), 7)).toBe(0);
    expect(usualError(new Float64Array(30).fill(4), 7)).toBe(0);
    expect(
      usualError(
        Float64Array.from({ length: 60 }, (_, t) => (t % 9 === 0 ? 3 : 0)),
        1,
      ),
    ).toBe(0);
  });
});
