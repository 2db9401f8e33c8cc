import { describe, expect, it } from 'vitest';
import { horizonOf } from '../../src/core/distribution.ts';
import { frequency } from '../../src/core/frequency.ts';
import { cutPanel } from '../../src/core/moved-end.ts';
import { allocatePanel, CellState, type Panel } from '../../src/core/panel.ts';
import { random } from '../../src/core/random.ts';
import { biasRatio, worthwhileShare } from '../../src/models/boosted/bias.ts';
import { type BoostedOptions, boosted } from '../../src/models/boosted.ts';
import { decodeState, encodeState } from '../../src/store/plain-data.ts';

const H = 3;
const CONTEXT = { h: H, season_length: 12, seed: 1 };
const OPTIONS: BoostedOptions = {
  transform: 'scale',
  trials: 2,
  opinions: 1,
  quantiles: [0.1, 0.5, 0.9],
  trees: { rounds: 30, leaves: 15 },
  rows: 3000,
};

/** Monthly sales whose logarithms are normal: the mean lies exp(σ²/2) above the median. */
function skewed(sigma: number): Panel {
  const [count, length] = [40, 48];
  const panel = allocatePanel(
    { freq: frequency('MS'), ids: Array.from({ length: count }, (_, i) => `p${i}`), target: 'units' },
    new Uint32Array(count).fill(length),
  );
  for (let i = 0; i < count; i++) {
    const draw = random(5, i);
    panel.start[i] = 500;
    for (let t = 0; t < length; t++)
      panel.y[panel.offsets[i]! + t] = 100 * Math.exp(sigma * draw.normal() - sigma ** 2 / 2);
  }
  panel.state.fill(CellState.observed);
  return panel;
}

describe('forecasts of absolute errors', () => {
  const panel = skewed(0.3);
  const model = boosted(OPTIONS);
  const state = model.fitAll(panel, CONTEXT);
  const total = (known: typeof state): number =>
    model
      .forecastAll(known, panel, H)
      .reduce((sum, { mean }) => sum + mean.reduce((part, value) => part + value, 0), 0) /
    (panel.ids.length * H);

  it('are multiplied where medians lie below means and errors hardly grow', () => {
    const { correction, ...without } = state;
    const { ratio } = correction!;
    expect(ratio).toBeGreaterThan(1.015);
    expect(state.notes[0]).toContain(`times ${ratio.toFixed(3)} for the bias of medians`);
    expect(Math.abs(total(state) - 100)).toBeLessThan(Math.abs(total(without) - 100));
    expect(total(state) / total(without)).toBeCloseTo(ratio, 9);
  });

  it('take their quantiles along, in order and not below 0', () => {
    for (const d of model.forecastAll(state, panel, H)) {
      expect(horizonOf(d)).toBe(H);
      for (let s = 0; s < H; s++) {
        const [low, middle, high] = d.values.subarray(3 * s, 3 * s + 3);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(middle).toBeGreaterThanOrEqual(low!);
        expect(high).toBeGreaterThanOrEqual(middle!);
        expect(middle).toBeCloseTo(d.mean[s]!, 9);
      }
    }
  });

  it('add up from what they are made of, and are the same after their state was stored', () => {
    const [first] = model.forecastAll(state, panel, H);
    const [effects] = model.effectsOf(state, panel, H, [0]);
    for (const [s, value] of first!.mean.entries())
      expect(effects!.reduce((sum, { values }) => sum + values[s]!, 0)).toBeCloseTo(value, 6);
    const stored = decodeState(encodeState(state)) as typeof state;
    expect(model.forecastAll(stored, panel, H)[0]).toEqual(first);
  });

  it('are multiplied before earlier cutoffs if they were before the last, by what is known there', () => {
    const earlier = model.fitAll(cutPanel(panel, 6), CONTEXT, state);
    expect(earlier.correction!.share).toBe(state.correction!.share);
    expect(earlier.correction!.ratio).not.toBe(state.correction!.ratio);
    const { correction, ...plain } = state;
    expect(correction).toBeDefined();
    expect(model.fitAll(cutPanel(panel, 6), CONTEXT, plain).correction).toBeUndefined();
  });

  it('are left alone where nothing was tried, means are asked for, or sales can be negative', () => {
    expect(boosted({ ...OPTIONS, trials: 1 }).fitAll(panel, CONTEXT).correction).toBeUndefined();
    expect(boosted({ ...OPTIONS, loss: 'tweedie' }).fitAll(panel, CONTEXT).correction).toBeUndefined();
    const returned = skewed(0.3);
    returned.y[5] = -20;
    expect(boosted(OPTIONS).fitAll(returned, CONTEXT).correction).toBeUndefined();
  });
});

describe('the ratio of sums', () => {
  it('is what forecasts lack, within bounds', () => {
    expect(biasRatio([3, 9], [4, 6])).toBeCloseTo(1.2, 12);
    expect(biasRatio([30, 9], [4, 6])).toBe(1.25);
    expect(biasRatio([3, 1], [40, 6])).toBe(0.8);
    expect(biasRatio([0, 0], [4, 6])).toBe(1);
    expect(biasRatio([], [])).toBe(1);
  });

  it('is taken as far as windows are a percent less off and the error is at most half a percent larger', () => {
    const judged = (full: [error: number, bias: number], half: [error: number, bias: number]) =>
      worthwhileShare((share) => {
        const [error, bias] = share === 1 ? full : share === 0.5 ? half : [100, -0.06];
        return [
          { error: 100, bias: -0.05 },
          { error, bias },
        ];
      });
    expect(judged([100.9, 0.03], [100, 0])).toBe(1);
    expect(judged([101.1, 0.03], [100.2, -0.02])).toBe(0.5);
    expect(judged([101.1, 0.03], [102, -0.02])).toBe(0);
    expect(judged([99, 0.05], [99, -0.05])).toBe(0);
  });
});
