// Conformal calibration: errors on windows the models had not seen say how wide honest intervals are.
// Split conformal prediction (Vovk; Lei et al. 2018) on errors standardised by the blend's own spread,
// per step ahead, pooled over a segment, with a factor for each series that is shrunk by empirical Bayes.
import { normalQuantile } from '../math/special.ts';
import { quantileSorted } from '../math/statistics.ts';
import type { Rehearsal } from './rehearsal.ts';

/** What the series of each segment share of a calibration; plain data. */
export interface PooledCalibration {
  readonly probabilities: readonly number[];
  readonly h: number;
  /** Names of the segments; `standard[k]` belongs to `segments[k]`. */
  readonly segments: readonly string[];
  /** For each segment, the standardised error at probability k and step s, at s · probabilities.length + k. */
  readonly standard: readonly Float64Array[];
  /** For each segment, how the errors of one horizon hang together; for sample paths. */
  readonly dependence: readonly Dependence[];
  /** For each segment, how far a series' own errors are believed. */
  readonly shrinkage: readonly Shrinkage[];
  /** For each segment, the share of the spread with which a series was last tried that a blend may claim at least. */
  readonly least: readonly number[];
}

/** Plain data: what turns a mean and a spread into quantiles. */
export interface Calibration extends PooledCalibration {
  /** For each series: its segment, and how much wider or narrower its errors are than the segment's. */
  readonly segment: Uint16Array;
  readonly factor: Float64Array;
  /** The spread with which each series was last tried, i · h + s; NaN where none was. Empty where nothing was yet. */
  readonly proven: Float64Array;
}

/**
 * How the errors of one horizon hang together: a share of their variance that all steps have in common (a forecast
 * that is too low throughout), and the correlation of what is left from one step to the next.
 */
export interface Dependence {
  readonly shared: number;
  readonly persistence: number;
}

const MOST_CORRELATION = 0.99;

/**
 * Scores wanted beyond a quantile, and in all, before a step is trusted on its own: a bound that one in forty
 * passes needs more than a median does, or it jumps from step to step.
 */
const ENOUGH_BEYOND = 60;
const ENOUGH_SCORES = 600;
/** Windows (of any series) that weigh as much as the wider pool, and as the normal distribution. */
const SEGMENT_PRIOR = 20;
const NORMAL_PRIOR = 8;

/** Spreads below this share of a typical error are taken for it: a constant series may still surprise. */
const LEAST_SPREAD = 1e-3;

/** The spread used to standardise: the blend's, kept away from zero by the series' scale. */
export const honestSpread = (sd: number, scale: number): number =>
  Math.max(sd, scale > 0 ? LEAST_SPREAD * scale : 0, 1e-12);

/** Mean |standardised error| of each window of each series, as a logarithm; NaN where nothing is scored. */
function logSizes(rehearsal: Rehearsal, scale: Float64Array): Float64Array {
  const { windows: W, h, mean, sd, actual } = rehearsal;
  const out = new Float64Array(scale.length * W).fill(Number.NaN);
  for (let row = 0; row < out.length; row++) {
    const i = Math.floor(row / W);
    let total = 0;
    let count = 0;
    for (let s = 0; s < h; s++) {
      const at = row * h + s;
      const z = Math.abs(actual[at]! - mean[at]!) / honestSpread(sd[at]!, scale[i]!);
      if (Number.isNaN(z)) continue;
      total += z;
      count++;
    }
    // The floor keeps one perfect window from making a series look infinitely predictable.
    if (count > 0) out[row] = Math.log(Math.max(total / count, 0.05));
  }
  return out;
}

/** Errors beyond this many usual ones count as so many: one strike or flood must not decide the correlation. */
const MOST_SIZES = 3;

/** Sums over pairs of errors of one window, one entry a lag in steps: products and both sides' squares. */
type LagSums = readonly [products: Float64Array, before: Float64Array, after: Float64Array];

const lagSums = (h: number): LagSums => [new Float64Array(h), new Float64Array(h), new Float64Array(h)];

/** Adds every pair of one window's errors, NaN left out. */
function addPairs([products, before, after]: LagSums, z: Float64Array): void {
  for (let s = 0; s < z.length; s++) {
    const a = Math.max(-MOST_SIZES, Math.min(MOST_SIZES, z[s]!));
    if (Number.isNaN(a)) continue;
    for (let t = s + 1; t < z.length; t++) {
      const b = Math.max(-MOST_SIZES, Math.min(MOST_SIZES, z[t]!));
      if (Number.isNaN(b)) continue;
      products[t - s]! += a * b;
      before[t - s]! += a * a;
      after[t - s]! += b * b;
    }
  }
}

/** The correlation over lags from..to, around zero: a forecast that is too low throughout is what persists. */
function correlation([products, before, after]: LagSums, from: number, to: number): number {
  const sum = (x: Float64Array): number => x.subarray(from, to + 1).reduce((total, v) => total + v, 0);
  const size = Math.sqrt(sum(before) * sum(after));
  return size > 0 ? Math.max(0, Math.min(MOST_CORRELATION, sum(products) / size)) : 0;
}

