// A trend with kinks, seasons, holidays and regressors added up (Taylor and Letham 2018, "Prophet"), in closed form.
import type { Distribution } from '../core/distribution.ts';
import { ModelRefusal, refuseUnknownOptions, UsageError } from '../core/errors.ts';
import { frequency, label } from '../core/frequency.ts';
import type { Future } from '../core/panel.ts';
import type { Random } from '../core/random.ts';
import { checkHolidays, type HolidayOptions } from '../features/holidays/holiday-columns.ts';
import { shrunkenLeverage } from '../learn/linear/shrunken.ts';
import { solveUpper } from '../math/qr.ts';
import { normalQuantile, studentQuantile } from '../math/special.ts';
import { type AdditiveFit, additivePath, fitAdditive, type Mode, type Path } from './additive/fit.ts';
import { planAdditive, requireFuture } from './additive/plan.ts';
import type { Components, Model } from './model.ts';

export interface AdditiveOptions {
  /** `logistic` saturates at `cap` (and `floor`); defaults to `linear`. */
  readonly growth?: 'linear' | 'flat' | 'logistic';
  /** Greatest and least value that logistic growth can reach, in units of y; floor defaults to 0. */
  readonly cap?: number;
  readonly floor?: number;
  /** Most changes of slope, spread evenly; defaults to 25. */
  readonly changepoints?: number;
  /** Share of the history in which the slope may change; defaults to 0.9. */
  readonly changepoint_range?: number;
  /**
   * Whether a change of slope lasts for ever, as Prophet has it, or only until the next changepoint, after which the trend
   * is back on its line; defaults to `reverting`.
   */
  readonly slopes?: 'lasting' | 'reverting';
  /** Whether few large changes of slope are likelier than many small ones (a Laplace prior); defaults to false. */
  readonly sparse?: boolean;
  /**
   * Whether seasons and regressors add to the trend or multiply it; where they multiply, the noise grows with the
   * trend, and for a trend alone so do its moves. Defaults to what the data say.
   */
  readonly mode?: Mode | 'auto';
  /** Most pairs of sine and cosine of a season longer than 24 periods; 0 for no seasons. Defaults to 10. */
  readonly pairs?: number;
  /** A country, or holidays, events and pay days in full. */
  readonly holidays?: string | HolidayOptions;
  /** Whether lengths of months and working days count; defaults to false. */
  readonly calendar?: boolean;
  /** Whether known-future columns are used, or the names of those that are; defaults to true. */
  readonly covariates?: boolean | readonly string[];
  /** Whether an error lingers into the next period; defaults to `ar1`. */
  readonly errors?: 'ar1' | 'independent';
}

export interface AdditiveState {
  readonly fit: AdditiveFit;
  readonly freq: string;
  /** Bounds of logistic growth; undefined for other growth. */
  readonly bounds: readonly [floor: number, cap: number] | undefined;
  /** What was left out and why. */
  readonly notes: readonly string[];
}

const OPTIONS = [
  'growth',
  'cap',
  'floor',
  'changepoints',
  'changepoint_range',
  'slopes',
  'sparse',
  'mode',
  'pairs',
  'holidays',
  'calendar',
  'covariates',
  'errors',
];
const LEAST_ROWS = 4;
/**
 * Of what the stretches ahead move the trend, the share that goes on into the next one, and what is left of that share a
 * stretch later. Few series are long enough to tell; these make the intervals hold on held-out ends of the training parts
 * of M1 and M3.
 */
const PERSISTENT = 0.5;
const FADING = 0.8;
/** Nodes at which a bounded forecast is told. */
const GRID = Array.from({ length: 41 }, (_, k) => (k + 0.5) / 41);

/** The option `holidays` of a model in its long form; undefined for none. */
export function holidayOption(holidays: string | HolidayOptions | undefined): HolidayOptions | undefined {
  const options = typeof holidays === 'string' ? { country: holidays } : holidays;
  if (options) checkHolidays(options);
  return options;
}

