// The forms of exponential smoothing, ETS(error, trend, season), their parameters and bounds.
// Hyndman, Koehler, Ord & Snyder (2008), Forecasting with Exponential Smoothing, chapter 2.

/** Which components a model has and how they combine. */
export interface SmoothingForm {
  readonly error: 'additive' | 'multiplicative';
  /** `damped` is the additive trend that fades, `multiplicative-damped` the multiplicative one. */
  readonly trend: 'none' | 'additive' | 'damped' | 'multiplicative' | 'multiplicative-damped';
  readonly season: 'none' | 'additive' | 'multiplicative';
}

/** The smoothing weights of one model; a component that the form lacks has beta or gamma 0, and phi is then 1. */
export interface SmoothingWeights {
  /** Of the level. */
  readonly alpha: number;
  /** Of the slope. */
  readonly beta: number;
  /** Of the season. */
  readonly gamma: number;
  /** The share of the slope that is left after each period, its power in a multiplicative trend; 1 without damping. */
  readonly phi: number;
}

/**
 * Where the weights may lie. `usual`: 0 < β < α < 1 and 0 < γ < 1 − α, so that states are averages of past ones.
 * `admissible`: wherever old errors die out, which allows α above 1. `both`: the usual region where errors die out.
 */
export type Bounds = 'usual' | 'admissible' | 'both';

/** Bounds of the weights as R's `ets` has them; beta stays below alpha and gamma below 1 − alpha. */
export const WEIGHT_BOUNDS = { low: 1e-4, high: 0.9999, phiLow: 0.8, phiHigh: 0.98 } as const;

const ERRORS = { A: 'additive', M: 'multiplicative' } as const;
const TRENDS = {
  N: 'none',
  A: 'additive',
  Ad: 'damped',
  M: 'multiplicative',
  Md: 'multiplicative-damped',
} as const;
const SEASONS = { N: 'none', A: 'additive', M: 'multiplicative' } as const;

const letterOf = <T extends string>(letters: Readonly<Record<string, T>>, part: T): string =>
  Object.keys(letters).find((letter) => letters[letter] === part)!;

/** The form in the usual notation: `ETS(M,Ad,A)`. */
export const formName = ({ error, trend, season }: SmoothingForm): string =>
  `ETS(${letterOf(ERRORS, error)},${letterOf(TRENDS, trend)},${letterOf(SEASONS, season)})`;

/**
 * All forms that a code of letters stands for: `MAdM` is one, each Z any choice. A Z for the trend takes damped ones
 * in as well, `Zd` only those. Undefined where the code is none.
 */
export function formsOf(code: string): SmoothingForm[] | undefined {
  const match = /^([AMZ])([NAMZ]d?)([NAMZ])$/.exec(code);
  if (!match || match[2] === 'Nd') return undefined;
  const [, error, trend, season] = match as unknown as [string, string, string, string];
  const fits = (letter: string, wanted: string): boolean =>
    wanted === 'Z' || letter === wanted || (wanted === 'Zd' && letter.endsWith('d'));
  const forms: SmoothingForm[] = [];
  for (const [s, seasonPart] of Object.entries(SEASONS)) {
    for (const [t, trendPart] of Object.entries(TRENDS)) {
      for (const [e, errorPart] of Object.entries(ERRORS)) {
        if (fits(e, error) && fits(t, trend) && fits(s, season))
          forms.push({ error: errorPart, trend: trendPart, season: seasonPart });
      }
    }
  }
  return forms;
}

/** Whether the trend multiplies: the slope is then a factor a period. */
export const isGrowing = ({ trend }: SmoothingForm): boolean =>
  trend === 'multiplicative' || trend === 'multiplicative-damped';

export const isDamped = ({ trend }: SmoothingForm): boolean =>
  trend === 'damped' || trend === 'multiplicative-damped';

/** Whether the form only makes sense for values above zero. */
export const needsPositive = (form: SmoothingForm): boolean =>
  form.error === 'multiplicative' || form.season === 'multiplicative' || isGrowing(form);

/**
 * Whether R's `ets` leaves the form out unless told otherwise: additive errors beside a trend or season that
 * multiplies, and a multiplicative trend with an additive season, have unstable likelihoods or infinite variances.
 */
export const isRestricted = (form: SmoothingForm): boolean =>
  form.error === 'additive'
    ? form.season === 'multiplicative' || isGrowing(form)
    : isGrowing(form) && form.season === 'additive';

/**
 * The weights and free start states of a form with seasons of m; one seasonal value follows from the others' sum.
 * Seasonal values count whether the likelihood or a decomposition gave them.
 */
export function parameterCount(form: SmoothingForm, m: number): number {
  const ofTrend = form.trend === 'none' ? 0 : isDamped(form) ? 3 : 2;
  return 2 + ofTrend + (form.season === 'none' ? 0 : m);
}

/** The fewest observed values that a form with seasons of m is fitted to: two seasons, and two more than it has parameters. */
export const fewestValues = (form: SmoothingForm, m: number): number =>
  Math.max(form.season === 'none' ? 0 : 2 * m, parameterCount(form, m) + 2);

/**
 * Whether old errors die out: whether all roots of the characteristic equation of a form lie in the unit circle
 * (Hyndman et al. 2008, section 10.2). `seasonal` says whether the form has a season of m cells.
 * `work` needs 2 · (m + 2) cells.
 */
export function isForecastable(
  { alpha, beta, gamma, phi }: SmoothingWeights,
  m: number,
  work: Float64Array,
  seasonal = true,
): boolean {
  if (!seasonal) {
    const level = alpha >= 1 - 1 / phi && alpha <= 1 + 1 / phi;
    return level && beta >= alpha * (phi - 1) && beta <= (1 + phi) * (2 - alpha);
  }
  if (!(gamma >= 0)) return false;
  // z^(m+1) + c_m z^m + … + c_0, highest first, reduced one degree at a time by the test of Schur and Cohn.
  const degree = m + 1;
  let row = 0;
  let next = degree + 1;
  const middle = alpha + beta - alpha * phi;
  work[0] = 1;
  for (let j = 2; j < m; j++) work[j] = middle;
  work[1] = alpha + beta - phi;
  work[m] = middle + gamma - 1;
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
