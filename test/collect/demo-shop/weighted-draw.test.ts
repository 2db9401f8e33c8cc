import { describe, expect, it } from 'vitest';
import { weightedDraw } from '../../../src/collect/demo-shop/weighted-draw.ts';
import { random } from '../../../src/core/random.ts';

describe('weighted draw', () => {
  it.each([1, 2, 7, 8, 100])('draws %i members in proportion to their weights', (n) => {
    const set = weightedDraw(n);
    for (let i = 0; i < n; i++) set.set(i, i + 1);
    const draw = random(3);
    const counts = new Float64Array(n);
    for (let k = 0; k < 20_000; k++) counts[set.draw(draw)]! += 1;
    const total = (n * (n + 1)) / 2;
    for (let i = 0; i < n; i++) {
      const expected = (20_000 * (i + 1)) / total;
      expect(Math.abs(counts[i]! - expected)).toBeLessThan(5 * Math.sqrt(expected) + 1e-9);
    }
  });

  it('never draws a member whose weight was taken back, and says when there is none', () => {
    const set = weightedDraw(5);
    const draw = random(4);
    expect(set.draw(draw)).toBe(-1);
    set.set(1, 0.1);
    set.set(3, 0.2);
    set.set(1, 0);
    for (let k = 0; k < 100; k++) expect(set.draw(draw)).toBe(3);
    set.set(3, 0);
    expect(set.draw(draw)).toBe(-1);
  });
});
