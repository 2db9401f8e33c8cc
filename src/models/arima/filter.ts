// The exact innovations of an ARMA model, r operations a value instead of r²: the Kalman filter in the form of
// Chandrasekhar (Morf, Sidhu & Kailath 1974; Pearlman 1980), which from its steady state on is the plain recursion.
import type { Polynomials } from './polynomials.ts';
import { type StartRoom, startRoom, stationaryStart } from './stationary-start.ts';

/** All that filtering some columns through a model needs; made once a model. */
export interface FilterRoom {
  readonly start: StartRoom;
  /** Order of the state: the larger of the two polynomial degrees. */
  readonly r: number;
  /** Covariance of the next state with the present innovation, and its change, one place longer than r. */
  readonly gain: Float64Array;
  readonly change: Float64Array;
  /** The state of each column after the last row: what is known of the next r values. */
  readonly states: readonly Float64Array[];
  /** Plain innovations of one column, for the steady state. */
  readonly innovations: Float64Array;
  /** 1 / √variance of the innovation of each row, for errors of variance 1. */
  readonly weights: Float64Array;
}

export function filterRoom(polynomials: Polynomials, rows: number, columns: number): FilterRoom {
  const r = Math.max(polynomials.phi.degree, polynomials.theta.degree);
  return {
    start: startRoom(polynomials),
    r,
    gain: new Float64Array(r + 1),
    change: new Float64Array(r + 1),
    states: Array.from({ length: columns }, () => new Float64Array(r + 1)),
    innovations: new Float64Array(rows),
    weights: new Float64Array(rows),
  };
}

/** How near to its limit of 1 the variance of the innovations must be before the recursion is taken as steady. */
const STEADY = 1e-13;

/**
 * Filters columns through an ARMA model: `out` receives their innovations over the square roots of their variances.
 * Returns Σ log of these variances, or NaN where the model is not stationary. With `given`, so many first rows are taken
 * as they are (conditional sum of squares): they and what was before them have innovations of 0, all others a variance
 * of 1, and 0 is returned. Column c is 0 before row first[c].
 */
export function filter(
  polynomials: Polynomials,
  columns: readonly Float64Array[],
  first: ArrayLike<number>,
  out: readonly Float64Array[],
  room: FilterRoom,
  given?: number,
): number {
  const { phi } = polynomials;
  const { r, gain, change, states, innovations, weights } = room;
  const n = columns[0]!.length;
  const width = columns.length;
  let logs = 0;
  let steady = 0;
  if (given === undefined && r > 0) {
    let variance = stationaryStart(polynomials, room.start, gain);
    if (!(variance > 0 && variance < 1e200)) return Number.NaN;
    change.set(gain);
    let weight = -1 / variance;
    for (let c = 0; c < width; c++) states[c]!.fill(0);
    // Logarithms are dear: variances are multiplied up and logged only when the product leaves a safe range.
    let product = 1;
    const { lags, coefficients, count } = phi;
    for (; steady < n; steady++) {
      if (variance - 1 < STEADY && steady >= phi.degree) break;
      const t = steady;
      product *= variance;
      if (product > 1e100 || product < 1e-100) {
        logs += Math.log(product);
        product = 1;
      }
      const scale = 1 / Math.sqrt(variance);
      weights[t] = scale;
      for (let c = 0; c < width; c++) {
        if (t < first[c]!) continue;
        const a = states[c]!;
        const known = a[0]!;
        const innovation = columns[c]![t]! - known;
        out[c]![t] = innovation * scale;
        const step = innovation / variance;
        for (let i = 0; i < r; i++) a[i] = a[i + 1]! + gain[i]! * step;
        for (let k = 0; k < count; k++) a[lags[k]! - 1]! += coefficients[k]! * known;
      }
      const lead = change[0]!;
      if (lead === 0) {
        for (let i = 0; i < r; i++) change[i] = change[i + 1]!;
        continue;
      }
      const up = weight * lead;
      const down = lead / variance;
      for (let i = 0; i < r; i++) {
        const shifted = change[i + 1]!;
        const old = gain[i]!;
        change[i] = shifted - old * down;
        gain[i] = old + up * shifted;
      }
      for (let k = 0; k < count; k++) {
        const i = lags[k]! - 1;
        const moved = coefficients[k]! * lead;
        change[i]! += moved;
        gain[i]! += up * moved;
      }
      const next = variance + up * lead;
      // The variance falls towards 1; below it there is only rounding.
      const settled = Math.max(next, 1);
      weight *= variance / settled;
      variance = settled;
    }
    logs += Math.log(product);
  }
  if (steady < n) weights.fill(1, steady);
  for (let c = 0; c < width; c++) {
    const begin = Math.max(given ?? 0, first[c]!);
    plainRecursion(polynomials, columns[c]!, Math.max(steady, begin), begin, out[c]!, room);
    if (steady < n) endState(polynomials, columns[c]!, innovations, states[c]!, r);
  }
  return logs;
}

/** e(t) = w(t) − Σ φᵢ w(t − i) − Σ θⱼ e(t − j) from row `from` on; rows before `begin` are 0. */
function plainRecursion(
  { phi, theta }: Polynomials,
  w: Float64Array,
  from: number,
  begin: number,
  out: Float64Array,
  { innovations, weights }: FilterRoom,
): void {
  const n = w.length;
  for (let t = 0; t < begin && t < n; t++) {
    out[t] = 0;
    innovations[t] = 0;
  }
  if (from >= n) return;
  for (let t = begin; t < from; t++) innovations[t] = out[t]! / weights[t]!;
  // Once all lags lie inside the column, none needs a look before it is taken.
  const inside = Math.min(n, Math.max(from, phi.degree, theta.degree));
  for (let t = from; t < inside; t++) {
    let e = w[t]!;
    for (let k = 0; k < phi.count; k++) {
      const s = t - phi.lags[k]!;
      if (s >= 0) e -= phi.coefficients[k]! * w[s]!;
    }
    for (let k = 0; k < theta.count; k++) {
      const s = t - theta.lags[k]!;
      if (s >= 0) e -= theta.coefficients[k]! * innovations[s]!;
    }
    innovations[t] = e;
    out[t] = e;
  }
  const { lags: ar, coefficients: phis, count: p } = phi;
  const { lags: ma, coefficients: thetas, count: q } = theta;
  for (let t = inside; t < n; t++) {
    let e = w[t]!;
    for (let k = 0; k < p; k++) e -= phis[k]! * w[t - ar[k]!]!;
    for (let k = 0; k < q; k++) e -= thetas[k]! * innovations[t - ma[k]!]!;
    innovations[t] = e;
    out[t] = e;
  }
}

/** What the last values and errors say of the next r values: Harvey's state, once steady. */
function endState(
  { phi, theta }: Polynomials,
  w: Float64Array,
  innovations: Float64Array,
  state: Float64Array,
  r: number,
): void {
  const n = w.length;
  state.fill(0);
  for (let k = 0; k < phi.count; k++) {
    const lag = phi.lags[k]!;
    for (let i = 0; i < lag && i < r; i++) {
      const t = n + i - lag;
      if (t >= 0) state[i]! += phi.coefficients[k]! * w[t]!;
    }
  }
  for (let k = 0; k < theta.count; k++) {
    const lag = theta.lags[k]!;
    for (let i = 0; i < lag && i < r; i++) {
      const t = n + i - lag;
      if (t >= 0) state[i]! += theta.coefficients[k]! * innovations[t]!;
    }
  }
}
