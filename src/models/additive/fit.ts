// Fits trend, seasons and regressors at once: shrunken least squares, added or multiplied, with errors that linger.
import type { Frequency } from '../../core/frequency.ts';
import { gramOf, type ShrunkenFit, shrunkenFit } from '../../learn/linear/shrunken.ts';
import { type AdditiveColumns, additiveColumns, KINK, type Part, type Plan } from './design.ts';

export type Mode = 'additive' | 'multiplicative';

/** Plain data; all numbers in units of y / `unit`. */
export interface AdditiveFit {
  readonly plan: Plan;
  readonly mode: Mode;
  readonly unit: number;
  readonly names: readonly string[];
  readonly parts: readonly Part[];
  readonly coefficients: Float64Array;
  /** Coefficients have the covariance sigma2 (RᵀR)⁻¹. */
  readonly factor: Float64Array;
  /** Where the parts multiply, the variance of an error is sigma2 times the trend to this power: 1 as for counts, or 2. */
  readonly power: number;
  /** Variance of what is new in each error, at a trend of 1 where the parts multiply. */
  readonly sigma2: number;
  readonly df: number;
  /** Share of an error that is still there one period later. */
  readonly phi: number;
  /** The error expected of the period after the series, at a trend of 1 where the parts multiply. */
  readonly carried: number;
  /**
   * Variance of a change of slope, per period squared, where changes last; where they revert, of what a stretch of the
   * trend moves beside its line; at a trend of 1.
   */
  readonly bendVariance: number;
  /** The variance of a bend grows with the trend to this power: `power` for a trend alone, else 0. */
  readonly bendPower: number;
  /** Changes of slope, or stretches, a period. */
  readonly bendRate: number;
  /** Least trend of a multiplied forecast. */
  readonly floor: number;
}

export interface FitOptions {
  readonly mode: Mode | 'auto';
  readonly errors: 'ar1' | 'independent';
  /** Whether a few changes of slope shall explain what many small ones could (a Laplace prior). */
  readonly sparse: boolean;
}

/** Least trend, as a share of the mean, that parts may multiply; where more of the rows lie below, they add. */
const LEAST_TREND = 0.1;
const MOST_BELOW = 0.3;
/** Greatest share of an error that lingers: beyond it errors and trend are the same thing. */
const MOST_PHI = 0.95;

interface Rows {
  readonly z: Float64Array;
  readonly y: Float64Array;
  readonly rows: number;
  /** Sum of the logs of the rows' variances: what whitening and dividing add to the deviance. */
  readonly volume: number;
}

/** Used rows, divided by the trend where the parts multiply and freed of what lingers of the error before. */
function rowsOf(
  y: Float64Array,
  used: Uint8Array,
  { columns, parts }: AdditiveColumns,
  trend: Float64Array | undefined,
  power: number,
  phi: number,
): Rows {
  const p = columns.length;
  const n = y.length;
  const isTrend = parts.map((part) => part === 'trend');
  let count = 0;
  for (let t = 0; t < n; t++) count += used[t]!;
  const z = new Float64Array(count * p);
  const answers = new Float64Array(count);
  let volume = 0;
  let r = 0;
  for (let t = 0; t < n; t++) {
    if (!used[t]) continue;
    const g = trend ? trend[t]! : 1;
    const weight = g ** (-power / 2);
    answers[r] = y[t]! * weight;
    for (let j = 0; j < p; j++) z[r * p + j] = columns[j]![t]! * (isTrend[j] ? weight : g * weight);
    volume += power * Math.log(g);
    r++;
  }
  if (phi > 0) {
    // From the last row back, so that the row before is still as it was.
    let t = n - 1;
    for (r = count - 1; r >= 0; r--) {
      while (!used[t]) t--;
      let before = t - 1;
      while (before >= 0 && !used[before]) before--;
      const share = r > 0 ? phi ** (t - before) : 0;
      const variance = (1 - share * share) / (1 - phi * phi);
      const scale = 1 / Math.sqrt(variance);
      const at = r * p;
      for (let j = 0; j < p; j++) z[at + j] = (z[at + j]! - (r > 0 ? share * z[at - p + j]! : 0)) * scale;
      answers[r] = (answers[r]! - (r > 0 ? share * answers[r - 1]! : 0)) * scale;
      volume += Math.log(variance);
      t = before;
    }
  }
  return { z, y: answers, rows: count, volume };
}

function partSum(
  { columns, parts }: Pick<AdditiveColumns, 'columns' | 'parts'>,
  b: Float64Array,
  part: Part,
  n: number,
): Float64Array {
  const out = new Float64Array(n);
  for (let j = 0; j < columns.length; j++) {
    if (parts[j] !== part || b[j] === 0) continue;
    const column = columns[j]!;
    for (let t = 0; t < n; t++) out[t] = out[t]! + b[j]! * column[t]!;
  }
  return out;
}

