import { describe, expect, it } from 'vitest';
import type { Feature } from '../../../src/learn/trees/bins.ts';
import type { TreeOptions } from '../../../src/learn/trees/options.ts';
import { predictTrees } from '../../../src/learn/trees/predict.ts';
import { trainTrees } from '../../../src/learn/trees/train.ts';

const N = 6000;
const TRAINING = 5000;
const WIDTH = 6;

/** Friedman's (1991) function with gaps in its fourth feature and noise; the same numbers as test/golden/make-trees.py makes. */
function table() {
  let state = 1;
  const draws = Float64Array.from({ length: N * (WIDTH + 2) }, () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  });
  const u = (i: number, f: number): number => draws[i * (WIDTH + 2) + f]!;
  const rows = Array.from({ length: N }, (_, i) => i);
  const isGap = (i: number): boolean => u(i, 0) < 0.1;
  const mean = rows.map(
    (i) =>
      10 * Math.sin(Math.PI * u(i, 0) * u(i, 1)) +
      20 * (u(i, 2) - 0.5) ** 2 +
      10 * (isGap(i) ? 1.5 : u(i, 3)) +
      5 * u(i, 4),
  );
  return {
    columns: Array.from({ length: WIDTH }, (_, f) =>
      Float64Array.from(rows, (i) => (f === 3 && isGap(i) ? Number.NaN : u(i, f))),
    ),
    amount: Float64Array.from(
      rows,
      (i) => mean[i]! + Math.sqrt(-2 * Math.log(1 - u(i, WIDTH))) * Math.cos(2 * Math.PI * u(i, WIDTH + 1)),
    ),
    count: Float64Array.from(rows, (i) => Math.floor(Math.exp(mean[i]! / 8 - 1) + 2 * u(i, WIDTH + 1))),
    share: Float64Array.from(rows, (i) => (u(i, WIDTH) < 1 / (1 + Math.exp(15 - mean[i]!)) ? 1 : 0)),
  };
}

const made = table();

/** Mean loss on the rows held out. */
function heldOut(
  y: Float64Array,
  options: TreeOptions,
  loss: (actual: number, said: number) => number,
): number {
  const part = (from: number, to: number): Feature[] =>
    made.columns.map((values, f) => ({ name: `x${f}`, values: values.subarray(from, to) }));
  const model = trainTrees(
    { features: part(0, TRAINING), y: y.slice(0, TRAINING) },
    { lambda_l2: 1, ...options },
  );
  const said = predictTrees(model, part(TRAINING, N));
  return said.reduce((total, p, i) => total + loss(y[TRAINING + i]!, p), 0) / said.length;
}

const pinball = (p: number) => (actual: number, said: number) =>
  Math.max(p * (actual - said), (p - 1) * (actual - said));

/** A bin more or less moves each of the three by up to 1.5 % here, in either direction. */
const SLACK = 0.02;

describe('trees lose no more than others do on the same rows', () => {
  it('makes the same table', () => {
    const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / N;
    expect(mean(made.amount)).toBeCloseTo(15.472888594749849, 10);
    expect(mean(made.count)).toBeCloseTo(3.5021666666666667, 10);
    expect(mean(made.share)).toBeCloseTo(0.5483333333333333, 10);
  });

  // XGBoost 1.7.4 (hist, lossguide, min_child_weight 1) and scikit-learn 1.2.1: 100 trees of 31 leaves, rate 0.1, lambda 1.
  const xgboost = { min_child_samples: 0, min_child_weight: 1 };
  it.each([
    ['l2', 1.1720174, 1.1826907],
    ['logistic', 0.2659324, 0.2732089],
    ['poisson', -1.0801741, -1.0822534],
    ['tweedie', 7.1462409, undefined],
  ] as const)('%s', (objective, byXgboost, bySklearn) => {
    const y = objective === 'l2' ? made.amount : objective === 'logistic' ? made.share : made.count;
    const losses = {
      l2: (a: number, p: number) => (a - p) ** 2,
      logistic: (a: number, p: number) => -Math.log(a === 1 ? p : 1 - p),
      poisson: (a: number, p: number) => p - a * Math.log(p),
      tweedie: (a: number, p: number) => (2 * a) / Math.sqrt(p) + 2 * Math.sqrt(p),
    };
    const of = (options: TreeOptions): number => {
      const loss = heldOut(y, { objective, ...options }, losses[objective]);
      return objective === 'l2' ? Math.sqrt(loss) : loss;
    };
    expect(of(xgboost)).toBeLessThan(byXgboost + SLACK * Math.abs(byXgboost));
    if (bySklearn !== undefined) expect(of({})).toBeLessThan(bySklearn + SLACK * Math.abs(bySklearn));
  });

  it.each([
    [0.1, 0.2597259],
    [0.5, 0.4864616],
    [0.9, 0.2480463],
  ])('quantile %d', (p, bySklearn) => {
    const options = { objective: 'quantile', quantiles: [p] } as const;
    expect(heldOut(made.amount, options, pinball(p))).toBeLessThan((1 + SLACK) * bySklearn);
  });
});
