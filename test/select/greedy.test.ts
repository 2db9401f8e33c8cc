import { describe, expect, it } from 'vitest';
import { random } from '../../src/core/random.ts';
import { blendLoss, type Cells, greedyWeights } from '../../src/select/greedy.ts';

const draw = random(11);
const truth = Float64Array.from({ length: 400 }, () => 10 * draw.normal());
const noisy = (sd: number): Float64Array => truth.map((y) => y + sd * draw.normal());

/** Cells from one column a candidate; a candidate without a column was not tried. */
function cellsOf(actual: Float64Array, columns: readonly (Float64Array | undefined)[]): Cells {
  const forecasts = new Float64Array(columns.length * actual.length);
  columns.forEach((column, j) => {
    forecasts.set(column ?? actual.map(() => Number.NaN), j * actual.length);
  });
  return { actual, forecasts, usable: Uint8Array.from(columns, (column) => (column ? 1 : 0)) };
}

describe('greedy selection', () => {
  it('takes a perfect model alone', () => {
    const weights = greedyWeights(cellsOf(truth, [noisy(5), truth, noisy(1)]), 'absolute');
    expect([...weights]).toEqual([0, 1, 0]);
  });

  it('blends models whose errors cancel, better than the best of them', () => {
    const cells = cellsOf(truth, [noisy(3), noisy(3), noisy(12)]);
    const weights = greedyWeights(cells, 'squared');
    expect(weights[0]! + weights[1]!).toBeGreaterThan(0.85);
    expect(Math.min(weights[0]!, weights[1]!)).toBeGreaterThan(0.25);
    expect(blendLoss(cells, weights, 'squared')).toBeLessThan(0.75 * blendLoss(cells, [1, 0, 0], 'squared'));
  });

  it('passes over models that were not tried and knows nothing without cells', () => {
    expect([...greedyWeights(cellsOf(truth, [undefined, noisy(1)]), 'absolute')]).toEqual([0, 1]);
    const none = new Float64Array(0);
    expect([...greedyWeights(cellsOf(none, [none, none]), 'absolute')]).toEqual([0, 0]);
  });

  it('stays at its start unless a step saves enough, and can leave it altogether', () => {
    const alike = cellsOf(truth, [noisy(3), noisy(3), noisy(2.9)]);
    const options = { start: [2, 2, 0], tolerance: 0.5 };
    expect([...greedyWeights(alike, 'absolute', options)]).toEqual([0.5, 0.5, 0]);
    const clear = cellsOf(truth, [noisy(50), noisy(50), truth]);
    const weights = greedyWeights(clear, 'absolute', { start: [2, 2, 0], tolerance: 0.003 });
    expect([...weights]).toEqual([0, 0, 1]);
    const unusable = cellsOf(truth, [undefined, noisy(1)]);
    expect([...greedyWeights(unusable, 'absolute', { start: [2, 0] })]).toEqual([0, 1]);
  });

  it('leaves its start where the first candidate was not tried', () => {
    const cells = cellsOf(truth, [undefined, noisy(50), noisy(50), truth]);
    const weights = greedyWeights(cells, 'squared', { start: [0, 2, 2, 0], tolerance: 0.003 });
    expect([...weights]).toEqual([0, 0, 0, 1]);
  });
});
