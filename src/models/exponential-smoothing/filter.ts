// Runs one series through an exponential smoothing model: one-step errors, likelihood and final states.
// Hyndman, Koehler, Ord & Snyder (2008), section 2.5 (the recursions) and chapter 5 (the likelihood).
import { isGrowing, type SmoothingForm, type SmoothingWeights } from './form.ts';

/** The states at one moment. */
export interface SmoothingStates {
  level: number;
  /** What is added to the level each period, 0 without a trend; a multiplicative trend's factor. */
  slope: number;
  /** One value a phase: that of cell t is at t mod season_length. Empty without a season. */
  season: Float64Array;
}

/** What a pass over the series left behind. */
export interface Pass extends SmoothingStates {
  /** Observed cells that were passed. */
  observed: number;
  /** Sum of squared errors; of relative errors e / μ where the error is multiplicative. */
  squares: number;
  /** Sum of log μ over observed cells where the error is multiplicative, else 0. */
  logs: number;
}

/** What a pass writes down for each cell, before the cell itself is seen. */
export interface Trace {
  /** One-step mean. */
  readonly mean: Float64Array;
  /** Level after the cell before. */
  readonly level: Float64Array;
  /** Level and one period's growth. */
  readonly trend: Float64Array;
}

/** Room for a pass over a series with seasons of m (0: no season). */
export const newPass = (m: number): Pass => ({
  level: 0,
  slope: 0,
  season: new Float64Array(m),
  observed: 0,
  squares: 0,
  logs: 0,
});

/**
 * Filters y from the given start and fills `pass`; `trace`, where given, is filled.
 * A cell that is NaN carries the states on without an error.
 *
 * Returns Σe² for additive errors and Σ(e/μ)² · exp(2 · mean log μ) for multiplicative ones, so that minus twice
 * the log-likelihood is n · log of it for both (constants left out). Returns Infinity where the form is left:
 * a multiplicative error needs means above 0, a multiplicative season or trend levels, slopes and seasons above 0.
 */
export function filter(
  y: Float64Array,
  form: SmoothingForm,
  { alpha, beta, gamma, phi }: SmoothingWeights,
  start: SmoothingStates,
  pass: Pass,
  trace?: Trace,
): number {
  const relative = form.error === 'multiplicative';
  const growing = isGrowing(form);
  const kind = form.season === 'none' ? 0 : form.season === 'additive' ? 1 : 2;
  const season = pass.season;
  season.set(start.season);
  const m = season.length;
  let { level, slope } = start;
  let phase = 0;
  let observed = 0;
  let squares = 0;
  let logs = 0;
  // Logarithms are dear: means are multiplied up and logged only when the product leaves a safe range.
  let product = 1;
  for (let t = 0; t < y.length; t++) {
    const growth = growing ? (phi === 1 ? slope : slope ** phi) : phi * slope;
    const trend = growing ? level * growth : level + growth;
    const s = kind === 0 ? 0 : season[phase]!;
    const mean = kind === 0 ? trend : kind === 1 ? trend + s : trend * s;
    if (kind === 2 && !(trend > 0 && s > 0)) return Number.POSITIVE_INFINITY;
    if (growing && !(trend > 0 && level > 0)) return Number.POSITIVE_INFINITY;
    if (trace) {
      trace.mean[t] = mean;
      trace.level[t] = level;
      trace.trend[t] = trend;
    }
    const before = level;
    level = trend;
    slope = growth;
    const value = y[t]!;
    if (!Number.isNaN(value)) {
      const error = value - mean;
      observed++;
      if (relative) {
        if (!(mean > 0)) return Number.POSITIVE_INFINITY;
        squares += (error / mean) * (error / mean);
        product *= mean;
        if (product > 1e100 || product < 1e-100) {
          logs += Math.log(product);
          product = 1;
        }
      } else {
        squares += error * error;
      }
      const scaled = kind === 2 ? error / s : error;
      level += alpha * scaled;
      slope += growing ? (beta * scaled) / before : beta * scaled;
      if (kind === 1) season[phase] = s + gamma * error;
      else if (kind === 2) season[phase] = s + (gamma * error) / trend;
    }
    if (++phase >= m) phase = 0;
  }
  if (relative) logs += Math.log(product);
  pass.level = level;
  pass.slope = slope;
  pass.observed = observed;
  pass.squares = squares;
  pass.logs = logs;
  return relative ? squares * Math.exp((2 * logs) / Math.max(observed, 1)) : squares;
}
