import { afterAll, describe, expect, it } from 'vitest';
import { cutPanel } from '../../src/core/moved-end.ts';
import { futureAt, lengthOf, type Panel } from '../../src/core/panel.ts';
import { hiddenCells, type Track, track } from '../../src/evaluate/global-backtest.ts';
import { planWindows } from '../../src/evaluate/windows.ts';
import { boosted } from '../../src/models/boosted.ts';
import { inline } from '../../src/run/inline.ts';
import { threads } from '../../src/run/threads.ts';
import { promotedShop } from '../models/promoted-shop.ts';
import { panelOf, weeklySeries } from '../panels.ts';

const H = 7;
const plan = { h: H, windows: 3, step: 3, season_length: 7 };
const options = { rows: 1500, trials: 1, quantiles: [], trees: { rounds: 20, leaves: 8 } };
const spec = { model: 'boosted', options };
const input = { plan, seed: 1, support: {} };
const two = threads(2);
afterAll(() => two.close());

const tracked = (panel: Panel, executor = inline()): Promise<Track> => track(panel, spec, input, executor);

describe('windows of a whole panel', () => {
  it('are those of the series, and hide as much of series that are too short for them', () => {
    const panel = panelOf({
      long: new Float64Array(60),
      short: new Float64Array(20),
      tiny: new Float64Array(2),
    });
    const planned = [0, 1].map((i) => planWindows(lengthOf(panel, i), plan));
    expect(Array.from(hiddenCells(panel, plan, 0)!)).toEqual([7, planned[1]![0]!.hidden, 7]);
    expect(planned[1]![2]).toBeUndefined();
    expect(Array.from(hiddenCells(panel, plan, 2)!)).toEqual([
      planned[0]![2]!.hidden,
      planned[0]![2]!.hidden,
      planned[0]![2]!.hidden,
    ]);
    expect(hiddenCells(panelOf({ tiny: new Float64Array(2) }), plan, 0)).toBeUndefined();
  });
});

describe('the track of a global model', () => {
  const { panel } = promotedShop();

  it('holds what a fit to the panel before each window forecasts', async () => {
    const { mean, sd } = await tracked(panel);
    const model = boosted(options);
    for (const w of [0, 2]) {
      const known = cutPanel(panel, hiddenCells(panel, plan, w)!);
      const state = model.fitAll(known, { h: H, season_length: 7, seed: 1 });
      const forecasts = model.forecastAll(state, known, H);
      for (const i of [0, 5, 11]) {
        const at = (i * plan.windows + w) * H;
        expect(mean.slice(at, at + H)).toEqual(forecasts[i]!.mean);
        expect(sd.slice(at, at + H).every((v) => v > 0)).toBe(true);
      }
    }
  }, 60_000);

  it('is the same bytes from threads', async () => {
    expect(await tracked(panel, two)).toEqual(await tracked(panel));
  }, 60_000);

  it('knows nothing of what comes after a cutoff but known-future columns', async () => {
    const spoilt: Panel = { ...panel, y: panel.y.slice() };
    for (let i = 0; i < panel.ids.length; i++)
      spoilt.y.fill(1e6, panel.offsets[i + 1]! - H, panel.offsets[i + 1]!);
    const [honest, other] = [await tracked(panel), await tracked(spoilt)];
    expect(other.mean).toEqual(honest.mean);
    expect(other.sd).toEqual(honest.sd);
    expect(other.tallies).not.toEqual(honest.tallies);
    expect(futureAt(panel, 0, H, H).known[0]!.some((v) => v === 1)).toBe(true);
  }, 60_000);

  it('leaves a window without forecasts where no series has it, and serves series without history', async () => {
    const short = panelOf(weeklySeries(6, 16));
    const { mean } = await tracked(short);
    const windows = planWindows(16, plan);
    for (let w = 0; w < plan.windows; w++) {
      const own = mean.subarray(w * H, w * H + (windows[w]?.length ?? H));
      expect(own.every((v) => (windows[w] ? Number.isFinite(v) : Number.isNaN(v)))).toBe(true);
    }
    const { panel: launch } = promotedShop({ newcomer: true });
    const own = await tracked(launch);
    expect(own.mean.subarray(0, H).every(Number.isFinite)).toBe(true);
  }, 60_000);
});
