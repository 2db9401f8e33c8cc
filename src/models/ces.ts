// Complex exponential smoothing, CES (Svetunkov, Kourentzes and Ord 2022), averaged over its kinds of season.
import { ModelRefusal, refuseUnknownOptions, UsageError } from '../core/errors.ts';
import { type ComplexEnd, doubtsAhead } from './complex-smoothing/doubts.ts';
import type { ComplexSeason } from './complex-smoothing/filter.ts';
import { copyStates, newStates, pass } from './complex-smoothing/filter.ts';
import { type ComplexFit, fitComplex, type LargeErrors } from './complex-smoothing/fit.ts';
import { usualError } from './complex-smoothing/usual-error.ts';
import { type LinearForecast, mixtureMoments, mixturePaths } from './linear-forecast.ts';
import { type Components, type Model, observedCount, requireObservations } from './model.ts';
import { fromFirstObserved } from './theta-lines.ts';

export interface CesOptions {
  /** The kind of season; defaults to `auto`, which lets the data decide. */
  readonly season?: 'auto' | ComplexSeason;
  /** Whether `auto` averages over the kinds by their Akaike weights; defaults to true. False takes the likeliest. */
  readonly average?: boolean;
  /** Whether errors larger than usual count less; defaults to true. False is the least squares of the paper. */
  readonly robust?: boolean;
}

export interface CesState {
  /** The kinds that are averaged, with and without large errors held; their weights sum to 1. */
  readonly fits: readonly (ComplexFit & { readonly weight: number })[];
}

const SEASONS: readonly ComplexSeason[] = ['none', 'simple', 'partial', 'full'];
const LEAST = 4;
/**
 * How much forecasts may grow in a season, weekly ones in a year. Without a bound short series run away; on M1 and on
 * M3's training parts 0.05 to 0.2 are alike, and 0 costs a quarter of the accuracy on yearly series.
 */
const GROWTH = 0.1;

/**
 * How many values may testify for one kind against another at most. No kind is true, so that evidence must not grow with
 * the series: the likelihood of n values counts as that of n · 10 / (n + 10), the coarsened posterior of Miller and Dunson
 * (2019). Chosen on M1, M3's training parts and earlier windows of NN5, where 7 to 20 are alike.
 */
const WITNESSES = 10;

/**
 * An error is large beyond this many usual ones. Chosen on earlier windows of NN5, on M3's training parts and on earlier
 * windows of M4 weekly and M5, where 2 to 3
 * are alike but on M5, where 2 is worse than none held.
 */
const LARGE = 3;

/**
 * Series without a season and of fewer cells than this are not fitted with large errors held as well: it doubles the time
 * and gains nothing there (sMAPE 0.09 ± 0.15 and 0.03 ± 0.13 on yearly series of M1 and of M3's training parts, −0.01 ±
 * 0.02 on M3's others).
 */
const SHORT = 100;

/**
 * The ways large errors are met, all of them fitted and averaged. Once held, an outlier does not upset the forecasts; left
 * as it is, it starts a new level. Which of them it was the errors that follow tell. Only the sum that is minimised is
 * bent in both, so that the ways can be compared.
 */
function waysWith(y: Float64Array, m: number, robust: boolean): readonly LargeErrors[] {
  const bend = robust ? LARGE * usualError(y, m) : 0;
  if (!(bend > 0)) return [{ bend: Infinity, hold: Infinity }];
  if (m === 1 && y.length < SHORT) return [{ bend, hold: Infinity }];
  return [
    { bend, hold: Infinity },
    { bend, hold: bend },
  ];
}

/** Akaike weights of fits to n values, coarsened. Below 0.01 of the largest a kind is dropped. */
function weighted(fits: readonly ComplexFit[], n: number, average: boolean): CesState['fits'] {
  const best = fits.reduce((a, b) => (b.aicc < a.aicc ? b : a));
  if (!average) return [{ ...best, weight: 1 }];
  const counted = WITNESSES / (n + WITNESSES);
  const share = ({ aicc }: ComplexFit): number =>
    aicc === best.aicc ? 1 : Math.exp((counted * (best.aicc - aicc)) / 2);
  const kept = fits.filter((fit) => share(fit) > 0.01);
  const total = kept.reduce((sum, fit) => sum + share(fit), 0);
  return kept.map((fit) => ({ ...fit, weight: share(fit) / total }));
}

/** One-step means of the h periods after the last states, all errors 0. */
function meansAhead(at: ComplexEnd, h: number): Float64Array {
  const mean = new Float64Array(h);
  pass(new Float64Array(h).fill(Number.NaN), at, copyStates(at.end), false, mean);
  return mean;
}

/** What an error of 1 adds to the mean j periods later, j = 0 … h − 1; itself at 0. What is held of it is not passed on. */
function responses(fit: ComplexFit, h: number): Float64Array {
  const shock = new Float64Array(h).fill(Number.NaN);
  const response = new Float64Array(h);
  if (h === 0) return response;
  shock[0] = 1;
  pass(
    shock,
    { ...fit, hold: Infinity },
    newStates(fit.season, Math.max(fit.end.level.length, fit.end.season.length)),
    false,
    response,
  );
  for (let j = 1; j < h; j++) response[j] = fit.carried * response[j]!;
  response[0] = 1;
  return response;
}

