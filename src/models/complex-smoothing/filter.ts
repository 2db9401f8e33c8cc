// Complex exponential smoothing as a recursion (Svetunkov, Kourentzes and Ord 2022): one pass over a series, either way.

/**
 * The season of the model. `none`: level and potential alone; `simple`: a level and a potential of its own for each
 * phase; `partial`: a seasonal value a phase, added to the level; `full`: a seasonal value and a potential a phase.
 */
export type ComplexSeason = 'none' | 'simple' | 'partial' | 'full';

/** The complex smoothing weights α₀ + iα₁ of the level and β₀ + iβ₁ of the season; 0 where the model has none. */
export interface ComplexWeights {
  /** The largest error that moves the states in full: a larger one is held to it. Infinity where none is held. */
  readonly hold: number;
  readonly alpha0: number;
  readonly alpha1: number;
  readonly beta0: number;
  readonly beta1: number;
}

/** States at one moment, by phase t mod m; a model without lagged levels has one level and one potential. */
export interface ComplexStates {
  readonly level: Float64Array;
  readonly potential: Float64Array;
  readonly season: Float64Array;
  readonly seasonPotential: Float64Array;
}

/** Room for the states of a model with seasons of m. */
export function newStates(kind: ComplexSeason, m: number): ComplexStates {
  const levels = kind === 'simple' ? m : 1;
  const seasons = kind === 'partial' || kind === 'full' ? m : 0;
  return {
    level: new Float64Array(levels),
    potential: new Float64Array(levels),
    season: new Float64Array(seasons),
    seasonPotential: new Float64Array(kind === 'full' ? m : 0),
  };
}

export const copyStates = ({ level, potential, season, seasonPotential }: ComplexStates): ComplexStates => ({
  level: level.slice(),
  potential: potential.slice(),
  season: season.slice(),
  seasonPotential: seasonPotential.slice(),
});

const rotated = (values: Float64Array, by: number): Float64Array =>
  values.map((_, i) => values[(i + by) % values.length]!);

/** The states by phase after n cells, turned so that the first phase is that of the next period. */
export const turned = (
  { level, potential, season, seasonPotential }: ComplexStates,
  n: number,
): ComplexStates => ({
  level: rotated(level, n),
  potential: rotated(potential, n),
  season: rotated(season, n),
  seasonPotential: rotated(seasonPotential, n),
});

/**
 * Passes y through the model, from its first cell to its last or, with `backward`, the other way, and moves the states:
 *
 *     e_t = y_t − l_{t−1} − s_{t−m}
 *     l_t = l_{t−1} − (1 − α₁) c_{t−1} + (α₀ − α₁) e_t
 *     c_t = l_{t−1} + (1 − α₀) c_{t−1} + (α₀ + α₁) e_t
 *
 * and the season alike with β, m cells apart. A missing cell has the error 0, and none moves the states by more than
 * `hold`. `means` and `levels`, where given, receive the one-step means and the level in each of them. Returns the sum of
 * squared errors; beyond `bend` an error counts along the straight line that touches the square there (Huber 1964).
 */
export function pass(
  y: Float64Array,
  { hold, alpha0, alpha1, beta0, beta1 }: ComplexWeights,
  { level, potential, season, seasonPotential }: ComplexStates,
  backward = false,
  means?: Float64Array,
  levels?: Float64Array,
  bend: number = Infinity,
): number {
  const n = y.length;
  const step = backward ? -1 : 1;
  const m = Math.max(level.length, season.length);
  const fade = 1 - alpha1;
  const keep = 1 - alpha0;
  const gain = alpha0 - alpha1;
  const push = alpha0 + alpha1;
  let squares = 0;
  let phase = backward ? (n - 1) % m : 0;
  if (season.length === 0) {
    let l = level[phase]!;
    let c = potential[phase]!;
    for (let t = backward ? n - 1 : 0; t >= 0 && t < n; t += step) {
      if (m > 1) {
        l = level[phase]!;
        c = potential[phase]!;
      }
      if (means) means[t] = l;
      if (levels) levels[t] = l;
      let e = y[t]! - l;
      if (Number.isNaN(e)) e = 0;
      const size = Math.abs(e);
      squares += size > bend ? bend * (2 * size - bend) : e * e;
      if (size > hold) e = e > 0 ? hold : -hold;
      const next = l - fade * c + gain * e;
      c = l + keep * c + push * e;
      l = next;
      if (m > 1) {
        level[phase] = l;
        potential[phase] = c;
        phase += step;
        if (phase === m) phase = 0;
        else if (phase < 0) phase = m - 1;
      }
    }
    if (m === 1) {
      level[0] = l;
      potential[0] = c;
    }
    return squares;
  }
  const full = seasonPotential.length > 0;
  const seasonFade = 1 - beta1;
  const seasonKeep = 1 - beta0;
  const seasonGain = full ? beta0 - beta1 : beta0;
  const seasonPush = beta0 + beta1;
  let l = level[0]!;
  let c = potential[0]!;
  for (let t = backward ? n - 1 : 0; t >= 0 && t < n; t += step) {
    const s = season[phase]!;
    if (means) means[t] = l + s;
    if (levels) levels[t] = l;
    let e = y[t]! - l - s;
    if (Number.isNaN(e)) e = 0;
    const size = Math.abs(e);
    squares += size > bend ? bend * (2 * size - bend) : e * e;
    if (size > hold) e = e > 0 ? hold : -hold;
    const next = l - fade * c + gain * e;
    c = l + keep * c + push * e;
    l = next;
    if (full) {
      const d = seasonPotential[phase]!;
      season[phase] = s - seasonFade * d + seasonGain * e;
      seasonPotential[phase] = s + seasonKeep * d + seasonPush * e;
    } else {
      season[phase] = s + seasonGain * e;
    }
    phase += step;
    if (phase === m) phase = 0;
    else if (phase < 0) phase = m - 1;
  }
  level[0] = l;
  potential[0] = c;
  return squares;
}
