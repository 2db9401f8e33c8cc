// TBATS: trigonometric seasons of any length, level, damped slope, ARMA errors (De Livera, Hyndman and Snyder 2011).
import type { Distribution } from '../core/distribution.ts';
import { ModelRefusal, refuseUnknownOptions, UsageError } from '../core/errors.ts';
import { boxCox, inverseBoxCox } from '../math/box-cox.ts';
import { normalQuantile } from '../math/special.ts';
import { type LinearForecast, mixtureMoments, mixturePaths } from './linear-forecast.ts';
import { type Context, type Model, observedCount, requireObservations } from './model.ts';
import { fromFirstObserved } from './theta-lines.ts';
import { stateCount, type TrigonometricForm, trigonometricPass, turnsOf } from './trigonometric/filter.ts';
import { fitTrigonometric, type TrigonometricFit } from './trigonometric/fit.ts';
import { chooseHarmonics, type HarmonicStart } from './trigonometric/harmonics.ts';

export interface TbatsOptions {
  /** The seasons in periods, whole or not; defaults to `season_length` and the longer ones of the frequency. */
  readonly season_lengths?: readonly number[];
  /** λ of the transformation of Box and Cox, from 0 (logarithms) to 1 (none); defaults to `auto`, the likelier of the two. */
  readonly box_cox?: 'auto' | number;
  /** Whether errors that hang together, ARMA up to (1, 1), are tried; defaults to true. */
  readonly arma?: boolean;
  /** Whether forms are averaged by their Akaike weights; defaults to true. False takes the likeliest, as in the paper. */
  readonly average?: boolean;
}

export interface TbatsState {
  readonly lambda: number;
  /** The forms that are averaged; their weights sum to 1. */
  readonly fits: readonly (TrigonometricFit & { readonly weight: number })[];
  /** The largest value observed; holds the spread of transformed forecasts. */
  readonly largest: number;
}

const NAME = 'tbats';
const LEAST = 8;

/** The share of two cycles that a season needs: two years of weeks are 104, not 104.36. */
const CYCLES = 1.9;

/** The exact length of the seasons that a calendar rounds: a year of days, business days and weeks. */
function exactLength(m: number, { unit, multiple }: Context['freq']): number {
  const year = { day: 365.25, 'business-day': 260.89, week: 365.25 / 7 }[unit as string];
  return year !== undefined && Math.round((m * multiple) / year) === 1 && Math.abs(m * multiple - year) < 1
    ? year / multiple
    : m;
}

/** Where one start lies on the scale of y, so that transformations can be compared. */
const comparable = (start: HarmonicStart, y: Float64Array, lambda: number): number => {
  let logs = 0;
  if (lambda !== 1) for (const value of y) if (!Number.isNaN(value)) logs += Math.log(value);
  return start.aicc - 2 * (lambda - 1) * logs;
};

/** Squares of errors that only rounding makes. */
function roundingOf(y: Float64Array, observed: number): number {
  let largest = 0;
  for (const value of y) largest = Math.max(largest, Math.abs(value) || 0);
  return observed * (1e-13 * largest) ** 2 + Number.MIN_VALUE;
}

/** All forms worth a try, the seasons given: with and without a slope, and with ARMA errors of the better of these. */
function fitForms(
  y: Float64Array,
  periods: readonly number[],
  start: HarmonicStart,
  arma: boolean,
): TrigonometricFit[] {
  const observed = observedCount(y);
  const floor = roundingOf(y, observed);
  const fit = (slope: boolean, ar: boolean, ma: boolean): TrigonometricFit => {
    const form: TrigonometricForm = { slope, ar, ma, periods, harmonics: start.harmonics };
    return fitTrigonometric(y, form, start, observed, floor);
  };
  const plain = [fit(false, false, false), fit(true, false, false)] as const;
  const slope = plain[1].aicc < plain[0].aicc;
  return arma ? [...plain, fit(slope, true, false), fit(slope, true, true)] : [...plain];
}