/** The forecasts of the kinds. */
const mixture = ({ fits }: CesState, h: number): LinearForecast[] =>
  fits.map((fit) => {
    const mean = meansAhead(fit, h);
    return {
      weight: fit.weight,
      // The doubts are differences, which know of no shift.
      mean: mean.map((value) => value + fit.heldBack),
      response: responses(fit, h),
      sd: new Float64Array(h).fill(Math.sqrt(fit.sigma2)),
      doubts: doubtsAhead(fit.doubts, mean, (at) => meansAhead(at, h)),
    };
  });

/** Adds the weighted one-step level and season of one fit over y, whose cells ahead are missing. */
function addParts(
  fit: CesState['fits'][number],
  y: Float64Array,
  { level, seasonal }: Pick<Components, 'level' | 'seasonal'>,
): void {
  const means = new Float64Array(y.length);
  const levels = new Float64Array(y.length);
  pass(y, fit, copyStates(fit.start), false, means, levels);
  const ownLevel = fit.season !== 'simple';
  const phases = fit.start.season.length > 0 ? fit.start.season : fit.start.level;
  const m = phases.length;
  if (m > 1) {
    // States a phase are season and level in one, a season's own too where the level fades: their mean is level.
    const values = means.map((value, t) => (ownLevel ? value - levels[t]! : value));
    let total = phases.reduce((a, b) => a + b, 0);
    for (let t = 0; t < y.length; t++) {
      total += values[t]! - (t < m ? phases[t]! : values[t - m]!);
      levels[t] = (ownLevel ? levels[t]! : 0) + total / m;
    }
  }
  const before = level.length - y.length;
  for (let t = 0; t < y.length; t++) {
    level[before + t] = level[before + t]! + fit.weight * (levels[t]! + fit.heldBack);
    seasonal[before + t] = seasonal[before + t]! + fit.weight * (means[t]! - levels[t]!);
  }
}

/**
 * Complex exponential smoothing: a level and an unseen potential that drives it, as the two parts of one complex number,
 * follow trends and levels alike without a choice between them. Errors larger than usual count less in the fit, and half
 * of the fits hold them, so that outliers pass by. A season is none, lagged states (`simple`), an additive
 * season (`partial`), or a second complex state (`full`); `auto` averages them by coarsened Akaike weights. Weights are kept stable,
 * and forecasts from growing by more than 10 % a season or fading away within one. Missing cells leave the model to its own one-step forecast.
 * Intervals are normal and hold the spread between the averaged kinds and the doubt about weights and first states. It refuses series of fewer than 4 observed values.
 */
export function ces(options: CesOptions = {}): Model<CesState> {
  refuseUnknownOptions('ces', options, ['season', 'average', 'robust']);
  const { season = 'auto', average = true, robust = true } = options;
  if (season !== 'auto' && !SEASONS.includes(season)) {
    throw new UsageError(
      `ces cannot have the option season "${season}". Choose from: auto, ${SEASONS.join(', ')}.`,
    );
  }
  for (const [option, value] of Object.entries({ average, robust })) {
    if (typeof value !== 'boolean') {
      throw new UsageError(`ces option "${option}" is "${value}"; use true or false.`);
    }
  }
  return {
    name: 'ces',
    fit({ y }, { season_length: m, freq }) {
      requireObservations('ces', y, LEAST);
      const observed = fromFirstObserved(y);
      const able = m > 1 && observed.length > 2 * m;
      if (season !== 'auto' && season !== 'none' && !able) {
        throw new ModelRefusal(
          `has ${observed.length} cells and a season of ${m}; ces with season "${season}" needs more than two seasons`,
        );
      }
      const kinds = season !== 'auto' ? [season] : able ? SEASONS : (['none'] as const);
      const span = Math.max(m, freq.seasons[0]!);
      // A level that is not at 0 by its nature does not fall to it within a season.
      const limits = { least: 1 - 1 / span, most: 1 + GROWTH / span };
      const fits = waysWith(observed, able ? m : 1, robust).flatMap((large) =>
        kinds.map((kind) => fitComplex(observed, kind, kind === 'none' ? 1 : m, limits, large)),
      );
      return { fits: weighted(fits, observedCount(observed), average) };
    },
    forecast: (state, h) => ({ kind: 'normal', ...mixtureMoments(mixture(state, h)) }),
    components({ fits }, { y }, h) {
      const n = y.length + h;
      const observed = fromFirstObserved(y);
      const ahead = new Float64Array(observed.length + h).fill(Number.NaN);
      ahead.set(observed);
      const level = new Float64Array(n).fill(Number.NaN, 0, y.length - observed.length);
      const seasonal = new Float64Array(n);
      for (const fit of fits) addParts(fit, ahead, { level, seasonal });
      return { level, trend: new Float64Array(n), seasonal, regressors: new Float64Array(n) };
    },
    simulate: (state, h, _, paths, draw) => mixturePaths(mixture(state, h), paths, draw),
  };
}
