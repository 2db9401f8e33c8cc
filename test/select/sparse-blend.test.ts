import { describe, expect, it } from 'vitest';
import type { Backtest } from '../../src/evaluate/backtest.ts';
import { isCounted } from '../../src/models/fitted-blend.ts';
import { poolBlends, seriesWeights } from '../../src/select/blend.ts';

/** Twelve series of sparse demand in three windows, three steps each; one array of forecasts a model, the first being not tried. */
function record(names: readonly string[], errors: readonly number[]): Backtest {
  const [n, W, h, M] = [12, 3, 3, names.length];
  const actual = Float64Array.from({ length: n * W * h }, (_, at) => (at % 4 === 0 ? 3 : 0));
  const mean = new Float64Array(n * W * M * h);
  for (let row = 0; row < n * W; row++)
    for (let j = 0; j < M; j++)
      for (let s = 0; s < h; s++) mean[(row * M + j) * h + s] = actual[row * h + s]! + errors[j]!;
  return {
    models: names.map((model) => ({ model })),
    windows: W,
    h,
    season_length: 1,
    mean,
    sd: mean.map(() => 1),
    actual,
    hidden: new Int32Array(n * W).fill(h),
    history: new Int32Array(n * W).fill(30),
    scale: new Float64Array(n).fill(1),
    rootScale: new Float64Array(n).fill(1),
    tallies: new Float64Array(0),
    fellBack: new Uint8Array(n * W * M),
  };
}

describe('the blend of sparse demand', () => {
  const segments = Array.from({ length: 12 }, () => 'intermittent');
  const weigh = (names: readonly string[], errors: readonly number[]) => {
    const backtest = record(names, errors);
    const choosable = Uint8Array.from({ length: 12 * names.length }, (_, at) =>
      names[at % names.length] === 'naive' ? 0 : 1,
    );
    const [pooled] = poolBlends(backtest, segments, choosable, [0, 1, 2], undefined);
    return { backtest, weights: seriesWeights(backtest, choosable, 0, pooled!, [0, 1, 2]) };
  };

  it('hears a record that speaks for trees, and leaves half to models that count pieces', () => {
    const { backtest, weights } = weigh(['naive', 'boosted', 'tsb', 'imapa'], [Number.NaN, 0.01, 0.9, 0.9]);
    expect(weights[1]).toBeCloseTo(0.5, 6);
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    expect(isCounted(backtest.models, weights)).toBe(true);
  });

  it('is all trees where nothing else that counts may be chosen', () => {
    const { weights } = weigh(['naive', 'boosted', 'mean'], [Number.NaN, 0.01, 0.9]);
    expect(Array.from(weights)).toEqual([0, 1, 0]);
  });
});
