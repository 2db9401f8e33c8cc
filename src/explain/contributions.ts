// What a forecast is made of: level, trend, season, known columns, and what limits took or gave; they add up to it.
import { futureAt, type Panel, seriesAt } from '../core/panel.ts';
import type { ForecastTable } from '../forecast/forecast-table.ts';
import type { FittedBlend } from '../models/fitted-blend.ts';
import { createModel } from '../models/registry.ts';

/** The parts of a forecast, in the order in which they are told. */
export const PARTS = ['level', 'trend', 'seasonal', 'regressors', 'limits'] as const;
export type PartName = (typeof PARTS)[number];

/** A forecast that can be taken apart: what it was made from, and by which fitted models. */
export interface Explainable {
  readonly panel: Panel;
  readonly forecast: ForecastTable;
  /** One blend a series, in the panel's order. */
  readonly fitted: readonly FittedBlend[];
}

/** One value a period from `start` on, in units of the target. */
export interface Contributions {
  /** Ordinal of the first period. */
  readonly start: number;
  /** The forecast as it was shown. */
  readonly mean: Float64Array;
  /**
   * Adds up to `mean` in every period. `limits` is what was changed after the models had spoken: nothing below zero,
   * closed days, whole numbers.
   */
  readonly parts: Readonly<Record<PartName, Float64Array>>;
}

function empty(start: number, periods: number): Contributions {
  const parts = Object.fromEntries(PARTS.map((name) => [name, new Float64Array(periods)]));
  return { start, mean: new Float64Array(periods), parts: parts as Contributions['parts'] };
}

/** Takes the forecast of series `i` apart: the parts of the blend's models, weighted as the blend weighs them. */
export function contributionsOf({ panel, forecast, fitted }: Explainable, i: number): Contributions {
  const { h } = forecast;
  const series = seriesAt(panel, i);
  const future = futureAt(panel, i, h);
  const out = empty(forecast.start[i]!, h);
  out.mean.set(forecast.mean.subarray(i * h, (i + 1) * h));
  for (const { spec, weight, state } of fitted[i]!) {
    const own = createModel(spec).components(state, series, h, future);
    for (const name of ['level', 'trend', 'seasonal', 'regressors'] as const) {
      const ahead = own[name].subarray(own[name].length - h);
      for (let s = 0; s < h; s++) out.parts[name][s]! += weight * ahead[s]!;
    }
  }
  const { level, trend, seasonal, regressors, limits } = out.parts;
  for (let s = 0; s < h; s++) {
    limits[s] = out.mean[s]! - (level[s]! + trend[s]! + seasonal[s]! + regressors[s]!);
  }
  return out;
}

/** Adds up what several series' forecasts are made of, over all periods that any of them covers. */
export function addedUp(each: readonly Contributions[]): Contributions {
  const start = Math.min(...each.map((one) => one.start));
  const end = Math.max(...each.map((one) => one.start + one.mean.length));
  const out = empty(start, end - start);
  for (const { start: own, mean, parts } of each) {
    for (let s = 0; s < mean.length; s++) {
      out.mean[own - start + s]! += mean[s]!;
      for (const name of PARTS) out.parts[name][own - start + s]! += parts[name][s]!;
    }
  }
  return out;
}

/** The periods from `from` up to `to` (ordinals) alone. */
export function between({ start, mean, parts }: Contributions, from: number, to: number): Contributions {
  const cut = (values: Float64Array): Float64Array => values.slice(from - start, to - start);
  const kept = Object.fromEntries(PARTS.map((name) => [name, cut(parts[name])]));
  return { start: from, mean: cut(mean), parts: kept as Contributions['parts'] };
}
