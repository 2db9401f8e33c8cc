// Local regression on evenly spaced values (Cleveland 1979), as STL needs it (Cleveland et al. 1990, section 2).

/** How values are smoothed. Values lie at 0, 1, 2, …; a window of `span` of them is used for each fit. */
export interface LoessOptions {
  /** Values in a window; an odd number. A span beyond the series flattens the weights, so that it smooths still more. */
  readonly span: number;
  /** 0 fits a local mean, 1 a local line. */
  readonly degree: 0 | 1;
  /** Fits are made at every `jump`-th value and joined by straight lines; defaults to 1, every value. */
  readonly jump?: number;
  /** A weight from 0 up for each value; all 1 by default. What is not known must be given weight 0, not NaN. */
  readonly weights?: Float64Array | undefined;
}

const cubed = (x: number): number => x * x * x;
/** The tricube weight of a value at `distance` in a window that reaches `reach`. */
function tricube(distance: number, reach: number): number {
  if (distance > 0.999 * reach) return 0;
  return distance <= 0.001 * reach ? 1 : cubed(1 - cubed(distance / reach));
}

/**
 * The local fit at `x` to the first n values of y from those in [left, right]. `x` may lie outside of them, by a little:
 * that is how STL looks one season ahead. Returns NaN where all weights are 0.
 */
export function loessAt(
  y: Float64Array,
  n: number,
  x: number,
  left: number,
  right: number,
  { span, degree, weights }: LoessOptions,
): number {
  let reach = Math.max(x - left, right - x);
  if (span > n) reach += Math.floor((span - n) / 2);
  let total = 0;
  let time = 0;
  let value = 0;
  let squares = 0;
  let products = 0;
  for (let j = left; j <= right; j++) {
    const distance = Math.abs(j - x);
    let w = tricube(distance, reach);
    if (weights) w *= weights[j]!;
    if (w === 0) continue;
    // Times are counted from x, where the fit is wanted.
    const d = j - x;
    total += w;
    time += w * d;
    value += w * y[j]!;
    squares += w * d * d;
    products += w * d * y[j]!;
  }
  if (!(total > 0)) return Number.NaN;
  const mean = value / total;
  if (degree === 0 || reach === 0) return mean;
  const centre = time / total;
  const variance = squares / total - centre * centre;
  // A line needs some spread of times.
  if (!(Math.sqrt(Math.max(variance, 0)) > 0.001 * (n - 1))) return mean;
  return mean - (centre * (products / total - centre * mean)) / variance;
}

/** Smooths the first n values of y into `out`, which must be another array. */
export function loess(y: Float64Array, n: number, options: LoessOptions, out: Float64Array): void {
  if (n < 2) {
    out[0] = y[0]!;
    return;
  }
  const { span, jump = 1, weights } = options;
  const step = Math.min(jump, n - 1);
  const half = (span + 1) >> 1;
  const whole = span >= n;
  // A window that lies even about its centre needs no line: the fit is a weighted mean with fixed weights.
  const kernel = whole || weights ? undefined : symmetricKernel(half);
  const fitAt = (i: number): void => {
    const left = whole ? 0 : Math.max(0, Math.min(i - half + 1, n - span));
    const right = whole ? n - 1 : left + span - 1;
    if (kernel && i - left === half - 1 && right - i === half - 1) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k++) sum += kernel[k]! * y[left + k]!;
      out[i] = sum;
      return;
    }
    const fit = loessAt(y, n, i, left, right, options);
    out[i] = Number.isNaN(fit) ? y[i]! : fit;
  };
  const join = (from: number, to: number): void => {
    const slope = (out[to]! - out[from]!) / (to - from);
    for (let i = from + 1; i < to; i++) out[i] = out[from]! + slope * (i - from);
  };
  fitAt(0);
  let last = 0;
  for (let i = step; i < n; i += step) {
    fitAt(i);
    join(last, i);
    last = i;
  }
  if (last < n - 1) {
    fitAt(n - 1);
    join(last, n - 1);
  }
}

/** Weights of the 2 · half − 1 values about a centre; they sum to 1. */
function symmetricKernel(half: number): Float64Array {
  const kernel = new Float64Array(2 * half - 1);
  let total = 0;
  for (let k = 0; k < kernel.length; k++) {
    kernel[k] = tricube(Math.abs(k - half + 1), half - 1);
    total += kernel[k]!;
  }
  for (let k = 0; k < kernel.length; k++) kernel[k] = kernel[k]! / total;
  return kernel;
}
