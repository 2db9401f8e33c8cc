// A regression in front of any model: what holidays and known-future columns do is taken out before it and put back after.
import type { Distribution } from '../core/distribution.ts';
import { quantile } from '../core/distribution.ts';
import { ModelRefusal, refuseUnknownOptions, UsageError } from '../core/errors.ts';
import { frequency, label } from '../core/frequency.ts';
import type { Future, Series } from '../core/panel.ts';
import type { HolidayOptions } from '../features/holidays/holiday-columns.ts';
import type { PayDay } from '../features/holidays/shop-events.ts';
import { shrunkenLeverage } from '../learn/linear/shrunken.ts';
import { solveUpper } from '../math/qr.ts';
import { type AdditiveFit, fitAdditive, type Mode, type Path } from './additive/fit.ts';
import { planAdditive, requireFuture } from './additive/plan.ts';
import { holidayOption } from './additive.ts';
import type { Context, Model, ModelSpec } from './model.ts';
import { termWidth } from './regression-terms.ts';
import { growRegressorTrees, pathWithTrees, type RegressorTrees } from './regressor-trees.ts';
import { drawPaths } from './simulation.ts';

export interface RegressorOptions {
  /** The model behind the regression; defaults to `dynamic-optimised-theta`. */
  readonly model?: string | ModelSpec;
  /**
   * How effects are estimated: `ridge`, the default, shrinks each kind of them by the evidence; `boosted` lets trees look for
   * thresholds and for columns that work together in what the ridge leaves, and takes as much as holds on unseen rows.
   */
  readonly regressors?: 'ridge' | 'boosted';
  /** Whether known-future columns are used, or the names of those that are; defaults to true. */
  readonly covariates?: boolean | readonly string[];
  /** A country, or holidays, events and pay days in full. */
  readonly holidays?: string | HolidayOptions;
  /** Days of the month on which wages come. */
  readonly pay_days?: readonly PayDay[];
  /** Whether lengths of months, working days and the turns of months count; defaults to false. */
  readonly calendar?: boolean;
  /** Whether effects add to sales or multiply them; defaults to what the data say. */
  readonly mode?: Mode | 'auto';
}

export interface RegressorState {
  /** The regression; undefined where there was nothing to regress on. */
  readonly effects: AdditiveFit | undefined;
  /** What trees add to the regression; undefined where none were asked for, or where they found nothing that holds. */
  readonly grown: RegressorTrees | undefined;
  readonly inner: unknown;
  readonly freq: string;
  /** What was left out and why. */
  readonly notes: readonly string[];
}

const OPTIONS = ['model', 'regressors', 'covariates', 'holidays', 'pay_days', 'calendar', 'mode'];
/** Fewest rows to learn an effect from. */
const LEAST_ROWS = 12;
/** Least factor by which effects may multiply sales: a share below it is more likely an error than an effect. */
const LEAST_FACTOR = 0.05;
/** A cell of which the effects leave less than this share says nothing of the rest. */
const LEAST_TELLING = 0.3;
/** A period ahead with a greater leverage is refused: there the error of the effects is over ten times the noise. */
const MOST_LEVERAGE = 100;
const PROBABILITIES = Float64Array.from({ length: 39 }, (_, k) => (k + 1) / 40);

/**
 * The effects are fitted together with a trend that may bend and with the seasons, so that a promotion in December is not
 * credited with December; then the model gets the series without them. Where effects multiply, the series is divided by
 * them. Intervals are those of the model, widened by what the coefficients are not sure of. Nothing can be learned from a
 * column that is constant over the series: static ones never get here, and others are left out; `boosted` uses them.
 */
