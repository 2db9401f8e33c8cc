import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '../../../src/core/random.ts';
import {
  coefficientTable,
  droppedColumns,
  leastSquares,
  leverages,
  predictLinear,
} from '../../../src/learn/linear/least-squares.ts';
import { studentQuantile } from '../../../src/math/special.ts';

// R 4.2's lm, written by test/golden/linear.R.
const golden = JSON.parse(readFileSync(new URL('../../golden/linear.golden.json', import.meta.url), 'utf8'));
const { cars, origin, weighted, alias, longley } = golden;

/** Every value within a relative error, absolute for values near 0. */
function close(actual: ArrayLike<number>, wanted: ArrayLike<number>, tolerance = 1e-8): void {
  expect(actual.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    const error = Math.abs(actual[i]! - wanted[i]!) / Math.max(Math.abs(wanted[i]!), 1e-6);
    expect(error, `value ${i}: ${actual[i]} for ${wanted[i]}`).toBeLessThan(tolerance);
  }
}

describe('least squares against R', () => {
  const columns = [cars.wt, cars.hp, cars.qsec];
  const fit = leastSquares(columns, cars.mpg);
  it('gives the coefficient table of lm', () => {
    const table = coefficientTable(fit);
    close(fit.coefficients, cars.coefficients);
    close(
      table.map((row) => row.standard_error),
      cars.errors,
    );
    close(
      table.map((row) => row.t),
      cars.t,
    );
    close(
      table.map((row) => row.p),
      cars.p,
    );
    close(
      [fit.sigma, fit.df, fit.rSquared, fit.adjustedRSquared],
      [cars.sigma, cars.df, cars.r2, cars.adjusted],
    );
  });
  it('gives leverages that sum to the number of coefficients', () => {
    const hat = leverages(fit, columns);
    close(hat, cars.hat);
    expect(hat.reduce((a, b) => a + b)).toBeCloseTo(4, 10);
  });
  it('gives standard errors, confidence and prediction intervals of new rows', () => {
    const { mean, meanError, observationError } = predictLinear(fit, [
      cars.new.wt,
      cars.new.hp,
      cars.new.qsec,
    ]);
    close(mean, cars.mean);
    close(meanError, cars.se);
    const t = studentQuantile(0.95, fit.df);
    for (let i = 0; i < 3; i++) {
      close([mean[i]! - t * meanError[i]!, mean[i]! + t * meanError[i]!], cars.confidence[i]);
      close([mean[i]! - t * observationError[i]!, mean[i]! + t * observationError[i]!], cars.prediction[i]);
    }
  });
  it('fits through the origin', () => {
    const through = leastSquares([cars.wt, cars.hp], cars.mpg, { intercept: false });
    close(through.coefficients, origin.coefficients);
    close(
      [through.sigma, through.df, through.rSquared, through.adjustedRSquared],
      [origin.sigma, origin.df, origin.r2, origin.adjusted],
    );
  });
  it('weighs rows, and leaves out those of weight 0', () => {
    const heavy = leastSquares(columns, cars.mpg, { weights: weighted.weights });
    close(heavy.coefficients, weighted.coefficients);
    close(
      coefficientTable(heavy).map((row) => row.standard_error),
      weighted.errors,
    );
    close(
      [heavy.sigma, heavy.df, heavy.rSquared, heavy.adjustedRSquared],
      [weighted.sigma, weighted.df, weighted.r2, weighted.adjusted],
    );
    expect(leverages(heavy, columns, weighted.weights).reduce((a, b) => a + b)).toBeCloseTo(4, 10);
  });
  it('says which column depends on the others, and drops the later one', () => {
    const tons = cars.wt.map((wt: number) => wt * 0.4536 + 1);
    const dependent = leastSquares([cars.wt, tons, cars.hp], cars.mpg);
    expect(droppedColumns(dependent)).toEqual([1]);
    expect(alias.coefficients[2]).toBe('NA');
    close(
      [...dependent.coefficients].filter((_, j) => j !== 2),
      alias.coefficients.filter((value: unknown) => value !== 'NA'),
    );
    close([dependent.sigma, dependent.df], [alias.sigma, alias.df]);
    expect(coefficientTable(dependent)[2]!.standard_error).toBeNaN();
  });
  it('holds on the ill-conditioned data of Longley (condition number 5e9)', () => {
    const names = ['GNP.deflator', 'GNP', 'Unemployed', 'Armed.Forces', 'Population', 'Year'];
    const six = names.map((name) => longley[name]);
    const long = leastSquares(six, longley.Employed);
    close(long.coefficients, longley.coefficients, 1e-7);
    // The certified values of NIST's Statistical Reference Datasets, in thousands.
    close([long.coefficients[0]! * 1000], [-3482258.63459582], 1e-8);
    close([coefficientTable(long)[0]!.standard_error * 1000], [890420.383607373], 1e-8);
    close([long.rSquared], [0.995479004577296], 1e-12);
    const ends = predictLinear(
      long,
      six.map((column) => [column[0], column[15]]),
    );
    close(ends.mean, longley.mean);
    close(ends.meanError, longley.se);
  });
});

