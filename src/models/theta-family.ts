// The Theta models of Fiorucci et al. (2016) as forecasters: season, averaging over alpha and over forms, intervals.
import { refuseUnknownOptions, UsageError } from '../core/errors.ts';
import type { Season } from '../features/shrunken-season.ts';
import { minimiseOnInterval } from '../math/minimise.ts';
import { type LinearForecast, mixtureMoments, mixturePaths } from './linear-forecast.ts';
import { type Model, requireObservations } from './model.ts';
import {
  adjusted,
  checkSeasonalChoice,
  chooseSeason,
  type SeasonalChoice,
  seasonalComponents,
  seasonIntoPaths,
  withSeason,
} from './seasonal-adjustment.ts';
import { fromFirstObserved, type Line } from './theta-lines.ts';
import { type ThetaFit, type ThetaForm, thetaModel, thetaPath } from './theta-model.ts';

export interface ThetaFamilyOptions {
  /** Which season is taken out first; defaults to `auto`, which decides from the data. */
  readonly seasonal?: SeasonalChoice;
  /** Whether the season is shrunk by its noise; defaults to true. False tests for it at 90 %, as in the paper. */
  readonly shrink?: boolean;
  /** Whether forecasts are averaged over smoothing weights by their likelihood; false takes the best, as in the paper. */
  readonly average?: boolean;
}

type WeightedFit = ThetaFit & { readonly weight: number };

export interface ThetaFamilyState {
  readonly season: Season | undefined;
  /** Cells from the season's phase 0 to the end of the series. */
  readonly length: number;
  readonly line: Line;
  /** The fits that are averaged; their weights sum to 1. */
  readonly fits: readonly WeightedFit[];
  /** How many one-step errors count. */
  readonly count: number;
  /** Above 0, errors go with the size of the forecast: the factor from their variance to that of their shares. */
  readonly relative: number;
}

const LEAST = 6;
const LOW = 0.1;
// The paper's bound is 0.99. Up to 2 the model is stable, and a little above 1 it follows momentum.
const HIGH = { average: 1.2, best: 0.99 };
const POINTS = 19;

/** The fit with the least squared errors: a grid finds the valley, Brent's method its bottom. */
function best(fit: (alpha: number) => ThetaFit): ThetaFit {
  const step = (HIGH.best - LOW) / POINTS;
  let least = fit(LOW);
  for (let i = 1; i <= POINTS; i++) {
    const found = fit(LOW + i * step);
    if (found.errors < least.errors) least = found;
  }
  const from = Math.max(LOW, least.alpha - step);
  const to = Math.min(HIGH.best, least.alpha + step);
  const refined = fit(minimiseOnInterval((a) => fit(a).errors, from, to, { tolerance: 1e-6 }).x);
  return refined.errors < least.errors ? refined : least;
}

/** Fits on a grid of alphas. */
function grid(fit: (alpha: number) => ThetaFit): ThetaFit[] {
  const step = (HIGH.average - LOW) / (POINTS - 1);
  return Array.from({ length: POINTS }, (_, i) => fit(LOW + i * step));
}

/**
 * The fits with weights α^prior · errors^(−count/2): their likelihood with the error variance taken out. Forms that are
 * not dynamic have seen the values they are judged on: their line costs its two parameters in Schwarz's criterion, a
 * factor 1/count. Weights below 0.001 of the largest are dropped.
 */
function weighted(
  fits: readonly ThetaFit[],
  { count, floor, prior }: { count: number; floor: number; prior: number },
): WeightedFit[] {
  const logs = fits.map(
    ({ alpha, errors, dynamic }) =>
      prior * Math.log(alpha) - (count / 2) * Math.log(errors + floor) - (dynamic ? 0 : Math.log(count)),
  );
  const top = Math.max(...logs);
  const kept = fits
    .map((each, i) => ({ ...each, weight: Math.exp(logs[i]! - top) }))
    .filter(({ weight }) => weight > 1e-3);
  const total = kept.reduce((sum, { weight }) => sum + weight, 0);
  return kept.map((each) => ({ ...each, weight: each.weight / total }));
}

