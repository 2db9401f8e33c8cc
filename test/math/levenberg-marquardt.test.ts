import { describe, expect, it } from 'vitest';
import { minimiseSquares, type SquaresProblem } from '../../src/math/levenberg-marquardt.ts';

/** Residuals with their Jacobian, row-major, as a problem. */
function problem(residuals: (x: Float64Array) => { r: number[]; j: number[][] }): SquaresProblem {
  return {
    value: (x) => residuals(x).r.reduce((total, r) => total + r * r, 0),
    linearise(x, gradient, normal) {
      const { r, j } = residuals(x);
      const n = x.length;
      gradient.fill(0);
      normal.fill(0);
      r.forEach((residual, t) => {
        for (let a = 0; a < n; a++) {
          gradient[a] = gradient[a]! + j[t]![a]! * residual;
          for (let b = 0; b <= a; b++) normal[a * n + b] = normal[a * n + b]! + j[t]![a]! * j[t]![b]!;
        }
      });
      return r.reduce((total, residual) => total + residual * residual, 0);
    },
  };
}

// Rosenbrock's valley as squares: 10 (y − x²) and 1 − x; least 0 at (1, 1).
const valley = problem((x) => ({
  r: [10 * (x[1]! - x[0]! ** 2), 1 - x[0]!],
  j: [
    [-20 * x[0]!, 10],
    [-1, 0],
  ],
}));

describe('minimiseSquares', () => {
  it('reaches the bottom of Rosenbrock’s valley', () => {
    const { x, value } = minimiseSquares(valley, [-1.2, 1], { tolerance: 1e-14, maxIterations: 200 });
    expect(x[0]).toBeCloseTo(1, 6);
    expect(x[1]).toBeCloseTo(1, 6);
    expect(value).toBeLessThan(1e-12);
  });

  it('stops on the wall that stands before it', () => {
    const { x } = minimiseSquares(valley, [-1.2, 1], {
      lower: Float64Array.of(-2, -2),
      upper: Float64Array.of(0.5, 2),
      tolerance: 1e-14,
      maxIterations: 200,
    });
    // On x = 0.5 the best y is 0.25.
    expect(x[0]).toBe(0.5);
    expect(x[1]).toBeCloseTo(0.25, 6);
  });

  it('holds a coordinate whose bounds are equal', () => {
    const { x } = minimiseSquares(valley, [0.3, 1], {
      lower: Float64Array.of(0.3, -Infinity),
      upper: Float64Array.of(0.3, Infinity),
    });
    expect(x[0]).toBe(0.3);
    expect(x[1]).toBeCloseTo(0.09, 6);
  });

  it('solves a linear problem with many bounds as the projected solution', () => {
    // Σ (x_j − c_j)²: each coordinate is c_j clipped.
    const c = [3, -4, 0.2, 9];
    const identity = c.map((_, a) => c.map((__, b) => (a === b ? 1 : 0)));
    const separable = problem((x) => ({ r: c.map((value, j) => x[j]! - value), j: identity }));
    const { x } = minimiseSquares(separable, [0, 0, 0, 0], {
      lower: new Float64Array(4).fill(-1),
      upper: new Float64Array(4).fill(1),
      tolerance: 1e-14,
    });
    expect([...x]).toEqual([1, -1, expect.closeTo(0.2, 6), 1]);
  });

  it('backs out of a region that is not allowed', () => {
    // r = log x − 1 with its start far right: a full step goes below 0.
    const logarithm = problem((x) => ({ r: [Math.log(x[0]!) - 1], j: [[1 / x[0]!]] }));
    const { x } = minimiseSquares(logarithm, [100], { maxIterations: 200 });
    expect(x[0]).toBeCloseTo(Math.E, 5);
  });
});