/** Errors of a fit, at a trend of 1 where parts multiply; NaN where a cell is not used. */
function errorsOf(
  y: Float64Array,
  used: Uint8Array,
  made: AdditiveColumns,
  b: Float64Array,
  trend: Float64Array | undefined,
  power: number,
): Float64Array {
  const n = y.length;
  const level = partSum(made, b, 'trend', n);
  const season = partSum(made, b, 'seasonal', n);
  const effect = partSum(made, b, 'regressors', n);
  return y.map((value, t) => {
    if (!used[t]) return Number.NaN;
    const g = trend ? trend[t]! : 1;
    return (value - level[t]! - g * (season[t]! + effect[t]!)) * g ** (-power / 2);
  });
}

/** Autocorrelation of errors of neighbouring periods. */
function lingering(e: Float64Array): number {
  let products = 0;
  let squares = 0;
  let pairs = 0;
  for (let t = 1; t < e.length; t++) {
    const product = e[t]! * e[t - 1]!;
    if (Number.isNaN(product)) continue;
    products += product;
    squares += (e[t]! ** 2 + e[t - 1]! ** 2) / 2;
    pairs++;
  }
  // One pair's worth of doubt, so that short series do not linger by chance.
  return squares > 0 ? Math.min(MOST_PHI, Math.max(0, products / squares - 1 / Math.max(1, pairs))) : 0;
}

const trendAlone = (parts: readonly Part[]): boolean => parts.every((part) => part === 'trend');

/**
 * Penalty weights by which the bends of a trend alone, like its noise, are expected to grow with it. Beside seasons and
 * regressors a trend of rough days is too unsure to be its own scale; there promotions were forecast worse for it.
 */
function bendWeights(
  { changepoints }: Plan,
  { names, parts }: AdditiveColumns,
  weights: Float64Array,
  line: Float64Array | undefined,
  power: number,
  start: number,
): Float64Array {
  if (!line || !trendAlone(parts)) return weights;
  let k = 0;
  return weights.map((weight, j) => {
    if (names[j] !== KINK) return weight;
    const t = Math.min(line.length - 1, Math.max(0, changepoints[k++]! - start));
    return weight * line[t]! ** -power;
  });
}

/**
 * Fits the plan to the used cells of y. `auto` multiplies the parts of values that are not negative where there are
 * regressors, and else where that makes the data likelier; noise then grows with the trend. Errors linger where the
 * evidence says so.
 */