/** The forecasts of the averaged fits, without the season. */
function members(
  { season, length, line, fits, count, relative }: ThetaFamilyState,
  h: number,
): LinearForecast[] {
  const figures = season?.figure.length ?? 0;
  const freedom = Math.max(count / 2, count - 2 - Math.max(0, figures - 1), 1);
  const rises = new Float64Array(h);
  return fits.map((fit) => {
    const { alpha, omega, level, errors, doubt, weight } = fit;
    const mean = new Float64Array(h);
    thetaPath(fit, line, length, mean, rises);
    // Each figure of the season is a mean over a season's share of the cells.
    const error = Math.sqrt((errors / freedom) * (1 + figures / length));
    const sd = new Float64Array(h);
    const response = new Float64Array(h).fill(alpha);
    if (h > 0) response[0] = 1;
    for (let s = 0; s < h; s++) {
      mean[s] = mean[s]! + rises[s]!;
      sd[s] = error * (relative > 0 ? Math.sqrt(relative) * Math.max(level, mean[s]!) : 1);
    }
    // The slope is uncertain as that of a line through a random walk with shocks alpha, and so is its share.
    const tilt = Math.sqrt((1.2 * (omega * alpha) ** 2) / line.count + doubt * line.slope ** 2);
    return { weight, mean, response, sd, tilt };
  });
}

/**
 * A model that averages Theta models of the given forms: exponential smoothing plus a share ω = 1 − 1/θ of the straight
 * line through the past. The first level and θ have closed forms given alpha; over alpha the forecasts are averaged by
 * likelihood, since short series seldom tell one alpha from another. Missing cells are bridged by the model's own
 * one-step forecast. Intervals are normal and hold the spread over alphas. It refuses below 6 observed values.
 */
export function thetaFamily(
  name: string,
  forms: readonly ThetaForm[],
  options: ThetaFamilyOptions,
): Model<ThetaFamilyState> {
  refuseUnknownOptions(name, options, ['seasonal', 'shrink', 'average']);
  const { seasonal = 'auto', shrink = true, average = true } = options;
  checkSeasonalChoice(name, seasonal);
  for (const [option, value] of Object.entries({ shrink, average })) {
    if (typeof value !== 'boolean')
      throw new UsageError(`${name} option "${option}" is "${value}"; use true or false.`);
  }
  return {
    name,
    fit({ y }, { season_length, freq }) {
      requireObservations(name, y, LEAST);
      const observed = fromFirstObserved(y);
      const season = chooseSeason(observed, season_length, { seasonal, shrink });
      const plain = adjusted(observed, season);
      const models = forms.map((form) => thetaModel(plain, form));
      const { count, end } = models[0]!;
      let squares = 0;
      for (const value of plain) if (!Number.isNaN(value)) squares += value * value;
      // A year holds many shocks, so that a yearly level lies close to the last value: M1 and M3 training parts agree.
      const prior = freq.unit === 'year' ? 3 : 0;
      // Errors below rounding say nothing of alpha.
      const floor = 1e-20 * squares + Number.MIN_VALUE;
      const found = models.flatMap(({ fit }) =>
        average ? grid((alpha) => fit(alpha, 1)) : [best((alpha) => fit(alpha, 0))],
      );
      const fits = weighted(found, average ? { count: count + 1, floor, prior } : { count, floor, prior: 0 });
      const likeliest = fits.reduce((top, each) => (each.weight > top.weight ? each : top));
      const of = forms.findIndex(
        ({ dynamic, optimised }) => dynamic === likeliest.dynamic && optimised === likeliest.optimised,
      );
      const relative = models[of]!.relativeSpread(likeliest);
      return { season, length: plain.length, line: end, fits, count, relative };
    },
    forecast: (state, h) => withSeason(mixtureMoments(members(state, h)), state.season, state.length),
    components({ season, length, line, fits }, { y }, h) {
      const observed = fromFirstObserved(y);
      const plain = adjusted(observed, season);
      const level = new Float64Array(length + h);
      const trend = new Float64Array(length + h);
      const levels = new Float64Array(length + h);
      const rises = new Float64Array(length + h);
      const models = new Map<string, ReturnType<typeof thetaModel>>();
      for (const fit of fits) {
        const key = `${fit.dynamic} ${fit.optimised}`;
        const model = models.get(key) ?? thetaModel(plain, fit);
        models.set(key, model);
        model.trace(fit, levels, rises);
        thetaPath(fit, line, length, levels.subarray(length), rises.subarray(length));
        for (let t = 0; t < length + h; t++) {
          level[t] = level[t]! + fit.weight * levels[t]!;
          trend[t] = trend[t]! + fit.weight * rises[t]!;
        }
      }
      return seasonalComponents(level, trend, season, y.length - length);
    },
    simulate: (state, h, _, paths, draw) =>
      seasonIntoPaths(mixturePaths(members(state, h), paths, draw), h, state.season, state.length),
  };
}
