// The forecasting task that executors run: fit (or take the saved states), forecast, calibrate, constrain.
import { sharedFloat64 } from '../core/buffer.ts';
import { MS_PER_DAY, weekday } from '../core/calendar.ts';
import { type Checkpoint, resumed } from '../core/checkpoint.ts';
import type { Executor, MapOptions, Part } from '../core/executor.ts';
import { timestamp } from '../core/frequency.ts';
import { endOf, futureAt, lengthOf, type Panel, selectSeries, seriesAt } from '../core/panel.ts';
import { constrainMean, constrainQuantiles, type Support, supportOf } from '../core/support.ts';
import { type ClosingFlag, closingFlags, shutReader } from '../features/closing-flags.ts';
import { FALLBACKS } from '../models/fallback.ts';
import { type FittedBlend, fitBlend, forecastBlend } from '../models/fitted-blend.ts';
import { type Context, contextOf, type Model, type ModelSpec } from '../models/model.ts';
import { createModel } from '../models/registry.ts';
import { type Share, sharing } from '../models/share.ts';
import { blendName } from '../select/blend.ts';
import { type Calibration, calibratedQuantiles } from '../select/conformal.ts';
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
  /** One a model: what each series holds of a model of the whole panel; undefined for all others. */
  readonly shares?: readonly (readonly Share[] | undefined)[];
}

/** What a thread receives: the columns too, shared, each part writing its own series' rows. */
interface ForecastTask extends ForecastInput {
  /** When the shop is shut, as all series together show it. */
  readonly closing: readonly ClosingFlag[];
  readonly columns: Pick<ForecastTable, 'mean' | 'quantiles'>;
}

/** What is not numbers, of the series of one part. */
interface ForecastPart {
  readonly model: string[];
  readonly fallback: (string | undefined)[];
  readonly fitted: FittedBlend[];
}

/** Tells the steps ahead of a series on which the shop is shut: by its weekdays, or by what a known-future column says. */
function shutSteps(panel: Panel, flags: readonly ClosingFlag[]): (i: number, h: number) => number[] {
  const { closedWeekdays, freq } = panel;
  if (closedWeekdays.length === 0 && flags.length === 0) return () => [];
  const isShut = shutReader(panel, flags);
  return (i, h) => {
    const start = endOf(panel, i);
    return Array.from({ length: h }, (_, s) => s).filter(
      (s) =>
        closedWeekdays.includes(weekday(timestamp(freq, start + s) / MS_PER_DAY)) ||
        isShut(i, lengthOf(panel, i) + s),
    );
  };
}

/** What stays the same from series to series. */
interface Setting {
  readonly panel: Panel;
  readonly input: ForecastTask;
  readonly models: readonly { readonly spec: ModelSpec; readonly model: Model }[];
  readonly fallbacks: readonly Model[];
  readonly context: Context;
  readonly shutAt: ReturnType<typeof shutSteps>;
  /** The model of a spec, made once: saved blends may hold models that are not in the pool. */
  readonly modelOf: (spec: ModelSpec) => Model;
}

function settingOf(panel: Panel, input: ForecastTask): Setting {
  const made = new Map<string, Model>();
  return {
    panel,
    input,
    models: input.models.map((spec) => ({ spec, model: createModel(spec) })),
    fallbacks: FALLBACKS.map(createModel),
    context: contextOf(panel, input.season_length, input.seed),
    shutAt: shutSteps(panel, input.closing),
    modelOf: (spec) => {
      const key = JSON.stringify(spec);
      const model = made.get(key) ?? createModel(spec);
      made.set(key, model);
      return model;
    },
  };
}

/** Writes the calibrated forecast of series `i` into the columns and returns the blend that made it. */
function forecastSeries(
  { panel, input, models, fallbacks, context, shutAt, modelOf }: Setting,
  i: number,
): FittedBlend {
  const { h, calibration, weights, columns, scale } = input;
  const series = seriesAt(panel, i);
  const future = futureAt(panel, i, h);
  const row = weights.subarray(i * models.length, (i + 1) * models.length);
  const own = models.map(({ spec, model }, j) => {
    const shares = input.shares?.[j];
    return { spec, model: shares ? sharing(model.name, shares[i]!) : model };
  });
  const blend = input.fitted?.[i] ?? fitBlend(own, fallbacks, row, series, context, h, future);
  const { mean, sd, counted } = forecastBlend(blend, h, future, modelOf);
  const quantiles =
    counted?.(calibration.probabilities) ?? calibratedQuantiles(calibration, i, mean, sd, scale[i]!);
  const support = supportOf(series.y, input.support);
  constrainMean(mean, support);
  constrainQuantiles(quantiles, support);
  for (const s of shutAt(i, h)) {
    mean[s] = 0;
    for (const column of quantiles) column[s] = 0;
  }
  columns.mean.set(mean, i * h);
  for (const [k, column] of quantiles.entries()) columns.quantiles[k]!.set(column, i * h);
  return blend;
}

