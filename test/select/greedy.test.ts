import { describe, expect, it } from 'vitest';
import { random } from '../../src/core/random.ts';
import { blendLoss, greedyWeights } from '../../src/select/greedy.ts';

const draw = random(11);
const truth = Float64Array.from({ length: 400 }, () => 10 * draw.normal());
const noisy = (sd: number): Float64Array => truth.map((y) => y + sd * draw.normal());

describe('greedy selection', () => {
  it('takes a perfect model alone', () => {
    const weights = greedyWeights({ actual: truth, forecasts: [noisy(5), truth, noisy(1)] }, 'absolute');
    expect([...weights]).toEqual([0, 1, 0]);
  });

  it('blends models whose errors cancel, better than the best of them', () => {
    const cells = { actual: truth, forecasts: [noisy(3), noisy(3), noisy(12)] };
    const weights = greedyWeights(cells, 'squared');
    expect(weights[0]! + weights[1]!).toBeGreaterThan(0.85);
    expect(Math.min(weights[0]!, weights[1]!)).toBeGreaterThan(0.25);
    expect(blendLoss(cells, weights, 'squared')).toBeLessThan(0.75 * blendLoss(cells, [1, 0, 0], 'squared'));
  });

  it('passes over models that were not tried and knows nothing without cells', () => {
    expect([...greedyWeights({ actual: truth, forecasts: [undefined, noisy(1)] }, 'absolute')]).toEqual([
      0, 1,
    ]);
    const none = new Float64Array(0);
    expect([...greedyWeights({ actual: none, forecasts: [none, none] }, 'absolute')]).toEqual([0, 0]);
  });
});