function refuseValues(o: Required<Omit<AdditiveOptions, 'cap' | 'holidays'>> & AdditiveOptions): void {
  const choose = (option: string, value: unknown, choices: readonly string[]): void => {
    if (choices.includes(value as string)) return;
    throw new UsageError(`additive: ${option} is "${value}"; choose from ${choices.join(', ')}.`);
  };
  choose('growth', o.growth, ['linear', 'flat', 'logistic']);
  choose('slopes', o.slopes, ['lasting', 'reverting']);
  choose('mode', o.mode, ['auto', 'additive', 'multiplicative']);
  choose('errors', o.errors, ['ar1', 'independent']);
  for (const [option, value] of [
    ['changepoints', o.changepoints],
    ['pairs', o.pairs],
  ] as const) {
    if (!(Number.isInteger(value) && value >= 0)) {
      throw new UsageError(`additive: ${option} is ${value}; give a whole number of at least 0.`);
    }
  }
  if (!(o.changepoint_range > 0 && o.changepoint_range <= 1)) {
    throw new UsageError(
      `additive: changepoint_range is ${o.changepoint_range}; give a share above 0, up to 1.`,
    );
  }
  if (o.growth === 'logistic' && !(o.cap !== undefined && o.cap > o.floor && Number.isFinite(o.cap))) {
    throw new UsageError(`additive: logistic growth needs a cap above its floor of ${o.floor}.`);
  }
}

const logistic = ([floor, cap]: readonly [number, number], x: number): number =>
  floor + (cap - floor) / (1 + Math.exp(-x));

/** Log odds of y between its bounds; values at or beyond a bound are held just inside. */
const logit = ([floor, cap]: readonly [number, number], y: number): number => {
  const share = Math.min(0.999, Math.max(0.001, (y - floor) / (cap - floor)));
  return Math.log(share / (1 - share));
};

/**
 * The trend is a line whose slope may change at evenly spaced points; seasons are sines and cosines; each kind of term is
 * shrunk by as much as the data call for, and all are solved at once. Intervals hold the noise, what the coefficients
 * are not sure of, and the moves of the trend that the future will bring at the rate of the past, each of which partly
 * goes on. It needs 4 observed values; a season needs two of its cycles, a slope as much or 24 values.
 */
export function additive(options: AdditiveOptions = {}): Model<AdditiveState> {
  refuseUnknownOptions('additive', options, OPTIONS);
  const complete = {
    growth: 'linear' as const,
    floor: 0,
    changepoints: 25,
    changepoint_range: 0.9,
    slopes: 'reverting' as const,
    sparse: false,
    mode: 'auto' as const,
    pairs: 10,
    calendar: false,
    covariates: true,
    errors: 'ar1' as const,
    ...options,
  };
  refuseValues(complete);
  const holidays = holidayOption(options.holidays);
  const bounds = complete.growth === 'logistic' ? ([complete.floor, complete.cap!] as const) : undefined;
  return {
    name: 'additive',
    fit(series, context) {
      const { plan, used, notes } = planAdditive(
        'additive',
        series,
        context,
        { ...complete, growth: complete.growth === 'flat' ? 'flat' : 'linear', holidays },
        LEAST_ROWS,
      );
      const y = bounds ? series.y.map((value) => logit(bounds, value)) : series.y;
      const fit = fitAdditive(y, used, plan, context.freq, series.start, series.known, {
        mode: bounds ? 'additive' : complete.mode,
        errors: complete.errors,
        sparse: complete.sparse,
      });
      return { fit, freq: context.freq.alias, bounds, notes };
    },
    forecast: (state, h, future) => told(state, stepsAhead(state, h, future)),
    components(state, series, h, future) {
      const { fit, bounds: limits } = state;
      const freq = frequency(state.freq);
      const n = series.y.length;
      const past = additivePath(fit, freq, series.start, n, series.known);
      const ahead = stepsAhead(state, h, future);
      const parts: Components = {
        level: new Float64Array(n + h),
        trend: new Float64Array(n + h),
        seasonal: new Float64Array(n + h),
        regressors: new Float64Array(n + h),
      };
      const first = past.trend[0]!;
      const put = (t: number, path: Path, at: number, error: number): void => {
        const g = path.factor[at]!;
        const steps = [
          first + path.noise[at]! * error,
          path.trend[at]! - first,
          g * path.seasonal[at]!,
          g * path.regressors[at]!,
        ].map((value) => value * fit.unit);
        const targets = [parts.level, parts.trend, parts.seasonal, parts.regressors];
        let sum = 0;
        for (let k = 0; k < 4; k++) {
          const before = sum;
          sum += steps[k]!;
          // Within bounds a part is what it adds on top of those before it.
          const low = k === 0 ? 0 : limits ? logistic(limits, before) : before;
          targets[k]![t] = (limits ? logistic(limits, sum) : sum) - low;
        }
      };
      let carried = 0;
      for (let t = 0; t < n; t++) {
        put(t, past, t, carried);
        const value = limits ? logit(limits, series.y[t]!) : series.y[t]!;
        const explained = past.trend[t]! + past.factor[t]! * (past.seasonal[t]! + past.regressors[t]!);
        const error = (value / fit.unit - explained) / past.noise[t]!;
        carried = fit.phi * (Number.isNaN(error) ? carried : error);
      }
      const { mean } = told(state, ahead);
      for (let s = 0; s < h; s++) {
        put(n + s, ahead.path, s, fit.carried * fit.phi ** s);
        const sum =
          parts.level[n + s]! + parts.trend[n + s]! + parts.seasonal[n + s]! + parts.regressors[n + s]!;
        // Between bounds the mean is not the middle; the difference belongs to no part.
        parts.level[n + s] = parts.level[n + s]! + mean[s]! - sum;
      }
      return parts;
    },
    simulate: simulatePaths,
  };
}