/** The task that executors run: forecasts the series of one part. */
export function forecastPart(panel: Panel, part: Part, input: ForecastTask): ForecastPart {
  const out: ForecastPart = { model: [], fallback: [], fitted: [] };
  const setting = settingOf(panel, input);
  for (let i = part.from; i < part.to; i++) {
    const blend = forecastSeries(setting, i);
    out.model.push(
      blendName(
        blend.map((member) => member.spec),
        blend.map((member) => member.weight),
      ),
    );
    out.fallback.push(blend.find((member) => member.fallback !== undefined)?.fallback);
    if (input.keep) out.fitted.push(blend);
  }
  return out;
}

/** A forecast of some of the series; plain data. */
interface Forecast extends ForecastPart {
  readonly mean: Float64Array;
  readonly quantiles: readonly Float64Array[];
}

/** Series that are forecast between two checkpoints. */
const BLOCK_SERIES = 5000;

/** The task for the series from..to alone, without its columns. */
function taskOf(
  input: ForecastInput & Pick<ForecastTask, 'closing'>,
  { from, to }: Part,
): ForecastInput & Pick<ForecastTask, 'closing'> {
  const { weights, models, calibration, scale, fitted, shares } = input;
  return {
    ...input,
    weights: weights.subarray(from * models.length, to * models.length),
    calibration: {
      ...calibration,
      segment: calibration.segment.subarray(from, to),
      factor: calibration.factor.subarray(from, to),
      proven: calibration.proven.subarray(from * calibration.h, to * calibration.h),
    },
    scale: scale.subarray(from, to),
    ...(fitted ? { fitted: fitted.slice(from, to) } : {}),
    ...(shares ? { shares: shares.map((own) => own?.slice(from, to)) } : {}),
  };
}

async function forecastBlock(
  panel: Panel,
  input: ForecastInput & Pick<ForecastTask, 'closing'>,
  executor: Executor,
  options: MapOptions,
): Promise<Forecast> {
  const cells = panel.ids.length * input.h;
  const columns = {
    mean: sharedFloat64(cells),
    quantiles: input.calibration.probabilities.map(() => sharedFloat64(cells)),
  };
  const task: ForecastTask = { ...input, columns };
  const parts = await executor.map<ForecastPart>('forecast', panel, task, options);
  return {
    ...columns,
    model: parts.flatMap((part) => part.model),
    fallback: parts.flatMap((part) => part.fallback),
    fitted: parts.flatMap((part) => part.fitted),
  };
}

/**
 * Forecasts all series of a panel, many in blocks that are kept in the checkpoint; the states come along where
 * `input.keep` asks for them.
 */
export async function forecastPanel(
  panel: Panel,
  input: ForecastInput,
  level: readonly number[],
  executor: Executor,
  { onProgress, signal }: MapOptions = {},
  checkpoint?: Checkpoint,
): Promise<{ table: ForecastTable; fitted: FittedBlend[] }> {
  const { h, calibration } = input;
  const n = panel.ids.length;
  const table = {
    ids: panel.ids,
    freq: panel.freq,
    h,
    start: Int32Array.from(panel.ids, (_, i) => endOf(panel, i)),
    mean: new Float64Array(n * h),
    quantiles: calibration.probabilities.map(() => new Float64Array(n * h)),
    probabilities: calibration.probabilities,
    level,
    model: [] as string[],
    fallback: [] as (string | undefined)[],
  };
  const closing = closingFlags(panel);
  const fitted: FittedBlend[] = [];
  for (let from = 0; from < n; from += BLOCK_SERIES) {
    const part = { from, to: Math.min(from + BLOCK_SERIES, n) };
    const own = await resumed(n > BLOCK_SERIES ? checkpoint : undefined, `forecast-${from}`, () =>
      forecastBlock(
        selectSeries(
          panel,
          Int32Array.from({ length: part.to - from }, (_, k) => from + k),
        ),
        taskOf({ ...input, closing }, part),
        executor,
        { signal, onProgress: onProgress && ((at) => onProgress({ ...at, done: from + at.done, total: n })) },
      ),
    );
    table.mean.set(own.mean, from * h);
    for (const [k, column] of own.quantiles.entries()) table.quantiles[k]!.set(column, from * h);
    for (const i of own.model.keys()) {
      table.model.push(own.model[i]!);
      table.fallback.push(own.fallback[i]);
      if (input.keep) fitted.push(own.fitted[i]!);
    }
  }
  return { table, fitted };
}
