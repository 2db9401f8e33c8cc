// Forecast means and variances of exponential smoothing models, exact wherever a closed form exists.
// Hyndman, Koehler, Ord & Snyder (2008), chapter 6; the classes are numbered as there.
import type { NormalDistribution } from '../../core/distribution.ts';
import { random } from '../../core/random.ts';
import { quantileSorted } from '../../math/statistics.ts';
import type { SmoothingFit } from './fit.ts';
import { isGrowing, needsPositive } from './form.ts';
import { drawPaths, pointPath } from './paths.ts';

/** c_j, j = 1 … h − 1: what an error adds to the mean j periods later, in an additive season or none. */
function responses({ alpha, beta, gamma, phi, season }: SmoothingFit, h: number): Float64Array {
  const c = new Float64Array(h);
  const m = season.length;
  let damping = 0;
  let power = 1;
  for (let j = 1; j < h; j++) {
    power *= phi;
    damping += power;
    c[j] = alpha + beta * damping + (m > 0 && j % m === 0 ? gamma : 0);
  }
  return c;
}

/** Class 1: additive errors, and a season that is additive or absent. */
function additiveVariance(fit: SmoothingFit, h: number): Float64Array {
  const c = responses(fit, h);
  const variance = new Float64Array(h);
  let total = 1;
  for (let s = 0; s < h; s++) {
    total += c[s]! * c[s]!;
    variance[s] = fit.sigma2 * total;
  }
  return variance;
}

/** Class 2: multiplicative errors, and a season that is additive or absent. */
function relativeVariance(fit: SmoothingFit, mean: Float64Array): Float64Array {
  const h = mean.length;
  const c = responses(fit, h);
  const second = new Float64Array(h);
  const variance = new Float64Array(h);
  for (let s = 0; s < h; s++) {
    let noise = 0;
    for (let j = 1; j <= s; j++) noise += c[j]! * c[j]! * second[s - j]!;
    second[s] = mean[s]! * mean[s]! + fit.sigma2 * noise;
    variance[s] = fit.sigma2 * second[s]! + (second[s]! - mean[s]! * mean[s]!);
  }
  return variance;
}

/**
 * Class 3: multiplicative errors and season. Level and slope x follow x ← A(ε) x with A = F + g w′ε, and each
 * visit of a phase turns its seasonal value s into s (1 + γε). The first two moments of x · s are carried on
 * exactly, for each step from the origin, taking the factor (1 + γε) in at the visits of that step's phase.
 * This is the Kronecker form of section 6.3 without its 2m × 2m matrices. Fills mean and returns the variance.
 */
function seasonalVariance(fit: SmoothingFit, mean: Float64Array): Float64Array {
  const { alpha, beta, gamma, phi, sigma2, season } = fit;
  const h = mean.length;
  const m = season.length;
  const variance = new Float64Array(h);
  // E ε² = σ², E ε⁴ = 3σ⁴ and odd moments 0, as for normal errors.
  const fourth = 3 * sigma2 * sigma2;
  for (let s = 0; s < h; s++) {
    let level = fit.level;
    let slope = fit.slope;
    // Second moments of (level, slope): E l², E lb, E b².
    let ll = level * level;
    let lb = level * slope;
    let bb = slope * slope;
    for (let j = 0; j < s; j++) {
      const g = j % m === s % m ? gamma : 0;
      const trend = level + phi * slope;
      level = trend + g * sigma2 * alpha * trend;
      slope = phi * slope + g * sigma2 * beta * trend;
      // w′Mw, the second moment of the trend, and Mw times F.
      const square = ll + 2 * phi * lb + phi * phi * bb;
      const cross = phi * (lb + phi * bb);
      const keep = 1 + g * g * sigma2;
      const noise = square * (sigma2 + g * g * fourth);
      const mixed = 2 * g * sigma2;
      bb = keep * phi * phi * bb + mixed * 2 * beta * cross + noise * beta * beta;
      lb = keep * cross + mixed * (alpha * cross + beta * square) + noise * alpha * beta;
      ll = keep * square + mixed * 2 * alpha * square + noise * alpha * alpha;
    }
    const value = season[s % m]!;
    const first = (level + phi * slope) * value;
    const second = (ll + 2 * phi * lb + phi * phi * bb) * value * value;
    mean[s] = first;
    variance[s] = sigma2 * second + (second - first * first);
  }
  return variance;
}

/** Additive errors with a multiplicative season have no closed form: to first order in each error. */
function mixedVariance(fit: SmoothingFit, trend: Float64Array): Float64Array {
  const { alpha, beta, gamma, phi, sigma2, season } = fit;
  const h = trend.length;
  const m = season.length;
  const variance = new Float64Array(h);
  for (let s = 0; s < h; s++) {
    const value = season[s % m]!;
    let total = 1;
    let damping = 0;
    let power = 1;
    for (let j = s - 1; j >= 0; j--) {
      power *= phi;
      damping += power;
      let c = (value * (alpha + beta * damping)) / season[j % m]!;
      if (j % m === s % m) c += (gamma * trend[s]!) / trend[j]!;
      total += c * c;
    }
    variance[s] = sigma2 * total;
  }
  return variance;
}

/** Paths behind the spread of a multiplicative trend. */
const PATHS = 2000;

/** A multiplicative trend has no closed form, and its variance may be infinite: half of the central 68 % of paths. */
function drawnVariance(fit: SmoothingFit, h: number): Float64Array {
  const paths = drawPaths(fit, h, PATHS, random(1, 'multiplicative trend'));
  const column = new Float64Array(PATHS);
  return Float64Array.from({ length: h }, (_, s) => {
    for (let k = 0; k < PATHS; k++) column[k] = paths[k * h + s]!;
    column.sort();
    return ((quantileSorted(column, 0.841345) - quantileSorted(column, 0.158655)) / 2) ** 2;
  });
}

/**
 * The h next periods as normal distributions, in units of y.
 *
 * Multiplicative errors compound, and with a noisy series their variance grows without limit. A standard deviation
 * beyond both the forecast itself and the largest value ever observed says no more than that nothing is known, so
 * there it is held. Means and standard deviations are always numbers.
 */
export function forecastSmoothing(fit: SmoothingFit, h: number): NormalDistribution {
  const { error, season } = fit.form;
  const { trend, mean } = pointPath(fit, h);
  const path = mean.slice();
  let variance: Float64Array;
  if (isGrowing(fit.form)) {
    variance = drawnVariance(fit, h);
  } else if (error === 'additive') {
    variance = season === 'multiplicative' ? mixedVariance(fit, trend) : additiveVariance(fit, h);
  } else {
    variance = season === 'multiplicative' ? seasonalVariance(fit, mean) : relativeVariance(fit, mean);
  }
  const sd = new Float64Array(h);
  const bounded = needsPositive(fit.form);
  for (let s = 0; s < h; s++) {
    const limit = bounded ? Math.max(Math.abs(path[s]!), fit.largest) : Number.MAX_VALUE;
    const v = variance[s]!;
    if (v > 0 || v <= 0) sd[s] = Math.min(Math.sqrt(Math.max(v, 0)), limit);
    else sd[s] = limit;
    // Where the errors' own feedback has run away, the path without errors is the forecast.
    if (!(Math.abs(mean[s]! - path[s]!) <= limit)) mean[s] = path[s]!;
  }
  return { kind: 'normal', mean, sd };
}