export function withRegressors(
  create: (spec: ModelSpec | string) => Model,
  options: RegressorOptions = {},
): Model<RegressorState> {
  refuseUnknownOptions('with-regressors', options, OPTIONS);
  const {
    model: spec = 'dynamic-optimised-theta',
    regressors = 'ridge',
    covariates = true,
    calendar = false,
    mode = 'auto',
  } = options;
  const innerName = typeof spec === 'string' ? spec : spec.model;
  if (innerName === 'with-regressors')
    throw new UsageError('with-regressors cannot have itself as its model.');
  if (!['ridge', 'boosted'].includes(regressors)) {
    throw new UsageError(`with-regressors: regressors is "${regressors}"; choose from ridge, boosted.`);
  }
  if (!['auto', 'additive', 'multiplicative'].includes(mode)) {
    throw new UsageError(`with-regressors: mode is "${mode}"; choose from auto, additive, multiplicative.`);
  }
  const asked = holidayOption(options.holidays);
  const holidays = options.pay_days ? holidayOption({ ...asked, pay_days: options.pay_days }) : asked;
  const inner = create(spec);
  const plan = {
    growth: 'linear',
    changepoints: 25,
    changepoint_range: 1,
    slopes: 'reverting',
    pairs: 10,
  } as const;

  return {
    name: 'with-regressors',
    fit(series, context) {
      const bare: Context = { ...context, knownFuture: [] };
      const plain = (y: Float64Array): Series => ({ ...series, y, known: [] });
      const observed = series.y.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
      const planned = planAdditive(
        'with-regressors',
        series,
        context,
        { ...plan, holidays, calendar, covariates },
        0,
      );
      const { covariates: columns, holidayNames, calendar: counted } = planned.plan;
      const freq = context.freq.alias;
      const rows = planned.used.reduce((a, b) => a + b, 0);
      if ((columns.length === 0 && holidayNames.length === 0 && !counted) || rows < LEAST_ROWS) {
        const notes = [...planned.notes];
        if (observed > 0 && rows < LEAST_ROWS && (columns.length > 0 || holidayNames.length > 0)) {
          notes.push(`${rows} rows are too few to learn effects from`);
        }
        return { effects: undefined, grown: undefined, inner: inner.fit(plain(series.y), bare), freq, notes };
      }
      const effects = fitAdditive(
        series.y,
        planned.used,
        planned.plan,
        context.freq,
        series.start,
        series.known,
        {
          mode,
          errors: 'ar1',
          sparse: false,
        },
      );
      const grown =
        regressors === 'boosted'
          ? growRegressorTrees(effects, context.freq, series.start, series.y, series.known, planned.used)
          : undefined;
      const path = pathWithTrees(effects, grown, context.freq, series.start, series.y.length, series.known);
      const y = series.y.map((value, t) => without(effects, path, t, value));
      return { effects, grown, inner: inner.fit(plain(y), bare), freq, notes: planned.notes };
    },
    forecast(state, h, future) {
      const d = inner.forecast(state.inner, h, { ...future, known: [] });
      if (!state.effects) return d;
      return put(d, state.effects, effectsAhead(state, h, future));
    },
    components(state, series, h, future) {
      const bareFuture = { ...future, known: [] };
      const { effects } = state;
      const n = series.y.length;
      if (!effects) return inner.components(state.inner, series, h, bareFuture);
      const path = pathWithTrees(effects, state.grown, frequency(state.freq), series.start, n, series.known);
      const y = series.y.map((value, t) => without(effects, path, t, value));
      const parts = inner.components(state.inner, { ...series, y, known: [] }, h, bareFuture);
      const ahead = effectsAhead(state, h, future);
      const regressors = Float64Array.from(parts.regressors);
      for (let t = 0; t < n + h; t++) {
        const share = t < n ? path.regressors[t]! : ahead.path.regressors[t - n]!;
        const base = parts.level[t]! + parts.trend[t]! + parts.seasonal[t]! + parts.regressors[t]!;
        const effect =
          effects.mode === 'additive' ? effects.unit * share : base * (Math.max(LEAST_FACTOR, 1 + share) - 1);
        // A column that was not there has no effect to tell.
        if (!Number.isNaN(effect)) regressors[t] = regressors[t]! + effect;
      }
      return { ...parts, regressors };
    },
    simulate(state, h, future, paths, draw) {
      const { effects } = state;
      const out = drawPaths(inner, state.inner, h, { ...future, known: [] }, paths, draw);
      if (!effects) return out;
      const { path, doubt } = effectsAhead(state, h, future);
      const p = effects.coefficients.length;
      const z = new Float64Array(p);
      const rows = Array.from({ length: h }, (_, s) => regressorRow(effects, path, s));
      const sigma = Math.sqrt(effects.sigma2);
      for (let k = 0; k < paths; k++) {
        for (let j = 0; j < p; j++) z[j] = sigma * draw.normal();
        const off = solveUpper(effects.factor, p, z);
        const astray = doubt > 0 ? Math.sqrt(doubt) * draw.normal() : 0;
        for (let s = 0; s < h; s++) {
          let effect = path.regressors[s]! + astray * path.added[s]!;
          for (let j = 0; j < p; j++) effect += rows[s]![j]! * off[j]!;
          const at = k * h + s;
          out[at] =
            effects.mode === 'additive'
              ? out[at]! + effects.unit * effect
              : out[at]! * Math.max(LEAST_FACTOR, 1 + effect);
        }
      }
      return out;
    },
  };
}

