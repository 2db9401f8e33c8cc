// The shape of a season, taken from its last cycles and then frozen, and the cells that were never observed filled in.

export interface Shape {
  /** A factor or a difference a phase, phase 0 being the next period. */
  readonly kind: 'multiplicative' | 'additive';
  readonly figure: Float64Array;
  /** How many cycles it was taken from. */
  readonly cycles: number;
  /** The share of the season found that was kept, and what a phase of it may be off by, as a standard deviation. */
  readonly kept: number;
  readonly doubt: number;
}

/** Cycles that the shape is the mean of: fewer follow a change sooner, and take a holiday for a habit. */
const CYCLES = 60;
/** Cycles whose differences tell the noise of a shape. */
const NOISE_CYCLES = 8;

/**
 * The series with its gaps closed: by the nearest observed cells of the same phase, one on each side where there are
 * two, else by the nearest cells at all. The first cell must be observed.
 */
export function filled(y: Float64Array, m: number): Float64Array {
  const n = y.length;
  const nearest = (t: number, step: number): number => {
    for (let at = t + step; at >= 0 && at < n; at += step) if (!Number.isNaN(y[at]!)) return y[at]!;
    return Number.NaN;
  };
  const between = (t: number, step: number): number => {
    const before = nearest(t, -step);
    const after = nearest(t, step);
    if (Number.isNaN(before)) return after;
    return Number.isNaN(after) ? before : (before + after) / 2;
  };
  return y.map((value, t) => {
    if (!Number.isNaN(value)) return value;
    const same = between(t, m);
    return Number.isNaN(same) ? between(t, 1) : same;
  });
}

/**
 * The shape of the last cycles of m periods (whole cycles, ending with y). A cycle is measured against the line
 * through the means of the cycles, so that a level that moves is no season, and the mean shape of the last sixty is
 * shrunk towards none by its noise (James and Stein 1961). Multiplicative where no value is negative and no cycle empty.
 */
export function takeShape(y: Float64Array, m: number): Shape {
  const count = y.length / m;
  const means = Float64Array.from({ length: count }, (_, c) => {
    let total = 0;
    for (let i = 0; i < m; i++) total += y[c * m + i]!;
    return total / m;
  });
  const multiplicative = y.every((value) => value >= 0) && means.every((value) => value > 0);
  const kind = multiplicative ? 'multiplicative' : 'additive';
  const neutral = multiplicative ? 1 : 0;
  const figure = new Float64Array(m);
  const cycles = Math.min(CYCLES, count);
  if (m === 1 || count < 2) return { kind, figure: figure.fill(neutral), cycles, kept: 0, doubt: 0 };

  const profile = (t: number): number => {
    const c = Math.floor(t / m);
    const at = (t - (m - 1) / 2) / m;
    const left = Math.min(count - 2, Math.max(0, Math.floor(at)));
    const line = means[left]! + (means[left + 1]! - means[left]!) * (at - left);
    // Carried on beyond the outer means, a steep line could come down to nothing.
    return multiplicative ? y[t]! / Math.max(line, 0.2 * means[c]!) : y[t]! - line;
  };
  for (let t = (count - cycles) * m; t < y.length; t++) figure[t % m] = figure[t % m]! + profile(t) / cycles;
  let noise = 0;
  let cells = 0;
  for (let t = Math.max(1, count - NOISE_CYCLES) * m; t < y.length; t++) {
    noise += (profile(t) - profile(t - m)) ** 2 / 2;
    cells++;
  }
  const signal = figure.reduce((sum, value) => sum + (value - neutral) ** 2, 0) / (m - 1);
  const variance = noise / cells / cycles;
  const kept = signal > 0 ? Math.max(0, 1 - variance / signal) : 0;
  const shrunk = figure.map((value) => neutral + kept * (value - neutral));
  return { kind, figure: shrunk, cycles, kept, doubt: Math.sqrt(kept * variance) };
}
