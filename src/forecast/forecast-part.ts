// The forecasting task that executors run: fit (or take the saved states), forecast, calibrate, constrain.

import { MS_PER_DAY, weekday } from '../core/calendar.ts';
import type { Executor, MapOptions, Part } from '../core/executor.ts';
import { timestamp } from '../core/frequency.ts';
import { endOf, futureAt, type Panel, seriesAt } from '../core/panel.ts';
import { constrainMean, constrainQuantiles, type Support, supportOf } from '../core/support.ts';
import { contextOf } from '../evaluate/backtest.ts';
import { FALLBACKS } from '../models/fallback.ts';
import type { Model, ModelSpec } from '../models/model.ts';
import { createModel } from '../models/registry.ts';
import { blendName } from '../select/blend.ts';
import { type Calibration, calibratedQuantiles } from '../select/conformal.ts';
import { type FittedBlend, fitBlend, forecastBlend } from './fitted-blend.ts';
import type { ForecastTable } from './forecast-table.ts';

export interface ForecastInput extends Record<string, unknown> {
  readonly models: readonly ModelSpec[];
  /** Series-major weights, as in `Blend`. */
  readonly weights: Float64Array;
  readonly h: number;
  readonly season_length: number;
  readonly seed: number;
  readonly support: Support;
  readonly calibration: Calibration;
  /** In-sample error scale of each series, as calibration used it. */
  readonly scale: Float64Array;
  /** Whether the fitted states are wanted back, to be saved. */
  readonly keep: boolean;
  /** Saved states, one blend a series: given, nothing is fitted. */
  readonly fitted?: readonly FittedBlend[];
}

interface ForecastPart {
  readonly mean: Float64Array;
  readonly quantiles: Float64Array[];
  readonly model: string[];
  readonly fallback: (string | undefined)[];
  readonly fitted: FittedBlend[];
}

/** Marks the steps on whose weekday the shop is always shut. */
function shutSteps(panel: Panel, start: number, h: number): boolean[] {
  return Array.from(
    { length: h },
    (_, s) =>
      panel.closedWeekdays.length > 0 &&
      panel.closedWeekdays.includes(weekday(timestamp(panel.freq, start + s) / MS_PER_DAY)),
  );
}

export function forecastPart(panel: Panel, part: Part, input: ForecastInput): ForecastPart {
  const { h, calibration, weights, keep } = input;
  const models = input.models.map((spec) => ({ spec, model: createModel(spec) }));
  const fallbacks = FALLBACKS.map(createModel);
  const made = new Map<string, Model>();
  const modelOf = (spec: ModelSpec): Model => {
    const key = JSON.stringify(spec);
    const model = made.get(key) ?? createModel(spec);
    made.set(key, model);
    return model;
  };
  const M = models.length;
  const count = part.to - part.from;
  const out: ForecastPart = {
    mean: new Float64Array(count * h),
    quantiles: calibration.probabilities.map(() => new Float64Array(count * h)),
    model: [],
    fallback: [],
    fitted: [],
  };
  const context = contextOf(panel, input.season_length, input.seed);

  for (let i = part.from; i < part.to; i++) {
    const series = seriesAt(panel, i);
    const future = futureAt(panel, i, h);
    const row = weights.subarray(i * M, (i + 1) * M);
    const blend = input.fitted?.[i] ?? fitBlend(models, fallbacks, row, series, context, h, future);
    const { mean, sd } = forecastBlend(blend, h, future, modelOf);
    const quantiles = calibratedQuantiles(calibration, i, mean, sd, input.scale[i]!);
    const support = supportOf(series.y, input.support);
    constrainMean(mean, support);
    constrainQuantiles(quantiles, support);
    for (const [s, shut] of shutSteps(panel, endOf(panel, i), h).entries()) {
      if (!shut) continue;
      mean[s] = 0;
      for (const column of quantiles) column[s] = 0;
    }
    const at = (i - part.from) * h;
    out.mean.set(mean, at);
    for (const [k, column] of quantiles.entries()) out.quantiles[k]!.set(column, at);
    out.model.push(
      blendName(
        blend.map((member) => member.spec),
        blend.map((member) => member.weight),
      ),
    );
    out.fallback.push(blend.find((member) => member.fallback !== undefined)?.fallback);
    if (keep) out.fitted.push(blend);
  }
  return out;
}

/** Forecasts all series of a panel; the states come along where `input.keep` asks for them. */
export async function forecastPanel(
  panel: Panel,
  input: ForecastInput,
  level: readonly number[],
  executor: Executor,
  options: MapOptions = {},
): Promise<{ table: ForecastTable; fitted: FittedBlend[] }> {
  const parts = await executor.map<ForecastPart>('forecast', panel, input, options);
  const n = panel.ids.length;
  const joined = (column: (part: ForecastPart) => Float64Array): Float64Array => {
    const whole = new Float64Array(n * input.h);
    let at = 0;
    for (const part of parts) {
      whole.set(column(part), at);
      at += column(part).length;
    }
    return whole;
  };
  const table: ForecastTable = {
    ids: panel.ids,
    freq: panel.freq,
    h: input.h,
    start: Int32Array.from(panel.ids, (_, i) => endOf(panel, i)),
    mean: joined((part) => part.mean),
    probabilities: input.calibration.probabilities,
    quantiles: input.calibration.probabilities.map((_, k) => joined((part) => part.quantiles[k]!)),
    level,
    model: parts.flatMap((part) => part.model),
    fallback: parts.flatMap((part) => part.fallback),
  };
  return { table, fitted: parts.flatMap((part) => part.fitted) };
}
