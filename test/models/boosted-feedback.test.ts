import { describe, expect, it } from 'vitest';
import { frequency } from '../../src/core/frequency.ts';
import { cutPanel } from '../../src/core/moved-end.ts';
import { allocatePanel, CellState, type Panel } from '../../src/core/panel.ts';
import { random } from '../../src/core/random.ts';
import { moveQuantiles } from '../../src/models/boosted/quantiles.ts';
import { isCheap } from '../../src/models/boosted/recursive.ts';
import { type BoostedOptions, boosted } from '../../src/models/boosted.ts';
import { decodeState, encodeState } from '../../src/store/plain-data.ts';

const H = 6;
const CONTEXT = { h: H, season_length: 12, seed: 1 };
const OPTIONS: BoostedOptions = {
  transform: 'scale',
  trials: 2,
  opinions: 1,
  quantiles: [0.1, 0.5, 0.9],
  trees: { rounds: 30, leaves: 8 },
  rows: 3000,
};

/** Monthly sales that swing back from month to month: what was sold last says what will be. */
function swinging(): Panel {
  const [count, length] = [40, 60];
  const panel = allocatePanel(
    { freq: frequency('MS'), ids: Array.from({ length: count }, (_, i) => `p${i}`), target: 'units' },
    new Uint32Array(count).fill(length),
  );
  for (let i = 0; i < count; i++) {
    const draw = random(7, i);
    panel.start[i] = 500;
    let swing = 0;
    for (let t = 0; t < length; t++) {
      swing = -0.9 * swing + 0.2 * draw.normal();
      panel.y[panel.offsets[i]! + t] = 100 * Math.exp(swing);
    }
  }
  panel.state.fill(CellState.observed);
  return panel;
}

describe('the strategy', () => {
  const panel = swinging();
  const model = boosted(OPTIONS);
  const state = model.fitAll(panel, CONTEXT);

  it('is mixed where forecasts that are fed back help before all earlier windows', () => {
    expect(state.oneStep).toBeDefined();
    expect(state.notes[0]).toContain('mixed with forecasts that are fed back');
  });

  it('is the one that was given', () => {
    expect(boosted({ ...OPTIONS, strategy: 'direct' }).fitAll(panel, CONTEXT).oneStep).toBeUndefined();
    const mixed = boosted({ ...OPTIONS, strategy: 'mixed' }).fitAll(panel, CONTEXT);
    expect(mixed.oneStep).toEqual(state.oneStep);
    expect(mixed.notes[0]).not.toContain('fed back');
  });

  it('is direct where nothing is tried, or feedback would take long', () => {
    expect(boosted({ ...OPTIONS, trials: 1 }).fitAll(panel, CONTEXT).oneStep).toBeUndefined();
    expect(isCheap(panel, H)).toBe(true);
    expect(isCheap(panel, 5000)).toBe(false);
  });

  it('is taken over by fits before earlier cutoffs', () => {
    const earlier = cutPanel(panel, H);
    expect(model.fitAll(earlier, CONTEXT, state).oneStep).toBeDefined();
    const { oneStep, ...direct } = state;
    expect(oneStep).toBeDefined();
    expect(model.fitAll(earlier, CONTEXT, direct).oneStep).toBeUndefined();
  });

  it('moves quantiles with the mean, in order and not below 0, and is the same after it was stored', () => {
    const found = model.forecastAll(state, panel, H);
    for (const { values, mean } of found) {
      for (let s = 0; s < H; s++) {
        const [low, middle, high] = values.subarray(3 * s, 3 * s + 3);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(middle).toBeGreaterThanOrEqual(low!);
        expect(high).toBeGreaterThanOrEqual(middle!);
        expect(middle).toBeCloseTo(mean[s]!, 9);
      }
    }
    expect(model.forecastAll(decodeState(encodeState(state)) as typeof state, panel, H)).toEqual(found);
  });

  it('sees nothing after the cutoff', () => {
    const other = swinging();
    for (let i = 0; i < other.ids.length; i++)
      other.y.fill(1e6, other.offsets[i + 1]! - H, other.offsets[i + 1]!);
    const forecast = (whole: Panel) => {
      const cut = cutPanel(whole, H);
      return model.forecastAll(model.fitAll(cut, CONTEXT), cut, H);
    };
    expect(forecast(other)).toEqual(forecast(panel));
  });
});

describe('quantiles that move with their middle', () => {
  it('keep their order, and stay above 0 below it', () => {
    const moved = (from: number, to: number) => {
      const row = Float64Array.of(0, 2, 4, 9);
      moveQuantiles(row, from, to);
      return [...row];
    };
    expect(moved(4, 1)).toEqual([0, 0.5, 1, 6]);
    expect(moved(4, 6)).toEqual([0, 3, 6, 11]);
    expect(moved(0, 1)).toEqual([1, 3, 5, 10]);
  });
});
