// A forecast of newer data as an earlier one chose: its weights and intervals stay, its models are fitted to what is known now.
import { type Checkpoint, within } from '../core/checkpoint.ts';
import { DataError } from '../core/errors.ts';
import type { Executor, MapOptions } from '../core/executor.ts';
import { label } from '../core/frequency.ts';
import { plural } from '../core/number-text.ts';
import { endOf, type Panel, seriesAt } from '../core/panel.ts';
import type { Support } from '../core/support.ts';
import { insampleScale } from '../evaluate/metrics.ts';
import type { FittedBlend } from '../models/fitted-blend.ts';
import type { ModelSpec } from '../models/model.ts';
import type { Calibration } from '../select/conformal.ts';
import { forecastPanel } from './forecast-part.ts';
import type { ForecastTable } from './forecast-table.ts';
import { forecastGlobally, type GlobalFit } from './global-forecast.ts';
import { requireHistory, requireKnownFuture } from './requirements.ts';

/** What an earlier forecast came to: the blend of each series, and what is needed to trust it. */
export interface Choice {
  /** The panel that it was made of. */
  readonly panel: Panel;
  /** One a series. */
  readonly fitted: readonly FittedBlend[];
  readonly global: readonly GlobalFit[];
  readonly calibration: Calibration;
  readonly scale: Float64Array;
  readonly season_length: number;
  readonly seed: number;
  readonly support: Support;
  /** The kind of demand of each series. */
  readonly segments: readonly string[];
}

/** The choice as it stands for the newer panel, its forecast, and what a user must hear of it. */
export interface Update {
  readonly forecast: ForecastTable;
  readonly choice: Choice;
  readonly notes: readonly string[];
}

/** The last period of a panel. */
const lastOf = (panel: Panel): number =>
  panel.ids.reduce((last, _, i) => Math.max(last, endOf(panel, i)), -Infinity);

/** Refuses data that an earlier choice says nothing of, or that ends before what its models have seen. */
function requireSuccession(before: Panel, now: Panel): void {
  if (now.freq.alias !== before.freq.alias) {
    throw new DataError(
      `the saved models are of the frequency ${before.freq.alias}, and this data is of ${now.freq.alias}; train anew, or set --freq ${before.freq.alias}.`,
    );
  }
  if (lastOf(now) < lastOf(before)) {
    throw new DataError(
      `the saved models know sales up to ${label(before.freq, lastOf(before) - 1)}, and this data ends at ${label(now.freq, lastOf(now) - 1)}; give data that goes on from there, or train anew.`,
    );
  }
  const known = new Set(before.ids);
  if (!now.ids.some((id) => known.has(id))) {
    throw new DataError(
      `none of the ${plural(now.ids.length, 'series', 'series')}, such as "${now.ids[0]}", is among those that the saved models know; train anew.`,
    );
  }
}

/** The models of all blends, each once, and the weight of each in each blend. */
function weightsIn(fitted: readonly FittedBlend[]): {
  models: ModelSpec[];
  weights: (readonly [place: number, weight: number])[][];
} {
  const places = new Map<string, number>();
  const models: ModelSpec[] = [];
  const weights = fitted.map((blend) =>
    blend.map(({ spec, weight }) => {
      const key = JSON.stringify(spec);
      let place = places.get(key);
      if (place === undefined) {
        place = models.push(spec) - 1;
        places.set(key, place);
      }
      return [place, weight] as const;
    }),
  );
  return { models, weights };
}

/** The word that most are. */
function commonest(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].reduce((most, own) => (own[1] > most[1] ? own : most))[0];
}

/** The error scale of a series, as backtests have it. */
function scaleOf(y: Float64Array, season_length: number): number {
  const seasonal = insampleScale(y, season_length);
  return seasonal > 0 ? seasonal : insampleScale(y);
}