/** Variance of what the trend will have moved off its line after so many periods, at a trend of 1. */
function bendsAt(fit: AdditiveFit, periods: number): number {
  const { plan, bendVariance, bendRate } = fit;
  // The sum of squares 1 … h: a change in any of the periods ahead has grown since.
  if (plan.slopes === 'lasting')
    return (bendRate * bendVariance * periods * (periods + 1) * (2 * periods + 1)) / 6;
  let variance = 0;
  /** Covariance of the next stretch's move with the sum of those before. */
  let momentum = 0;
  for (let left = periods * bendRate; left > 0; left--) {
    const share = Math.min(1, left);
    variance += share * (share + 2 * momentum);
    momentum = FADING * (momentum + PERSISTENT);
  }
  return bendAhead(fit) * variance;
}

/**
 * Variance of what a stretch ahead moves. A line fitted to few stretches takes up what they have in common, the most of it
 * where moves go on; what is seen beside the line falls short by the average covariance of two of them.
 */
function bendAhead({ plan, bendVariance }: AdditiveFit): number {
  const stretches = plan.changepoints.length;
  if (plan.slopes === 'lasting' || plan.growth === 'flat' || stretches < 2) return bendVariance;
  let shared = 0;
  for (let k = 1; k < stretches; k++) shared += (stretches - k) * PERSISTENT * FADING ** k;
  return bendVariance / (1 - (2 * shared) / (stretches * (stretches - 1)));
}

interface Ahead {
  readonly path: Path;
  /** Middle and spread of each step before any bounds, in units of y. */
  readonly middle: Float64Array;
  readonly sd: Float64Array;
}

function stepsAhead({ fit, freq }: AdditiveState, h: number, future: Future): Ahead {
  const units = frequency(freq);
  requireFuture(fit.plan, future.known, h, (step) => label(units, future.start + step));
  const path = additivePath(fit, units, future.start, h, future.known);
  const p = fit.coefficients.length;
  const middle = new Float64Array(h);
  const sd = new Float64Array(h);
  const x = new Float64Array(p);
  const scratch = new Float64Array(p);
  let noise = 0;
  let bends = 0;
  for (let s = 0; s < h; s++) {
    noise += fit.sigma2 * fit.phi ** (2 * s);
    bends = bendsAt(fit, s + 1);
    path.row(s, x);
    const unsure = fit.sigma2 * shrunkenLeverage(fit.factor, p, x, scratch);
    const lingers = path.noise[s]! * fit.carried * fit.phi ** s;
    middle[s] =
      fit.unit * (path.trend[s]! + path.factor[s]! * (path.seasonal[s]! + path.regressors[s]!) + lingers);
    const moves = path.factor[s]! ** fit.bendPower * bends;
    sd[s] = fit.unit * Math.sqrt(path.noise[s]! ** 2 * noise + unsure + moves);
  }
  return { path, middle, sd };
}

