import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { coefficientTable, leastSquares, predictLinear } from '../../../src/learn/linear/least-squares.ts';
import { ridge } from '../../../src/learn/linear/ridge.ts';
import { singularValues } from '../../../src/math/singular-values.ts';

// MASS::lm.ridge and closed forms in R, written by test/golden/linear.R.
const golden = JSON.parse(readFileSync(new URL('../../golden/linear.golden.json', import.meta.url), 'utf8'));
const { cars, longley } = golden;
const six = ['GNP.deflator', 'GNP', 'Unemployed', 'Armed.Forces', 'Population', 'Year'].map(
  (name) => longley[name],
);
const three = [cars.wt, cars.hp, cars.qsec];

const near = (actual: number, wanted: number, tolerance = 1e-8): void => {
  expect(Math.abs(actual / wanted - 1), `${actual} for ${wanted}`).toBeLessThan(tolerance);
};

describe('ridge regression', () => {
  it('gives the coefficients of MASS::lm.ridge on the data of Longley', () => {
    for (const { lambda, coefficients } of golden.shrunk) {
      const fit = ridge(six, longley.Employed, { lambda });
      coefficients.forEach((wanted: number, j: number) => {
        near(fit.coefficients[j]!, wanted, lambda === 0 ? 1e-7 : 1e-8);
      });
    }
  });
  it('has the residuals and effective parameters of the closed form', () => {
    for (const { lambda, edf, rss } of golden.ridge) {
      const fit = ridge(three, cars.mpg, { lambda });
      near(fit.effectiveParameters, edf, 1e-10);
      near(fit.rss, rss, 1e-10);
      near(fit.sigma, Math.sqrt(rss / (32 - edf)), 1e-10);
    }
  });
  it('finds the penalty with the least GCV and the least leave-one-out error', () => {
    near(ridge(three, cars.mpg).lambda, golden.best.gcv, 1e-3);
    near(ridge(three, cars.mpg, { lambda: 'loocv' }).lambda, golden.best.loocv, 1e-3);
  });
  it('has a leave-one-out error that is that of refitting without each row', () => {
    // The score is private; what it minimises is checked here by the long way, with weights standing for a lost row.
    const error = (lambda: number): number => {
      let total = 0;
      for (let i = 0; i < 32; i++) {
        const weights = Array.from({ length: 32 }, (_, k) => (k === i ? 0 : 1));
        const fit = ridge(three, cars.mpg, { lambda, weights });
        const row = three.map((column) => [column[i]]);
        total += (cars.mpg[i] - predictLinear(fit, row).mean[0]!) ** 2;
      }
      return total / 32;
    };
    const { lambda } = ridge(three, cars.mpg, { lambda: 'loocv' });
    // The scale of the columns moves a little with each row that is left out, so the minimum is only near.
    expect(error(lambda)).toBeLessThan(error(lambda * 4));
    expect(error(lambda)).toBeLessThan(error(lambda / 4));
    near(error(5), golden.ridge[1].loocv, 0.02);
  });
  it('is least squares without a penalty, errors and intervals included', () => {
    const plain = leastSquares(three, cars.mpg);
    const none = ridge(three, cars.mpg, { lambda: 0 });
    coefficientTable(plain).forEach((row, j) => {
      near(coefficientTable(none)[j]!.standard_error, row.standard_error);
      near(none.coefficients[j]!, row.estimate);
    });
    const rows = [
      [2.5, 9],
      [100, 500],
      [18, 10],
    ];
    for (const key of ['mean', 'meanError', 'observationError'] as const) {
      predictLinear(plain, rows)[key].forEach((wanted, i) => {
        near(predictLinear(none, rows)[key][i]!, wanted);
      });
    }
    near(none.df, plain.df);
    near(none.adjustedRSquared, plain.adjustedRSquared);
  });
  it('goes to the mean as the penalty grows', () => {
    const fit = ridge(three, cars.mpg, { lambda: 1e12 });
    expect(predictLinear(fit, [[1], [500], [10]]).mean[0]).toBeCloseTo(20.090625, 5);
    expect(fit.effectiveParameters).toBeCloseTo(1, 8);
  });
  it('stands more columns than rows, twins and constants', () => {
    const x = [1, 2, 3, 5];
    const fit = ridge([x, x, [7, 7, 7, 7], [1, 0, 0, 1], [0, 0, 1, 0], [2, 1, 1, 0]], [1, 2, 3, 5]);
    expect(fit.coefficients.every(Number.isFinite)).toBe(true);
    expect(fit.coefficients[1]).toBeCloseTo(fit.coefficients[2]!, 8);
    expect(fit.coefficients[3]).toBe(0);
  });
  it('gives weights the meaning of repeated rows', () => {
    const twice = [0, 0, 1, 2, 3].map((i) => [cars.wt[i], cars.mpg[i]]);
    const repeated = ridge(
      [twice.map((row) => row[0])],
      twice.map((row) => row[1]),
      { lambda: 2 },
    );
    const weighed = ridge([cars.wt.slice(0, 4)], cars.mpg.slice(0, 4), { lambda: 2, weights: [2, 1, 1, 1] });
    near(weighed.coefficients[1]!, repeated.coefficients[1]!, 1e-10);
  });
  it('refuses a penalty that is none', () => {
    expect(() => ridge(three, cars.mpg, { lambda: -1 })).toThrow(
      'lambda is -1; give a number of at least 0, "gcv" or "loocv".',
    );
    expect(() => ridge(three, cars.mpg, { lamda: 1 } as object)).toThrow('Did you mean "lambda"?');
  });
});

describe('singular values', () => {
  it('rebuilds the matrix and keeps small values', () => {
    // Läuchli's matrix: the normal equations lose the small singular value 1e-9 altogether.
    const a = Float64Array.of(1, 1e-9, 0, 1, 0, 1e-9);
    const { values, vectors, scaledLeft } = singularValues(a, 3, 2);
    expect([...values].sort((x, y) => x - y)[0]! / 1e-9).toBeCloseTo(1, 6);
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 2; j++) {
        const back = scaledLeft[i]! * vectors[j]! + scaledLeft[3 + i]! * vectors[2 + j]!;
        expect(back).toBeCloseTo(a[j * 3 + i]!, 12);
      }
    }
  });
});