/**
 * Splits the correlations into a part that the steps of a horizon share and a part that fades from step to step:
 * far-apart steps show the first alone, neighbours show both.
 */
function dependenceOf(sums: LagSums): Dependence {
  const h = sums[0].length;
  const far = Math.max(2, Math.ceil(h / 2));
  const near = correlation(sums, 1, 1);
  const shared = Math.min(correlation(sums, far, h - 1), near);
  return { shared, persistence: (near - shared) / (1 - shared) };
}

export interface Shrinkage {
  /** Mean log size over the segment. */
  readonly centre: number;
  /** Variance between series, and between windows of one series. */
  readonly between: number;
  readonly within: number;
}

/** Variances between and within series, by the method of moments; no difference between series if unknown. */
function shrinkageOf(
  sizes: Float64Array,
  W: number,
  series: readonly number[],
  windows: readonly number[],
): Shrinkage {
  let total = 0;
  let count = 0;
  let products = 0;
  let pairs = 0;
  let squares = 0;
  const values = (i: number): number[] =>
    windows.map((w) => sizes[i * W + w]!).filter((v) => !Number.isNaN(v));
  for (const i of series) {
    for (const v of values(i)) {
      total += v;
      count++;
    }
  }
  const centre = count > 0 ? total / count : 0;
  for (const i of series) {
    const own = values(i).map((v) => v - centre);
    for (const [a, left] of own.entries()) {
      squares += left * left;
      for (const right of own.slice(a + 1)) {
        products += left * right;
        pairs++;
      }
    }
  }
  const between = pairs > 0 ? Math.max(0, products / pairs) : 0;
  const within = count > 0 ? Math.max(1e-9, squares / count - between) : 1;
  return { centre, between, within };
}

/** A series' factor from the given windows: its mean log size, shrunk towards the segment's. */
function factorOf(
  sizes: Float64Array,
  W: number,
  i: number,
  windows: readonly number[],
  s: Shrinkage,
): number {
  let total = 0;
  let count = 0;
  for (const w of windows) {
    const v = sizes[i * W + w]!;
    if (Number.isNaN(v)) continue;
    total += v - s.centre;
    count++;
  }
  if (count === 0) return 1;
  const trust = s.between / (s.between + s.within / count);
  return Math.exp((trust * total) / count);
}