describe('least squares', () => {
  const rows = fc.integer({ min: 6, max: 40 });
  const seeds = fc.integer({ min: 1, max: 1e6 });
  it('leaves residuals at right angles to every column', () => {
    fc.assert(
      fc.property(rows, seeds, (n, seed) => {
        const r = random(seed);
        const draw = (): Float64Array => Float64Array.from({ length: n }, () => r.normal());
        const columns = [draw(), draw(), draw()];
        const y = draw();
        const { mean } = predictLinear(leastSquares(columns, y), columns);
        for (const column of [...columns, new Float64Array(n).fill(1)]) {
          let product = 0;
          for (let i = 0; i < n; i++) product += column[i]! * (y[i]! - mean[i]!);
          expect(Math.abs(product)).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 50 },
    );
  });
  it('follows the units of y and of the columns', () => {
    fc.assert(
      fc.property(rows, seeds, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (n, seed, unit) => {
        const r = random(seed);
        const x = Float64Array.from({ length: n }, () => r.normal());
        const y = Float64Array.from(x, (value) => 3 + 2 * value + r.normal());
        const plain = leastSquares([x], y);
        const other = leastSquares(
          [x.map((value) => value * unit)],
          y.map((value) => value * 7),
        );
        expect(other.coefficients[1]! / ((7 * plain.coefficients[1]!) / unit)).toBeCloseTo(1, 8);
        expect(other.rSquared).toBeCloseTo(plain.rSquared, 8);
      }),
      { numRuns: 50 },
    );
  });
  it('has no error and no degrees of freedom with as many columns as rows', () => {
    const fit = leastSquares([[1, 2]], [3, 5]);
    expect([...fit.coefficients].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([1, 2]);
    expect([fit.df, fit.sigma]).toEqual([0, 0]);
  });
  it('drops a constant column beside the intercept, and what exceeds the rows', () => {
    expect(
      droppedColumns(
        leastSquares(
          [
            [4, 4, 4],
            [1, 2, 4],
          ],
          [1, 2, 3],
        ),
      ),
    ).toEqual([0]);
    expect(
      droppedColumns(
        leastSquares(
          [
            [1, 2],
            [5, 1],
            [2, 2],
          ],
          [1, 2],
        ),
      ),
    ).toEqual([1, 2]);
  });
  it('fits the mean of no columns', () => {
    const fit = leastSquares([], [1, 2, 6]);
    expect(fit.coefficients[0]).toBeCloseTo(3, 12);
    expect(predictLinear(fit, [], 1).meanError[0]).toBeCloseTo(Math.sqrt(7 / 3), 12);
  });
  it('changes neither columns nor answers', () => {
    const x = Float64Array.of(1, 2, 4);
    const y = Float64Array.of(1, 0, 3);
    leastSquares([x], y);
    expect([[...x], [...y]]).toEqual([
      [1, 2, 4],
      [1, 0, 3],
    ]);
  });
});