/** Akaike weights, flattened as those of `ces`: the square root of the relative likelihood. */
function weighted(fits: readonly TrigonometricFit[], average: boolean): TbatsState['fits'] {
  const best = fits.reduce((a, b) => (b.aicc < a.aicc ? b : a));
  if (!average) return [{ ...best, weight: 1 }];
  const share = ({ aicc }: TrigonometricFit): number =>
    aicc === best.aicc ? 1 : Math.exp((best.aicc - aicc) / 4);
  const kept = fits.filter((fit) => share(fit) > 0.01);
  const total = kept.reduce((sum, fit) => sum + share(fit), 0);
  return kept.map((fit) => ({ ...fit, weight: share(fit) / total }));
}

/** The parts of the one-step means of y from given states, on the transformed scale; what ARMA foresees is in the level. */
function partsOf(fit: TrigonometricFit, states: Float64Array, y: Float64Array) {
  const n = y.length;
  const level = new Float64Array(n);
  const trend = new Float64Array(n);
  const seasonal = new Float64Array(n);
  const foreseen = new Float64Array(n);
  trigonometricPass(y, turnsOf(fit.form), fit.weights, states.slice(), { level, trend, seasonal, foreseen });
  for (let t = 0; t < n; t++) level[t] = level[t]! + foreseen[t]!;
  return { level, trend, seasonal };
}

/** The forecasts of the forms on the transformed scale. */
function mixture({ fits }: TbatsState, h: number): LinearForecast[] {
  const unknown = new Float64Array(h).fill(Number.NaN);
  const shock = unknown.slice().fill(1, 0, 1);
  const total = ({ level, trend, seasonal }: ReturnType<typeof partsOf>): Float64Array =>
    level.map((value, s) => value + trend[s]! + seasonal[s]!);
  return fits.map((fit) => ({
    weight: fit.weight,
    mean: total(partsOf(fit, fit.end, unknown)),
    response: total(partsOf(fit, new Float64Array(stateCount(fit.form)), shock)).fill(1, 0, 1),
    sd: new Float64Array(h).fill(Math.sqrt(fit.sigma2)),
  }));
}

/** Probabilities at which a transformed forecast is given. */
const PROBABILITIES = Float64Array.from({ length: 39 }, (_, k) => (k + 1) / 40);
const TAILS = [0.005, 0.01, 0.99, 0.995];
const READ = Float64Array.from([...PROBABILITIES, ...TAILS]).sort();

/** A value on the scale of y. Beyond five times all that was seen and forecast, nothing more is known. */
const untransformed = (z: number, lambda: number, limit: number): number =>
  Math.min(inverseBoxCox(z, lambda), limit);

/**
 * Seasons as sums of a few turning harmonics, so that they may be long, several, and of lengths that are not whole. The
 * harmonics are chosen by regression on errors that a moving level has whitened; weights and all states before the first
 * cell are then fitted at once, with and without a slope and ARMA errors, and averaged by Akaike weights. Of transformed
 * values the forecast is the median. Missing cells leave the model to its own forecast. It refuses below 8 observed values.
 */