/** What of a choice belongs to each series now: series that are new get what most have, or the mean of all. */
function carried(
  { panel: before, fitted, calibration, scale, season_length, segments }: Choice,
  now: Panel,
): Pick<Choice, 'calibration' | 'scale' | 'segments'> & {
  readonly models: readonly ModelSpec[];
  readonly weights: Float64Array;
} {
  const places = new Map(before.ids.map((id, i) => [id, i]));
  const at = now.ids.map((id) => places.get(id));
  const { models, weights } = weightsIn(fitted);
  const mean = new Float64Array(models.length);
  for (const row of weights) for (const [j, weight] of row) mean[j]! += weight / weights.length;
  const all = new Float64Array(now.ids.length * models.length);
  for (const [i, old] of at.entries()) {
    const row = all.subarray(i * models.length, (i + 1) * models.length);
    if (old === undefined) row.set(mean);
    else for (const [j, weight] of weights[old]!) row[j]! += weight;
  }
  const usual = commonest(segments);
  const { h, segments: pools } = calibration;
  const proven = new Float64Array(now.ids.length * h).fill(Number.NaN);
  for (const [i, old] of at.entries()) {
    if (old !== undefined) proven.set(calibration.proven.subarray(old * h, (old + 1) * h), i * h);
  }
  return {
    models,
    weights: all,
    segments: at.map((old) => (old === undefined ? usual : segments[old]!)),
    calibration: {
      ...calibration,
      segment: Uint16Array.from(at, (old) =>
        old === undefined ? pools.indexOf(usual) : calibration.segment[old]!,
      ),
      factor: Float64Array.from(at, (old) => (old === undefined ? 1 : calibration.factor[old]!)),
      proven,
    },
    scale: Float64Array.from(at, (old, i) =>
      old === undefined ? scaleOf(seriesAt(now, i).y, season_length) : scale[old]!,
    ),
  };
}

/**
 * Forecasts newer data as was chosen before, without a backtest: networks go on from what they learned, other models are fitted
 * anew. Throws a DataError where the data does not go on from what the choice was made of.
 */
export async function updateForecast(
  panel: Panel,
  choice: Choice,
  { h, level }: { readonly h: number; readonly level: readonly number[] },
  executor: Executor,
  { onProgress, signal }: MapOptions = {},
  checkpoint?: Checkpoint,
): Promise<Update> {
  requireSuccession(choice.panel, panel);
  requireHistory(panel, h);
  requireKnownFuture(panel, h);
  const { season_length, seed, support } = choice;
  const { models, weights, ...own } = carried(choice, panel);
  const stateOf = new Map(choice.global.map(({ spec, state }) => [JSON.stringify(spec), state]));
  const from = models.map((spec) => stateOf.get(JSON.stringify(spec)));
  const specs = models.map((spec, j) => (from[j] === undefined ? undefined : spec));
  const foreseen = await forecastGlobally(panel, { specs, from, h, season_length, seed }, executor, {
    signal,
    onPart: onProgress,
    checkpoint: within(checkpoint, 'foresee'),
  });
  const { table, fitted } = await forecastPanel(
    panel,
    {
      models,
      weights,
      h,
      season_length,
      seed,
      support,
      calibration: own.calibration,
      scale: own.scale,
      shares: foreseen.map((one) => one?.shares),
      keep: true,
    },
    level,
    executor,
    { onProgress, signal },
    checkpoint,
  );
  const known = new Set(choice.panel.ids);
  const fresh = panel.ids.filter((id) => !known.has(id));
  const global = foreseen.flatMap((one, j): GlobalFit[] =>
    one ? [{ spec: models[j]!, state: one.state }] : [],
  );
  return {
    forecast: table,
    choice: { ...choice, ...own, panel, fitted, global },
    notes: [
      ...(lastOf(panel) === lastOf(choice.panel)
        ? [
            `this data ends at ${label(panel.freq, lastOf(panel) - 1)}, as that of the saved models does: there was nothing newer to learn.`,
          ]
        : []),
      ...foreseen.flatMap((one) => one?.remarks ?? []),
      ...(fresh.length > 0
        ? [
            `${plural(fresh.length, 'series', 'series')}, such as "${fresh[0]}", ${fresh.length === 1 ? 'is' : 'are'} new: the mean weights of all others serve ${fresh.length === 1 ? 'it' : 'them'}.`,
          ]
        : []),
    ],
  };
}