export function fitAdditive(
  y: Float64Array,
  used: Uint8Array,
  plan: Plan,
  freq: Frequency,
  start: number,
  known: readonly Float64Array[],
  { mode, errors, sparse }: FitOptions,
): AdditiveFit {
  const n = y.length;
  const made = additiveColumns(plan, freq, start, n, known);
  const p = made.columns.length;
  const weights = new Float64Array(p).fill(1);
  let total = 0;
  let count = 0;
  let negative = false;
  for (let t = 0; t < n; t++) {
    if (!used[t]) continue;
    total += Math.abs(y[t]!);
    count++;
    if (y[t]! < 0) negative = true;
  }
  const unit = total > 0 ? total / count : 1;
  const scaled = y.map((value) => value / unit);
  const attempt = (
    line: Float64Array | undefined,
    power: number,
    phi: number,
    lambda: Float64Array,
    steps: number,
  ): { fit: ShrunkenFit; deviance: number } => {
    const rows = rowsOf(scaled, used, made, line, power, phi);
    const scales = bendWeights(plan, made, weights, line, power, start);
    const fit = shrunkenFit(gramOf(rows.z, rows.y, rows.rows, p), made.groups, scales, lambda, steps);
    return { fit, deviance: fit.deviance + rows.volume };
  };

  let trend: Float64Array | undefined;
  let power = 0;
  let best = attempt(undefined, 0, 0, new Float64Array(made.groupCount).fill(1), 10);
  if (mode !== 'additive' && !negative) {
    const first = best;
    // Prices, promotions and holidays work in shares; a few rows cannot tell, and a wrong guess costs much when the level
    // moves.
    const prefer = mode === 'multiplicative' || made.parts.includes('regressors');
    for (const tried of [2, 1]) {
      let candidate = first;
      let line: Float64Array | undefined;
      for (let pass = 0; pass < 2; pass++) {
        const level = partSum(made, candidate.fit.coefficients, 'trend', n);
        let below = 0;
        for (let t = 0; t < n; t++) if (used[t] && !(level[t]! > LEAST_TREND)) below++;
        line = below <= MOST_BELOW * count ? level.map((value) => Math.max(value, LEAST_TREND)) : undefined;
        if (!line) break;
        candidate = attempt(line, tried, 0, candidate.fit.lambda, pass === 0 ? 6 : 4);
      }
      if (line && ((prefer && !trend) || candidate.deviance < best.deviance)) {
        best = candidate;
        trend = line;
        power = tried;
      }
    }
  }
  let phi = 0;
  if (errors === 'ar1' && count > (2 * p) / 3) {
    let tried = lingering(errorsOf(scaled, used, made, best.fit.coefficients, trend, power));
    for (let pass = 0; pass < 2 && tried > 0.05; pass++) {
      const candidate = attempt(trend, power, tried, best.fit.lambda, 6);
      if (!(candidate.deviance < best.deviance - (pass === 0 ? 2 : 0))) break;
      best = candidate;
      phi = tried;
      tried = lingering(errorsOf(scaled, used, made, best.fit.coefficients, trend, power));
    }
  }
  if (sparse && plan.changepoints.length > 0) {
    // A Laplace prior is a ridge whose penalties fall with the size of what they penalise (Park and Casella 2008).
    for (let pass = 0; pass < 3; pass++) {
      const b = best.fit.coefficients;
      let size = 0;
      for (let j = 0; j < p; j++) if (made.names[j] === KINK) size += Math.abs(b[j]!);
      size /= plan.changepoints.length;
      for (let j = 0; j < p; j++) {
        if (made.names[j] === KINK && size > 0) weights[j] = size / Math.max(Math.abs(b[j]!), 0.05 * size);
      }
      best = attempt(trend, power, phi, best.fit.lambda, 0);
    }
  }
  const { coefficients, factor, lambda, sigma2, effective } = best.fit;
  const e = errorsOf(scaled, used, made, coefficients, trend, power);
  let last = n - 1;
  while (last > 0 && Number.isNaN(e[last]!)) last--;
  const level = partSum(made, coefficients, 'trend', n);
  const changes = plan.changepoints.length;
  return {
    plan,
    mode: trend ? 'multiplicative' : 'additive',
    unit,
    power,
    names: made.names,
    parts: made.parts,
    coefficients,
    factor,
    sigma2,
    df: Math.max(3, count - effective),
    phi,
    carried: phi > 0 ? e[last]! * phi ** (n - last) : 0,
    bendVariance: changes > 0 ? sigma2 / lambda[0]! / (plan.slopes === 'lasting' ? plan.span ** 2 : 1) : 0,
    bendPower: trendAlone(made.parts) ? power : 0,
    bendRate: changes / Math.max(1, plan.span),
    floor: trend ? LEAST_TREND * Math.min(1, Math.abs(level[n - 1]!)) : -Infinity,
  };
}

/** The parts of a fit over some periods, in units of y / unit; season and regressors as shares where they multiply. */
export interface Path {
  readonly trend: Float64Array;
  readonly seasonal: Float64Array;
  readonly regressors: Float64Array;
  /** What multiplies the season and the regressors, 1 where parts add; and what multiplies an error. */
  readonly factor: Float64Array;
  readonly noise: Float64Array;
  /** Row of the design at a period: what the coefficients add up from, before the unit. */
  readonly row: (t: number, out: Float64Array) => void;
}

/** Evaluates a fit over the periods start … start + n − 1. */
export function additivePath(
  fit: AdditiveFit,
  freq: Frequency,
  start: number,
  n: number,
  known: readonly Float64Array[],
): Path {
  const made = additiveColumns(fit.plan, freq, start, n, known);
  const b = fit.coefficients;
  // The past may dip below 0 as its coefficients have it; what is ahead is held at a little above.
  const ahead = start >= fit.plan.origin + fit.plan.span;
  const trend = partSum(made, b, 'trend', n).map((value) => (ahead ? Math.max(value, fit.floor) : value));
  const multiplied = fit.mode === 'multiplicative';
  const factor = trend.map((value) => (multiplied ? Math.max(value, ahead ? fit.floor : LEAST_TREND) : 1));
  return {
    trend,
    seasonal: partSum(made, b, 'seasonal', n),
    regressors: partSum(made, b, 'regressors', n),
    factor,
    noise: factor.map((value) => value ** (fit.power / 2)),
    row: (t, out) => {
      for (let j = 0; j < b.length; j++) {
        out[j] = made.columns[j]![t]! * (made.parts[j] === 'trend' ? 1 : factor[t]!);
      }
    },
  };
}
