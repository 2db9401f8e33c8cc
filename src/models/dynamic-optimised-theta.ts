// The dynamic optimised Theta model (Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler 2016), averaged over alpha.
import { refuseUnknownOptions } from '../core/errors.ts';
import type { Season } from '../features/shrunken-season.ts';
import { minimiseOnInterval } from '../math/minimise.ts';
import { type Model, requireObservations } from './model.ts';
import {
  adjusted,
  checkSeasonalChoice,
  chooseSeason,
  type SeasonalChoice,
  withSeason,
} from './seasonal-adjustment.ts';
import { fromFirstObserved, type Line, type ThetaFit, thetaModel, thetaPath } from './theta-lines.ts';

export interface DynamicOptimisedThetaOptions {
  /** Which season is taken out first; defaults to `auto`, which decides from the data. */
  readonly seasonal?: SeasonalChoice;
  /** Whether the season is shrunk by its noise; defaults to true. False tests for it at 90 %, as in the paper. */
  readonly shrink?: boolean;
  /** Whether forecasts are averaged over smoothing weights by their likelihood; false takes the best, as in the paper. */
  readonly average?: boolean;
}

export interface DynamicOptimisedThetaState {
  readonly season: Season | undefined;
  /** Cells from the season's phase 0 to the end of the series. */
  readonly length: number;
  readonly line: Line;
  /** The fits that are averaged; their weights sum to 1. */
  readonly fits: readonly (ThetaFit & { readonly weight: number })[];
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

/**
 * Fits on a grid of alphas with weights α^prior · errors^(−count/2): their likelihood with the error variance taken out.
 * Weights below 0.001 of the largest are dropped.
 */
function averaged(
  fit: (alpha: number) => ThetaFit,
  { count, floor, prior }: { count: number; floor: number; prior: number },
): (ThetaFit & { weight: number })[] {
  const step = (HIGH.average - LOW) / (POINTS - 1);
  const fits = Array.from({ length: POINTS }, (_, i) => fit(LOW + i * step));
  const logs = fits.map(
    ({ alpha, errors }) => prior * Math.log(alpha) - (count / 2) * Math.log(errors + floor),
  );
  const top = Math.max(...logs);
  const kept = fits
    .map((each, i) => ({ ...each, weight: Math.exp(logs[i]! - top) }))
    .filter(({ weight }) => weight > 1e-3);
  const total = kept.reduce((sum, { weight }) => sum + weight, 0);
  return kept.map((each) => ({ ...each, weight: each.weight / total }));
}

/**
 * The dynamic optimised Theta model: exponential smoothing plus a share ω = 1 − 1/θ, found by least squares, of the
 * straight line through the past, whose slope is estimated anew each period. The initial level and θ have closed forms
 * given alpha; over alpha the forecasts are averaged by likelihood, since short series seldom tell one alpha from another.
 * Missing cells are bridged by the model's own one-step forecast. Intervals are normal and hold the spread over alphas.
 * It refuses series of fewer than 6 observed values.
 */
export function dynamicOptimisedTheta(
  options: DynamicOptimisedThetaOptions = {},
): Model<DynamicOptimisedThetaState> {
  const name = 'dynamic-optimised-theta';
  refuseUnknownOptions(name, options, ['seasonal', 'shrink', 'average']);
  const { seasonal = 'auto', shrink = true, average = true } = options;
  checkSeasonalChoice(name, seasonal);
  return {
    name,
    fit({ y }, { season_length, freq }) {
      requireObservations(name, y, LEAST);
      const observed = fromFirstObserved(y);
      const season = chooseSeason(observed, season_length, { seasonal, shrink });
      const plain = adjusted(observed, season);
      const { count, end, fit, relativeSpread } = thetaModel(plain);
      let squares = 0;
      for (const value of plain) if (!Number.isNaN(value)) squares += value * value;
      // A year holds many shocks, so that a yearly level lies close to the last value: M1 and M3 training parts agree.
      const prior = freq.unit === 'year' ? 3 : 0;
      const fits = average
        ? averaged((alpha) => fit(alpha, 1), {
            count: count + 1,
            // Errors below rounding say nothing of alpha.
            floor: 1e-20 * squares + Number.MIN_VALUE,
            prior,
          })
        : [{ ...best((alpha) => fit(alpha, 0)), weight: 1 }];
      const likeliest = fits.reduce((top, each) => (each.weight > top.weight ? each : top));
      const relative = relativeSpread(likeliest);
      return { season, length: plain.length, line: end, fits, count, relative };
    },
    forecast({ season, length, line, fits, count, relative }, h) {
      const mean = new Float64Array(h);
      const square = new Float64Array(h);
      const path = new Float64Array(h);
      const paths = fits.map((fit) => {
        thetaPath(fit, line, length, path);
        for (let s = 0; s < h; s++) mean[s] = mean[s]! + fit.weight * path[s]!;
        return Float64Array.from(path);
      });
      const seasonal = season?.figure.length ?? 0;
      const freedom = Math.max(count / 2, count - 2 - Math.max(0, seasonal - 1), 1);
      fits.forEach(({ alpha, omega, level, errors, doubt, weight }, k) => {
        // Each figure of the season is a mean over a season's share of the cells.
        const variance = (errors / freedom) * (1 + seasonal / length);
        // The slope is uncertain as that of a line through a random walk with shocks alpha, and so is its share.
        const tilt = (1.2 * (omega * alpha) ** 2) / line.count + doubt * line.slope ** 2;
        for (let s = 0; s < h; s++) {
          const at = paths[k]![s]!;
          const off = at - mean[s]!;
          const scale = relative > 0 ? relative * Math.max(level, at) ** 2 : 1;
          const growth = 1 + s * alpha * alpha + (s + 1) ** 2 * tilt;
          square[s] = square[s]! + weight * (variance * scale * growth + off * off);
        }
      });
      return withSeason({ mean, sd: square.map(Math.sqrt) }, season, length);
    },
  };
}