/** The numbers of several arrays in one. */
function joined(parts: readonly ArrayLike<number>[]): Float64Array {
  const out = new Float64Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The fewest steps on either side of step s, from `radius` on, that hold the wanted number of scores. */
function radiusFor(scores: readonly ArrayLike<number>[], s: number, wanted: number, radius: number): number {
  const h = scores.length;
  let count = 0;
  for (let t = Math.max(0, s - radius); t <= Math.min(h - 1, s + radius); t++) count += scores[t]!.length;
  let reach = radius;
  while (count < wanted && reach < h) {
    reach++;
    count += (scores[s - reach]?.length ?? 0) + (scores[s + reach]?.length ?? 0);
  }
  return reach;
}

/** Quantiles of standardised errors at every step, from the scores near the step. */
function stepQuantiles(
  scores: readonly ArrayLike<number>[],
  probabilities: readonly number[],
  parent: (step: number, k: number) => number,
  windows: number,
  priorWindows: number,
): Float64Array {
  const h = scores.length;
  const out = new Float64Array(h * probabilities.length);
  const trust = windows / (windows + priorWindows);
  const fromTheMiddle = probabilities
    .map((p, k) => ({ k, off: Math.abs(p - 0.5) }))
    .sort((a, b) => a.off - b.off)
    .map(({ k }) => k);
  for (let s = 0; s < h; s++) {
    let radius = -1;
    let pool: Float64Array = new Float64Array(0);
    // From the middle outwards, so that the pool only grows.
    for (const k of fromTheMiddle) {
      const p = probabilities[k]!;
      const wanted = Math.max(ENOUGH_SCORES, ENOUGH_BEYOND / Math.min(p, 1 - p));
      const reach = pool.length < wanted ? radiusFor(scores, s, wanted, Math.max(radius, 0)) : radius;
      if (reach > radius) {
        radius = reach;
        pool = joined(scores.slice(Math.max(0, s - radius), s + radius + 1)).sort();
      }
      // Type 6 of Hyndman and Fan: position p(n + 1), the finite-sample correction of conformal prediction.
      const n = pool.length;
      const level = (p * (n + 1) - 1) / Math.max(n - 1, 1);
      const own = n > 0 ? quantileSorted(pool, level) : 0;
      out[s * probabilities.length + k] = n > 0 ? trust * own + (1 - trust) * parent(s, k) : parent(s, k);
    }
  }
  return out;
}

/**
 * A blend may claim to know this much better than when it was last tried. More would be a claim of models that had too
 * little history to be tried, and errors that were made with other spreads know nothing of it.
 */
const LEAST_OF_PROVEN = 0.8;
/** The same where windows of the past did not see the season that the forecast knows: what is known better is known by right. */
const LEAST_OF_UNTOLD = 0.5;
/** Errors on such windows are those of other forecasts: they count as much as the normal distribution. */
const TRUST_OF_UNTOLD = 0.5;

/**
 * Learns what the series of each segment share, from the given windows of a rehearsal. `scale` holds the in-sample
 * error scale of each series, `segments` the segment of each series; `untold` names segments of whose season the windows say
 * little (`select/sight.ts`).
 */
export function poolErrors(
  rehearsal: Rehearsal,
  segments: readonly string[],
  scale: Float64Array,
  windows: readonly number[],
  probabilities: readonly number[],
  untold: readonly string[] = [],
): PooledCalibration {
  const { windows: W, h, mean, sd, actual } = rehearsal;
  const names = [...new Set(segments)].sort();
  const sizes = logSizes(rehearsal, scale);
  const normal = (_: number, k: number): number => normalQuantile(probabilities[k]!);

  const scoresOf = names.map((name) => {
    const series = segments.flatMap((s, i) => (s === name ? [i] : []));
    const shrinkage = shrinkageOf(sizes, W, series, windows);
    const byStep: number[][] = Array.from({ length: h }, () => []);
    const pairs = lagSums(h);
    const window = new Float64Array(h);
    let used = 0;
    for (const i of series) {
      for (const w of windows) {
        if (Number.isNaN(sizes[i * W + w]!)) continue;
        used++;
        // A window's errors are judged by the series' other windows, or they would vouch for themselves.
        const others = factorOf(
          sizes,
          W,
          i,
          windows.filter((v) => v !== w),
          shrinkage,
        );
        for (let s = 0; s < h; s++) {
          const at = (i * W + w) * h + s;
          const z = (actual[at]! - mean[at]!) / (honestSpread(sd[at]!, scale[i]!) * others);
          if (!Number.isNaN(z)) byStep[s]!.push(z);
          window[s] = z;
        }
        addPairs(pairs, window);
      }
    }
    const scores = byStep.map((own) => Float64Array.from(own));
    return { byStep: scores, used, shrinkage, dependence: dependenceOf(pairs) };
  });

  const all = Array.from({ length: h }, (_, s) => joined(scoresOf.map(({ byStep }) => byStep[s]!)));
  const allUsed = scoresOf.reduce((total, { used }) => total + used, 0);
  const overall = stepQuantiles(all, probabilities, normal, allUsed, NORMAL_PRIOR);
  const K = probabilities.length;
  const standard = scoresOf.map(({ byStep, used }, segment) => {
    const own = stepQuantiles(byStep, probabilities, (s, k) => overall[s * K + k]!, used, SEGMENT_PRIOR);
    if (untold.includes(names[segment]!)) {
      for (const [at, z] of own.entries())
        own[at] = TRUST_OF_UNTOLD * z + (1 - TRUST_OF_UNTOLD) * normal(0, at % K);
    }
    for (let s = 0; s < h; s++) own.subarray(s * K, (s + 1) * K).sort();
    return own;
  });
  const dependence = scoresOf.map((scores) => scores.dependence);
  const shrinkage = scoresOf.map((scores) => scores.shrinkage);
  const least = names.map((name) => (untold.includes(name) ? LEAST_OF_UNTOLD : LEAST_OF_PROVEN));
  return { probabilities, h, segments: names, standard, dependence, shrinkage, least };
}

/**
 * Adds each series' own factor to what its segment shares. The series need not be those that `pooled` was learned
 * from, but their segments must be.
 */
export function calibrateSeries(
  pooled: PooledCalibration,
  rehearsal: Rehearsal,
  segments: readonly string[],
  scale: Float64Array,
  windows: readonly number[],
): Calibration {
  const sizes = logSizes(rehearsal, scale);
  const segment = Uint16Array.from(segments, (name) => pooled.segments.indexOf(name));
  const factor = Float64Array.from(segment, (k, i) =>
    factorOf(sizes, rehearsal.windows, i, windows, pooled.shrinkage[k]!),
  );
  return { ...pooled, segment, factor, proven: new Float64Array(0) };
}

/**
 * Quantile columns of one series, one array of h values a probability, from the blend's mean and spread.
 * Steps beyond the calibrated horizon take the last step's quantiles.
 */
export function calibratedQuantiles(
  calibration: Calibration,
  series: number,
  mean: Float64Array,
  sd: Float64Array,
  scale: number,
): Float64Array[] {
  const { probabilities, h, standard, segment, factor, proven, least } = calibration;
  const own = standard[segment[series]!]!;
  const claimed = sd.map((spread, s) => {
    const tried = proven[series * h + Math.min(s, h - 1)] ?? Number.NaN;
    const claim = Number.isNaN(tried) ? spread : Math.max(least[segment[series]!]! * tried, spread);
    return honestSpread(claim, scale) * factor[series]!;
  });
  return probabilities.map((_, k) =>
    mean.map((centre, s) => centre + own[Math.min(s, h - 1) * probabilities.length + k]! * claimed[s]!),
  );
}
