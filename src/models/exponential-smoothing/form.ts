// The forms of exponential smoothing, ETS(error, trend, season), and their parameters.
// Hyndman, Koehler, Ord & Snyder (2008), Forecasting with Exponential Smoothing, chapter 2.

/** Which components a model has and how they combine. */
export interface SmoothingForm {
  readonly error: 'additive' | 'multiplicative';
  readonly trend: 'none' | 'additive' | 'damped';
  readonly season: 'none' | 'additive' | 'multiplicative';
}

/** The smoothing weights of one model; a component that the form lacks has beta or gamma 0, and phi is then 1. */
export interface SmoothingWeights {
  /** Of the level, in (0, 1). */
  readonly alpha: number;
  /** Of the slope, in (0, alpha). */
  readonly beta: number;
  /** Of the season, in (0, 1 − alpha). */
  readonly gamma: number;
  /** The share of the slope that is left after each period; 1 without damping. */
  readonly phi: number;
}

/** Bounds of the weights as R's `ets` has them; beta stays below alpha and gamma below 1 − alpha. */
export const WEIGHT_BOUNDS = { low: 1e-4, high: 0.9999, phiLow: 0.8, phiHigh: 0.98 } as const;

/** The form in the usual notation: `ETS(M,Ad,A)`. */
export function formName({ error, trend, season }: SmoothingForm): string {
  const letter = { none: 'N', additive: 'A', multiplicative: 'M', damped: 'Ad' };
  return `ETS(${letter[error]},${letter[trend]},${letter[season]})`;
}

/** Whether the form only makes sense for values above zero. */
export const needsPositive = (form: SmoothingForm): boolean =>
  form.error === 'multiplicative' || form.season === 'multiplicative';

/**
 * The weights and free start states of a form with seasons of m; one seasonal value follows from the others' sum.
 * Seasonal values count whether the likelihood or a decomposition gave them.
 */
export function parameterCount({ trend, season }: SmoothingForm, m: number): number {
  const ofTrend = trend === 'none' ? 0 : trend === 'additive' ? 2 : 3;
  return 2 + ofTrend + (season === 'none' ? 0 : m);
}

/**
 * Whether old errors die out: whether all roots of the characteristic equation of a seasonal form lie in
 * the unit circle (Hyndman et al. 2008, section 10.2). The usual bounds promise it for forms without a season.
 * `work` needs 2 · (m + 2) cells.
 */
export function isForecastable(
  { alpha, beta, gamma, phi }: SmoothingWeights,
  m: number,
  work: Float64Array,
): boolean {
  // z^(m+1) + c_m z^m + … + c_0, highest first, reduced one degree at a time by the test of Schur and Cohn.
  const degree = m + 1;
  let row = 0;
  let next = degree + 1;
  work[0] = 1;
  work[1] = alpha + beta - phi;
  for (let j = 2; j < m; j++) work[j] = alpha + beta - alpha * phi;
  work[m] = alpha + beta - alpha * phi + gamma - 1;
  work[m + 1] = phi * (1 - alpha - gamma);
  for (let d = degree; d > 0; d--) {
    const reflection = work[row + d]! / work[row]!;
    // A root on the circle itself is let through up to rounding, as R's tolerance of 1e-10 does.
    if (!(Math.abs(reflection) < 1 + 1e-9)) return false;
    const rest = 1 - reflection * reflection;
    if (rest < 1e-12) return true;
    for (let j = 0; j < d; j++) work[next + j] = (work[row + j]! - reflection * work[row + d - j]!) / rest;
    [row, next] = [next, row];
  }
  return true;
}
