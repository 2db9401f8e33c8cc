import { describe, expect, it } from 'vitest';
import { frequency } from '../../src/core/frequency.ts';
import { allocatePanel, CellState, type Panel } from '../../src/core/panel.ts';
import { random } from '../../src/core/random.ts';
import { lengthened } from '../../src/forecast/further-ahead.ts';
import { boosted } from '../../src/models/boosted.ts';
import type { FittedBlend } from '../../src/models/fitted-blend.ts';
import { type Share, shareOf } from '../../src/models/share.ts';

const REACH = 5;
const H = 14;
const SERIES = 40;
const DAYS = 120;

const season = (i: number, t: number): number => 20 + i + 8 * Math.sin((2 * Math.PI * (t + i)) / 7);

/** A week's rhythm with noise; on Sundays the shop is shut. */
function shop(): Panel {
  const panel = allocatePanel(
    {
      freq: frequency('D'),
      ids: Array.from({ length: SERIES }, (_, i) => `p${i}`),
      target: 'units',
      closedWeekdays: [6],
    },
    Array.from({ length: SERIES }, () => DAYS),
    { pastOnly: [{ name: 'visits' }] },
  );
  const draw = random(5);
  // 1970-01-05, a Monday.
  panel.start.fill(4);
  for (let i = 0; i < SERIES; i++) {
    for (let t = 0; t < DAYS; t++) {
      const at = panel.offsets[i]! + t;
      const isShut = t % 7 === 6;
      panel.state[at] = isShut ? CellState.closed : CellState.observed;
      panel.y[at] = isShut ? Number.NaN : season(i, t) + draw.normal();
      panel.pastOnly[0]!.values[at] = 3 * season(i, t);
    }
  }
  return panel;
}

describe('a blend that looks further ahead than its trees were grown for', () => {
  const panel = shop();
  const model = boosted({ trials: 1, opinions: 1, strategy: 'direct', trees: { rounds: 40 } });
  const state = model.fitAll(panel, { h: REACH, season_length: 7, seed: 1 });
  const shares = model.forecastAll(state, panel, REACH).map(shareOf);
  const spec = { model: 'boosted' };
  const other = { spec: { model: 'naive' }, weight: 0.5, state: { last: 3 } };
  const fitted: FittedBlend[] = shares.map((own) => [{ spec, weight: 0.5, state: own }, other]);
  const global = [{ spec, state }];
  const shareAt = (blends: readonly FittedBlend[], i: number): Share => blends[i]![0]!.state as Share;

  it('is as it was where the trees reach so far', async () => {
    expect(await lengthened(panel, { fitted, global }, REACH, REACH)).toEqual({ fitted, fedBack: [] });
    expect(await lengthened(panel, { fitted, global: [] }, REACH, H)).toEqual({ fitted, fedBack: [] });
  });

  it('feeds forecasts back from there, and leaves models of single series alone', async () => {
    const made = await lengthened(panel, { fitted, global }, REACH, H);
    expect(made.fedBack).toEqual(['boosted']);
    let [error, cells] = [0, 0];
    for (let i = 0; i < SERIES; i++) {
      expect(made.fitted[i]![1]).toBe(other);
      const { mean, values } = shareAt(made.fitted, i);
      expect(mean).toHaveLength(H);
      expect(Array.from(mean.subarray(0, REACH))).toEqual(Array.from(shares[i]!.mean));
      expect(Array.from(values.subarray(0, shares[i]!.values.length))).toEqual(Array.from(shares[i]!.values));
      for (let s = 0; s < H; s++) {
        if ((DAYS + s) % 7 === 6) continue;
        error += Math.abs(mean[s]! - season(i, DAYS + s));
        cells++;
      }
    }
    // The noise is 1; the season moves by 5 on average.
    expect(error / cells).toBeLessThan(1);
  });

  it('is less sure of what stands on forecasts', async () => {
    const { fitted: longer } = await lengthened(panel, { fitted, global }, REACH, H);
    const width = state.settings.quantiles.length;
    for (let i = 0; i < SERIES; i++) {
      const { mean, values } = shareAt(longer, i);
      const off = (s: number, k: number): number => Math.abs(values[s * width + k]! - mean[s]!);
      for (const k of [0, 1, width - 2, width - 1]) {
        for (let s = REACH; s < H; s++) {
          const last = REACH * Math.floor(s / REACH) - 1;
          expect(off(s, k)).toBeGreaterThanOrEqual(off(last, k) * (1 - 1e-9));
        }
      }
      for (let s = 0; s < H; s++) {
        const row = values.subarray(s * width, (s + 1) * width);
        expect(Array.from(row)).toEqual(Array.from(row).sort((a, b) => a - b));
      }
    }
  });
});
