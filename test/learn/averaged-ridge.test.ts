import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { averagedRidge, leverageOf } from '../../src/learn/linear/averaged-ridge.ts';

const expected = JSON.parse(
  readFileSync(new URL('../golden/averaged-ridge.golden.json', import.meta.url), 'utf8'),
) as { readonly x: number[]; readonly coefficients: number[]; readonly residuals: number[] };

function changesOf(x: readonly number[]): { rows: Float64Array; target: Float64Array } {
  const n = x.length;
  const rows = Float64Array.from({ length: 3 * (n - 1) }, (_, i) => {
    const t = 1 + Math.floor(i / 3);
    return [1, t / n, x[t - 1]!][i % 3]!;
  });
  return { rows, target: Float64Array.from({ length: n - 1 }, (_, t) => x[t + 1]! - x[t]!) };
}

describe('averagedRidge', () => {
  it('equals its definition in R, every row truly left out, on the Nile', () => {
    const { rows, target } = changesOf(expected.x);
    const fit = averagedRidge(rows, target, 3);
    for (const [j, value] of expected.coefficients.entries()) {
      expect(fit.coefficients[j]! / value).toBeCloseTo(1, 8);
    }
    for (const [t, value] of expected.residuals.entries()) {
      expect(fit.residuals[t]! / value).toBeCloseTo(1, 6);
    }
  });

  it('goes with the scale of its target, whatever the scale of its columns', () => {
    const { rows, target } = changesOf(expected.x);
    const plain = averagedRidge(rows, target, 3);
    const large = averagedRidge(
      rows.map((v, i) => (i % 3 === 2 ? v * 1e6 : v)),
      target.map((v) => v * 1000),
      3,
    );
    for (let j = 0; j < 3; j++) expect(large.coefficients[j]! / plain.coefficients[j]!).toBeCloseTo(1000, 6);
  });

  it('gives a column that does not change, and a target of nothing, no coefficient', () => {
    const rows = Float64Array.from({ length: 30 }, (_, i) => [1, i, 7][i % 3]!);
    const target = Float64Array.from({ length: 10 }, (_, t) => t);
    expect(averagedRidge(rows, target, 3).coefficients[2]).toBe(0);
    expect([...averagedRidge(rows, new Float64Array(10), 3).coefficients]).toEqual([0, 0, 0]);
  });

  it('knows that a row far out tells more', () => {
    const { rows, target } = changesOf(expected.x);
    const { inverse } = averagedRidge(rows, target, 3);
    expect(leverageOf(inverse, Float64Array.of(1, 3, 3))).toBeGreaterThan(
      leverageOf(inverse, Float64Array.of(1, 0, 0)),
    );
  });
});
