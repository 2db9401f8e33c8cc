// The future of a fitted ARIMA model: means, variances and sample paths.
// Variances hold what the innovations do and how uncertain the regression is; R leaves the latter out.
import type { NormalDistribution } from '../../core/distribution.ts';
import type { Random } from '../../core/random.ts';
import { differenceWeights } from './differencing.ts';
import type { ArimaFit, ColumnEnd } from './fit.ts';

/** Terms of a difference equation in levels: y(t) = w(t) + Σ weightᵢ y(t − lagᵢ). */
function levelTerms(fit: ArimaFit): { lags: number[]; weights: number[] } {
  const all = differenceWeights(fit.order);
  const lags: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < all.length; i++) {
    if (all[i] === 0) continue;
    lags.push(i + 1);
    weights.push(all[i]!);
  }
  return { lags, weights };
}

/** The path of h steps that a column's end implies, all further innovations 0. */
function pathOf(fit: ArimaFit, { state, tail }: ColumnEnd, h: number): Float64Array {
  const { phi } = fit;
  const w = new Float64Array(h);
  for (let s = 0; s < h; s++) {
    let value = s < state.length ? state[s]! : 0;
    for (let k = 0; k < phi.lags.length; k++) {
      const at = s - phi.lags[k]!;
      if (at >= 0) value += phi.coefficients[k]! * w[at]!;
    }
    w[s] = value;
  }
  const { lags, weights } = levelTerms(fit);
  for (let s = 0; s < h; s++) {
    let value = w[s]!;
    for (let k = 0; k < lags.length; k++) {
      const at = s - lags[k]!;
      value += weights[k]! * (at >= 0 ? w[at]! : tail[tail.length + at]!);
    }
    w[s] = value;
  }
  return w;
}

/** What innovations e, one a step, add to the levels, in place. */
function carry(fit: ArimaFit, e: Float64Array, from: number, h: number, w: Float64Array): void {
  const { phi, theta } = fit;
  const { lags, weights } = levelTerms(fit);
  for (let s = 0; s < h; s++) {
    let value = e[from + s]!;
    for (let k = 0; k < theta.lags.length; k++) {
      const at = s - theta.lags[k]!;
      if (at >= 0) value += theta.coefficients[k]! * e[from + at]!;
    }
    for (let k = 0; k < phi.lags.length; k++) {
      const at = s - phi.lags[k]!;
      if (at >= 0) value += phi.coefficients[k]! * w[at]!;
    }
    w[s] = value;
  }
  for (let s = 0; s < h; s++) {
    let value = w[s]!;
    for (let k = 0; k < lags.length; k++) {
      const at = s - lags[k]!;
      if (at >= 0) value += weights[k]! * w[at]!;
    }
    w[s] = value;
  }
  e.set(w.subarray(0, h), from);
}

/** The parts of the mean, in units of y: the model's own path, and what each column adds. */
export interface MeanParts {
  readonly path: Float64Array;
  /** One for each regressor and the constant. */
  readonly effects: readonly Float64Array[];
  /** How each uncertain column's error bears on each step, in units of y a unit of it over scale. */
  readonly bearings: readonly Float64Array[];
}

/** `columns`: regressors and the constant over the h steps, in their order. */
export function meanParts(fit: ArimaFit, columns: readonly Float64Array[], h: number): MeanParts {
  const path = pathOf(fit, fit.end, h).map((v) => v * fit.scale);
  return {
    path,
    effects: columns.map((column, c) => column.slice(0, h).map((v) => v * fit.beta[c]!)),
    bearings: fit.uncertain.map((end, c) => {
      const implied = pathOf(fit, end, h);
      const column = columns[c];
      return implied.map((v, s) => (column ? column[s]! : 0) - v);
    }),
  };
}

/** Standard deviations are held below this many times the largest finite square root. */
const LARGEST = 1e150;

/** Normal forecasts of h steps after the last observed cell. */
export function forecastFit(fit: ArimaFit, columns: readonly Float64Array[], h: number): NormalDistribution {
  const { path, effects, bearings } = meanParts(fit, columns, h);
  const mean = path;
  for (const effect of effects) for (let s = 0; s < h; s++) mean[s]! += effect[s]!;
  const psi = new Float64Array(h);
  psi[0] = 1;
  carry(fit, psi, 0, h, new Float64Array(h));
  const size = bearings.length;
  const sd = new Float64Array(h);
  let total = 0;
  for (let s = 0; s < h; s++) {
    total += psi[s]! * psi[s]!;
    let uncertain = 0;
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) {
        uncertain += bearings[a]![s]! * fit.covariance[a * size + b]! * bearings[b]![s]!;
      }
    }
    sd[s] = Math.min(LARGEST, Math.sqrt(fit.sigma2 * (total + Math.max(0, uncertain))));
  }
  return { kind: 'normal', mean, sd };
}

/** The lower Cholesky factor of a small covariance; 0 where it is not positive. */
function choleskyOf(a: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let s = a[i * size + j]!;
      for (let k = 0; k < j; k++) s -= out[i * size + k]! * out[j * size + k]!;
      if (i === j) out[i * size + i] = s > 0 ? Math.sqrt(s) : 0;
      else out[i * size + j] = out[j * size + j]! > 0 ? s / out[j * size + j]! : 0;
    }
  }
  return out;
}

/** Sample paths of h steps after the last observed cell, path-major: innovations and coefficients are drawn. */
export function simulateFit(
  fit: ArimaFit,
  columns: readonly Float64Array[],
  h: number,
  paths: number,
  draw: Random,
): Float64Array {
  const { path, effects, bearings } = meanParts(fit, columns, h);
  for (const effect of effects) for (let s = 0; s < h; s++) path[s]! += effect[s]!;
  const size = bearings.length;
  const factor = choleskyOf(fit.covariance, size);
  const sigma = Math.sqrt(fit.sigma2);
  const out = new Float64Array(paths * h);
  const w = new Float64Array(h);
  const z = new Float64Array(size);
  for (let k = 0; k < paths; k++) {
    const from = k * h;
    for (let s = 0; s < h; s++) out[from + s] = sigma * draw.normal();
    carry(fit, out, from, h, w);
    for (let a = 0; a < size; a++) z[a] = sigma * draw.normal();
    for (let s = 0; s < h; s++) {
      let value = out[from + s]! + path[s]!;
      for (let a = 0; a < size; a++) {
        let error = 0;
        for (let b = 0; b <= a; b++) error += factor[a * size + b]! * z[b]!;
        value += bearings[a]![s]! * error;
      }
      out[from + s] = value;
    }
  }
  return out;
}
