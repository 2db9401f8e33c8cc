import { describe, expect, it } from 'vitest';
import { minimiseOnInterval, minimiseSimplex } from '../../src/math/minimise.ts';

describe('minimisers', () => {
  it('finds the minimum on an interval', () => {
    expect(minimiseOnInterval((x) => (x - 0.3) ** 2, 0, 1).x).toBeCloseTo(0.3, 7);
    expect(minimiseOnInterval((x) => x, 2, 5).x).toBeCloseTo(2, 5);
  });
  it('finds the bottom of the Rosenbrock valley', () => {
    const valley = (x: Float64Array): number => (1 - x[0]!) ** 2 + 100 * (x[1]! - x[0]! ** 2) ** 2;
    const { x } = minimiseSimplex(valley, [-1.2, 1], { tolerance: 1e-14, maxEvaluations: 2000 });
    expect(x[0]).toBeCloseTo(1, 5);
    expect(x[1]).toBeCloseTo(1, 5);
  });
  it('stays inside its bounds', () => {
    const { x } = minimiseSimplex((v) => v[0]! + v[1]!, [0.5, 0.9], { lower: [0.1, 0.2], upper: [1, 1] });
    expect(x[0]).toBeCloseTo(0.1, 6);
    expect(x[1]).toBeCloseTo(0.2, 6);
  });
});