/**
 * A cell of the series without the effects on it; missing where a column is, and where the effects leave so little of
 * sales (a closed day) that dividing by them would show noise, not demand.
 */
function without(effects: AdditiveFit, path: Path, t: number, value: number): number {
  const share = path.regressors[t]!;
  if (effects.mode === 'additive') return value - effects.unit * share;
  return 1 + share < LEAST_TELLING ? Number.NaN : value / (1 + share);
}

/** A row of the design in which only the regressors are told. */
function regressorRow({ parts }: AdditiveFit, { row, factor }: Path, t: number): Float64Array {
  const x = new Float64Array(parts.length);
  row(t, x);
  // Effects are told as shares where they multiply.
  for (let j = 0; j < x.length; j++) x[j] = parts[j] === 'regressors' ? x[j]! / factor[t]! : 0;
  return x;
}

interface EffectsAhead {
  readonly path: ReturnType<typeof pathWithTrees>;
  /** Variance of what the trees add, over its square: of what they say a share came true, the rest is doubt about it. */
  readonly doubt: number;
  /** Variance of each step's effect, in the square of what `path.regressors` is in. */
  readonly variance: Float64Array;
}

function effectsAhead(state: RegressorState, h: number, future: Future): EffectsAhead {
  const effects = state.effects!;
  const freq = frequency(state.freq);
  const when = (step: number): string => label(freq, future.start + step);
  requireFuture(effects.plan, future.known, h, when);
  const path = pathWithTrees(effects, state.grown, freq, future.start, h, future.known);
  const doubt = state.grown ? (1 - state.grown.share) / state.grown.share : 0;
  const p = effects.coefficients.length;
  // The known-future columns come last in the design.
  const columns = effects.plan.covariates.reduce((width, term) => width + termWidth(term), 0);
  const scratch = new Float64Array(p);
  const variance = new Float64Array(h);
  for (let s = 0; s < h; s++) {
    const row = regressorRow(effects, path, s);
    variance[s] =
      effects.sigma2 * shrunkenLeverage(effects.factor, p, row, scratch) + doubt * path.added[s]! ** 2;
    // A holiday seen once is unsure but not strange; a price far beyond any before is.
    row.fill(0, 0, p - columns);
    if (shrunkenLeverage(effects.factor, p, row, scratch) > MOST_LEVERAGE) {
      throw new ModelRefusal(`is asked about ${when(s)}, too far outside what the regression has seen`);
    }
  }
  return { path, doubt, variance };
}

/** The forecast with the effects put back, and widened by what they are not sure of. */
function put(d: Distribution, { mode, unit }: AdditiveFit, { path, variance }: EffectsAhead): Distribution {
  const h = d.mean.length;
  const multiplied = mode === 'multiplicative';
  const shift = path.regressors.map((share) => (multiplied ? 0 : unit * share));
  const factor = path.regressors.map((share) => (multiplied ? Math.max(LEAST_FACTOR, 1 + share) : 1));
  const extra = d.mean.map((value, s) => variance[s]! * (multiplied ? value * value : unit * unit));
  const mean = d.mean.map((value, s) => factor[s]! * value + shift[s]!);
  if (d.kind === 'normal' || d.kind === 'student') {
    const sd = d.sd.map((value, s) => Math.sqrt((factor[s]! * value) ** 2 + extra[s]!));
    return { ...d, mean, sd };
  }
  const low = quantile(d, 0.158655);
  const high = quantile(d, 0.841345);
  // Other forms are stretched about their middle until their spread holds the extra variance.
  const stretch = Float64Array.from({ length: h }, (_, s) => {
    const sd = (factor[s]! * (high[s]! - low[s]!)) / 2;
    return sd > 0 ? Math.sqrt(1 + extra[s]! / (sd * sd)) : 1;
  });
  const probabilities = d.kind === 'quantiles' ? d.probabilities : PROBABILITIES;
  const columns = Array.from(probabilities, (p) => quantile(d, p));
  const middle = quantile(d, 0.5);
  const count = probabilities.length;
  const values = new Float64Array(h * count);
  for (let s = 0; s < h; s++) {
    for (let k = 0; k < count; k++) {
      const value = middle[s]! + stretch[s]! * (columns[k]![s]! - middle[s]!);
      values[s * count + k] = factor[s]! * value + shift[s]!;
    }
  }
  return { kind: 'quantiles', mean, probabilities, values };
}
