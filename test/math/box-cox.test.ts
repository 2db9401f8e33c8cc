import { describe, expect, it } from 'vitest';
import { boxCox, guerreroLambda, inverseBoxCox } from '../../src/math/box-cox.ts';
import { golden } from '../models/one-series.ts';

interface LambdaGolden {
  readonly name: string;
  readonly season_length: number;
  readonly y: readonly (number | null)[];
  readonly lambda: number;
}

describe('the transformation of Box and Cox', () => {
  it('is undone by its inverse', () => {
    for (const lambda of [-1, -0.3, 0, 0.5, 1, 2]) {
      for (const y of [0.01, 0.5, 1, 7, 300])
        expect(inverseBoxCox(boxCox(y, lambda), lambda)).toBeCloseTo(y, 9);
    }
    expect(boxCox(0, 0.5)).toBe(-2);
  });

  it('ends where its range ends: at 0 below, and nowhere above', () => {
    expect(inverseBoxCox(-3, 0.5)).toBe(0);
    expect(inverseBoxCox(2, -0.5)).toBe(Infinity);
    expect(inverseBoxCox(3, -0.5)).toBe(Infinity);
  });
});

describe("Guerrero's lambda", () => {
  it.each((golden('box-cox') as { lambdas: LambdaGolden[] }).lambdas)(
    'equals that of R on $name',
    (expected) => {
      const y = Float64Array.from(expected.y, (value) => value ?? Number.NaN);
      const lambda = guerreroLambda(y, expected.season_length);
      expect(Math.abs(lambda - expected.lambda)).toBeLessThan(1e-3);
      // In whatever units.
      const large = y.map((value) => 1000 * value);
      expect(guerreroLambda(large, expected.season_length)).toBeCloseTo(lambda, 4);
    },
  );

  it('stays within its bounds, and is 1 where there is nothing to learn from', () => {
    const y = Float64Array.from({ length: 40 }, (_, t) => 2 ** t * (1 + (t % 2)));
    expect(guerreroLambda(y, 4)).toBeCloseTo(0, 2);
    expect(guerreroLambda(y, 4, 0.25, 1)).toBeCloseTo(0.25, 3);
    expect(guerreroLambda(y.subarray(0, 8), 4)).toBe(1);
    expect(guerreroLambda(new Float64Array(40).fill(3), 4)).toBe(1);
    expect(guerreroLambda(new Float64Array(40), 4)).toBe(1);
    expect(guerreroLambda(new Float64Array(40).fill(Number.NaN), 4)).toBe(1);
  });
});
