// The recursion of TBATS: level, damped slope, seasons as turning harmonics, ARMA(1, 1) errors.
// De Livera, Hyndman and Snyder (2011), section 2.2.

/** Which parts a model has. */
export interface TrigonometricForm {
  readonly slope: boolean;
  readonly ar: boolean;
  readonly ma: boolean;
  /** Season lengths in periods, ascending; they need not be whole. */
  readonly periods: readonly number[];
  /** The harmonics: the season each belongs to, and how many times it turns in it. */
  readonly harmonics: readonly { readonly season: number; readonly turns: number }[];
}

export interface TrigonometricWeights {
  alpha: number;
  beta: number;
  /** What is left of the slope after each period; 1 without damping. */
  phi: number;
  /** γ₁ and γ₂ of each harmonic, alternating: how an error moves it along and across. Those of one season are alike. */
  readonly gamma: Float64Array;
  ar: number;
  ma: number;
}

/** Where states stand: level, slope, the last d and the last error, then two values a harmonic. */
export const FIRST_HARMONIC = 4;
export const stateCount = ({ harmonics }: TrigonometricForm): number => FIRST_HARMONIC + 2 * harmonics.length;

/** Cosines and sines of the turn of each harmonic in one period, alternating. */
export function turnsOf({ harmonics, periods }: TrigonometricForm): Float64Array {
  const out = new Float64Array(2 * harmonics.length);
  harmonics.forEach(({ season, turns }, j) => {
    const angle = (2 * Math.PI * turns) / periods[season]!;
    out[2 * j] = Math.cos(angle);
    out[2 * j + 1] = Math.sin(angle);
  });
  return out;
}

/** What a pass may write down of each cell. */
export interface Trace {
  readonly errors?: Float64Array;
  readonly level?: Float64Array;
  readonly trend?: Float64Array;
  readonly seasonal?: Float64Array;
  /** The part of the errors that was foreseen. */
  readonly foreseen?: Float64Array;
}

/**
 * Passes y (NaN: not observed, error 0) through the model, whose harmonics make the given turns, and moves the states:
 *
 *     y_t = l_{t−1} + φ b_{t−1} + Σ s_{j,t−1} + d_t,    d_t = ρ d_{t−1} + θ ε_{t−1} + ε_t
 *     l_t = l_{t−1} + φ b_{t−1} + α d_t,                b_t = φ b_{t−1} + β d_t
 *     s_{j,t} =  s_{j,t−1} cos λ_j + s*_{j,t−1} sin λ_j + γ₁ d_t
 *     s*_{j,t} = s*_{j,t−1} cos λ_j − s_{j,t−1} sin λ_j + γ₂ d_t
 *
 * Returns the sum of squared errors ε.
 */
export function trigonometricPass(
  y: Float64Array,
  turns: Float64Array,
  { alpha, beta, phi, gamma, ar, ma }: TrigonometricWeights,
  states: Float64Array,
  { errors, level, trend, seasonal, foreseen }: Trace = {},
): number {
  let l = states[0]!;
  let b = states[1]!;
  let d = states[2]!;
  let e = states[3]!;
  let squares = 0;
  const end = FIRST_HARMONIC + turns.length;
  for (let t = 0; t < y.length; t++) {
    let season = 0;
    for (let k = FIRST_HARMONIC; k < end; k += 2) season += states[k]!;
    const growth = phi * b;
    const expected = ar * d + ma * e;
    const error = y[t]! - (l + growth + season + expected);
    e = Number.isNaN(error) ? 0 : error;
    d = expected + e;
    squares += e * e;
    if (errors) errors[t] = e;
    if (level) level[t] = l;
    if (trend) trend[t] = growth;
    if (seasonal) seasonal[t] = season;
    if (foreseen) foreseen[t] = expected;
    l += growth + alpha * d;
    b = growth + beta * d;
    for (let k = FIRST_HARMONIC, j = 0; k < end; k += 2, j += 2) {
      const s = states[k]!;
      const c = states[k + 1]!;
      states[k] = s * turns[j]! + c * turns[j + 1]! + gamma[j]! * d;
      states[k + 1] = c * turns[j]! - s * turns[j + 1]! + gamma[j + 1]! * d;
    }
  }
  states[0] = l;
  states[1] = b;
  states[2] = d;
  states[3] = e;
  return squares;
}
