// What benches over whole panels share: attributes as categories, and forecasters of all series at once.
import type { Distribution } from '../src/core/distribution.ts';
import { frequency } from '../src/core/frequency.ts';
import {
  allocatePanel,
  CellState,
  futureAt,
  type Panel,
  type StaticColumn,
  seriesAt,
} from '../src/core/panel.ts';
import { type BoostedOptions, type BoostedState, boosted } from '../src/models/boosted.ts';
import { fitOrFallBack } from '../src/models/fallback.ts';
import { createModel } from '../src/models/registry.ts';
import { forecastPrepared } from '../src/pipeline.ts';
import { threads } from '../src/run/threads.ts';

/** A panel of series that begin together, at period `start` (0 where it is not given); what is NaN was closed. */
export function panelFrom(
  freq: string,
  series: readonly { readonly id: string; readonly y: ArrayLike<number> }[],
  start = 0,
): Panel {
  const panel = allocatePanel(
    { freq: frequency(freq), ids: series.map(({ id }) => id), target: 'y' },
    series.map(({ y }) => y.length),
  );
  panel.start.fill(start);
  for (const [i, { y }] of series.entries()) panel.y.set(Array.from(y), panel.offsets[i]!);
  for (const [at, value] of panel.y.entries())
    panel.state[at] = Number.isNaN(value) ? CellState.closed : CellState.observed;
  return panel;
}

/** A static category, one name a series. */
export function category(name: string, of: readonly string[]): StaticColumn {
  const levels = [...new Set(of)].sort();
  const codes = new Map(levels.map((level, k) => [level, k]));
  return { name, levels, values: Float64Array.from(of, (value) => codes.get(value)!) };
}

/** Forecasts of all series of a panel, h steps each. */
export type PanelForecaster = (
  panel: Panel,
  h: number,
  season_length: number,
  seed: number,
) => Distribution[] | Promise<Distribution[]>;

/** Boosted trees of the whole panel; `tell` is given the fit before it forecasts. */
export const withTrees =
  (options: BoostedOptions, tell?: (state: BoostedState) => void): PanelForecaster =>
  (panel, h, season_length, seed) => {
    const model = boosted(options);
    const state = model.fitAll(panel, { h, season_length, seed });
    tell?.(state);
    return model.forecastAll(state, panel, h);
  };

/** A model of single series; where it refuses one, the seasonal naive or the last value stands in. */
export const seriesBySeries =
  (name: string): PanelForecaster =>
  (panel, h, season_length, seed) => {
    const model = createModel(name);
    const fallbacks = [createModel('seasonal-naive'), createModel('naive')];
    const context = { freq: panel.freq, season_length, seed, knownFuture: panel.knownFuture };
    return panel.ids.map(
      (_, i) =>
        fitOrFallBack(model, fallbacks, seriesAt(panel, i), context, h, futureAt(panel, i, h)).distribution,
    );
  };

/** The whole way over a panel: what `auto` blends, with its own intervals. */
export const wholeWay: PanelForecaster = async (panel, h, season_length, seed) => {
  const executor = threads(2);
  try {
    const prepared = { panel, changes: [], notes: [] };
    const { forecast } = await forecastPrepared(prepared, { h, season_length, seed, executor });
    const { probabilities, quantiles, mean } = forecast;
    return panel.ids.map((_, i) => ({
      kind: 'quantiles',
      mean: mean.slice(i * h, (i + 1) * h),
      probabilities: Float64Array.from(probabilities),
      values: Float64Array.from(
        { length: h * probabilities.length },
        (_, k) => quantiles[k % probabilities.length]![i * h + Math.floor(k / probabilities.length)]!,
      ),
    }));
  } finally {
    await executor.close();
  }
};