export function tbats(options: TbatsOptions = {}): Model<TbatsState> {
  refuseUnknownOptions(NAME, options, ['season_lengths', 'box_cox', 'arma', 'average']);
  const { season_lengths, box_cox = 'auto', arma = true, average = true } = options;
  const wrong = season_lengths?.find((m) => !(m >= 2 && m < Infinity));
  if (wrong !== undefined) {
    throw new UsageError(`${NAME} option "season_lengths" holds ${wrong}; use numbers of 2 or more.`);
  }
  if (box_cox !== 'auto' && !(box_cox >= 0 && box_cox <= 1)) {
    throw new UsageError(`${NAME} option "box_cox" is "${box_cox}"; use "auto" or a number from 0 to 1.`);
  }
  for (const [option, value] of Object.entries({ arma, average })) {
    if (typeof value !== 'boolean')
      throw new UsageError(`${NAME} option "${option}" is "${value}"; use true or false.`);
  }
  return {
    name: NAME,
    fit(series, { season_length: m, freq }) {
      requireObservations(NAME, series.y, LEAST);
      const y = fromFirstObserved(series.y);
      const low = y.find((value) => value <= 0);
      if (low !== undefined && box_cox !== 'auto' && box_cox !== 1) {
        throw new ModelRefusal(`has the value ${low}; ${NAME} with box_cox ${box_cox} needs values above 0`);
      }
      const usual = m > 1 ? [m, ...freq.seasons.filter((longer) => longer > m)] : [];
      const wanted = season_lengths ?? usual.map((length) => exactLength(length, freq));
      const periods = [...new Set(wanted)].filter((p) => CYCLES * p <= y.length).sort((a, b) => a - b);
      const observed = observedCount(y);
      const lambdas = box_cox !== 'auto' ? [box_cox] : low === undefined ? [1, 0] : [1];
      const scales = lambdas.map((lambda) => {
        const values = lambda === 1 ? y : y.map((value) => boxCox(value, lambda));
        const start = chooseHarmonics(values, periods, observed, roundingOf(values, observed));
        return { lambda, values, start, aicc: comparable(start, y, lambda) };
      });
      const { lambda, values, start } = scales.reduce((a, b) => (b.aicc < a.aicc ? b : a));
      let largest = 0;
      for (const value of y) if (value > largest) largest = value;
      return { lambda, fits: weighted(fitForms(values, periods, start, arma), average), largest };
    },
    forecast(state, h): Distribution {
      const { mean, sd } = mixtureMoments(mixture(state, h));
      const { lambda, largest } = state;
      if (lambda === 1) return { kind: 'normal', mean, sd };
      const middle = mean.map((z) => untransformed(z, lambda, 100 * largest));
      const values = new Float64Array(h * READ.length);
      for (let s = 0; s < h; s++) {
        const limit = 5 * Math.max(largest, middle[s]!);
        for (let k = 0; k < READ.length; k++) {
          const z = mean[s]! + normalQuantile(READ[k]!) * sd[s]!;
          values[s * READ.length + k] = untransformed(z, lambda, limit);
        }
      }
      return { kind: 'quantiles', mean: middle, probabilities: READ, values };
    },
    components({ fits, lambda, largest }, series, h) {
      const observed = fromFirstObserved(series.y);
      const n = series.y.length + h;
      const before = series.y.length - observed.length;
      const y = new Float64Array(observed.length + h).fill(Number.NaN);
      for (let t = 0; t < observed.length; t++) {
        y[t] = lambda === 1 ? observed[t]! : boxCox(observed[t]!, lambda);
      }
      const level = new Float64Array(n).fill(Number.NaN, 0, before);
      const trend = new Float64Array(n);
      const seasonal = new Float64Array(n);
      for (const fit of fits) {
        const parts = partsOf(fit, fit.start, y);
        for (let t = 0; t < y.length; t++) {
          level[before + t] = level[before + t]! + fit.weight * parts.level[t]!;
          trend[before + t] = trend[before + t]! + fit.weight * parts.trend[t]!;
          seasonal[before + t] = seasonal[before + t]! + fit.weight * parts.seasonal[t]!;
        }
      }
      if (lambda !== 1) {
        // Each part is what it adds to those before it on the scale of y.
        for (let t = before; t < n; t++) {
          const [l, b, s] = [level[t]!, trend[t]!, seasonal[t]!];
          level[t] = untransformed(l, lambda, 100 * largest);
          const risen = untransformed(l + b, lambda, 100 * largest);
          trend[t] = risen - level[t]!;
          seasonal[t] = untransformed(l + b + s, lambda, 100 * largest) - risen;
        }
      }
      return { level, trend, seasonal, regressors: new Float64Array(n) };
    },
    simulate(state, h, _, paths, draw) {
      const { lambda, largest } = state;
      const drawn = mixturePaths(mixture(state, h), paths, draw);
      return lambda === 1 ? drawn : drawn.map((z) => untransformed(z, lambda, 100 * largest));
    },
  };
}