/** Steps as a distribution: Student's t, or quantiles between the bounds of logistic growth. */
function told({ fit, bounds }: AdditiveState, { middle, sd }: Ahead): Distribution {
  if (!middle.every(Number.isFinite)) throw new ModelRefusal('runs beyond all numbers; its trend explodes');
  if (!bounds) return { kind: 'student', mean: middle, sd, df: fit.df };
  const count = GRID.length;
  const values = new Float64Array(middle.length * count);
  const mean = new Float64Array(middle.length);
  for (let s = 0; s < middle.length; s++) {
    for (let k = 0; k < count; k++) {
      const value = logistic(bounds, middle[s]! + sd[s]! * studentQuantile(GRID[k]!, fit.df));
      values[s * count + k] = value;
      mean[s] = mean[s]! + value / count;
    }
  }
  return { kind: 'quantiles', mean, probabilities: Float64Array.from(GRID), values };
}

/** One course of a trend whose slope changes for good, as the move off its line after so many periods, asked in order. */
function lastingDrift({ bendVariance, bendRate }: AdditiveFit, draw: Random): () => number {
  let slope = 0;
  let line = 0;
  return () => {
    const changes = draw.poisson(bendRate);
    if (changes > 0) slope += Math.sqrt(changes * bendVariance) * draw.normal();
    line += slope;
    return line;
  };
}

/** As lastingDrift, for stretches whose moves partly go on. */
function fadingDrift(fit: AdditiveFit, draw: Random): (periods: number) => number {
  const { bendRate } = fit;
  const bend = Math.sqrt(bendAhead(fit));
  let lasts = bend * Math.sqrt(PERSISTENT) * draw.normal();
  const own = (): number => lasts + bend * Math.sqrt(1 - PERSISTENT) * draw.normal();
  let move = own();
  let passed = 0;
  let line = 0;
  return (periods) => {
    for (const stretches = periods * bendRate; passed + 1 <= stretches; passed++) {
      line += move;
      lasts = FADING * lasts + bend * Math.sqrt(PERSISTENT * (1 - FADING ** 2)) * draw.normal();
      move = own();
    }
    return line + (periods * bendRate - passed) * move;
  };
}

/** Paths with coefficients drawn from their posterior, errors that linger and moves of the trend at the past's rate. */
function simulatePaths(
  state: AdditiveState,
  h: number,
  future: Future,
  paths: number,
  draw: Random,
): Float64Array {
  const { fit, bounds } = state;
  const { path, middle } = stepsAhead(state, h, future);
  const p = fit.coefficients.length;
  const rows = Array.from({ length: h }, (_, s) => {
    const row = new Float64Array(p);
    path.row(s, row);
    return row;
  });
  const out = new Float64Array(paths * h);
  const z = new Float64Array(p);
  const lasting = fit.plan.slopes === 'lasting';
  for (let k = 0; k < paths; k++) {
    const scale = Math.sqrt(fit.df / (2 * draw.gamma(fit.df / 2)));
    const sigma = Math.sqrt(fit.sigma2) * scale;
    for (let j = 0; j < p; j++) z[j] = draw.normal();
    const off = solveUpper(fit.factor, p, z);
    let error = 0;
    const drift = lasting ? lastingDrift(fit, draw) : fadingDrift(fit, draw);
    for (let s = 0; s < h; s++) {
      error = fit.phi * error + sigma * draw.normal();
      const line = path.factor[s]! ** (fit.bendPower / 2) * scale * drift(s + 1);
      let shift = 0;
      const row = rows[s]!;
      for (let j = 0; j < p; j++) shift += row[j]! * off[j]!;
      const value = middle[s]! + fit.unit * (path.noise[s]! * error + sigma * shift + line);
      out[k * h + s] = bounds ? logistic(bounds, value) : value;
    }
  }
  return out;
}

/** What each season, holiday and regressor adds (or, where they multiply, adds as a share), with its error. */
export function additiveTable({ fit }: AdditiveState): {
  readonly term: string;
  readonly estimate: number;
  readonly standard_error: number;
  /** Bounds of the central 95 % of its posterior. */
  readonly low: number;
  readonly high: number;
}[] {
  const p = fit.coefficients.length;
  const scratch = new Float64Array(p);
  const unit = fit.mode === 'multiplicative' ? 1 : fit.unit;
  const z = normalQuantile(0.975);
  return fit.names.flatMap((term, j) => {
    if (fit.parts[j] !== 'regressors') return [];
    const x = new Float64Array(p);
    x[j] = 1;
    const error = unit * Math.sqrt(fit.sigma2 * shrunkenLeverage(fit.factor, p, x, scratch));
    const estimate = unit * fit.coefficients[j]!;
    return [{ term, estimate, standard_error: error, low: estimate - z * error, high: estimate + z * error }];
  });
}
