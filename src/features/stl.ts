// STL: a season that changes slowly, a trend and a remainder, by local regression (Cleveland, Cleveland, McRae and Terpenning 1990).
import { type LoessOptions, loess, loessAt } from '../math/loess.ts';
import { median } from '../math/statistics.ts';

export interface StlOptions {
  /** Seasons over which a phase is smoothed, an odd number from 7 up; defaults to `periodic`, the same in every season. */
  readonly seasonWindow?: number | 'periodic';
  /** Cells over which the trend is smoothed; defaults to about 1.5 seasons, as the authors advise. */
  readonly trendWindow?: number;
  /** Whether outliers are given less and less weight; defaults to false. */
  readonly robust?: boolean;
}

export interface Stl {
  /** Values a cell; they add up to the series where it is observed. The remainder is NaN where it is not. */
  readonly season: Float64Array;
  readonly trend: Float64Array;
  readonly remainder: Float64Array;
  /** From 0 for an outlier to 1; all 1 unless robust. */
  readonly weights: Float64Array;
}

const nextOdd = (x: number): number => {
  const whole = Math.round(x);
  return whole % 2 === 0 ? whole + 1 : whole;
};

/** A tenth of the window: between fits so far apart a smooth curve is straight enough. */
const jumpOf = (span: number): number => Math.ceil(span / 10);

/** Means of `width` values from each on; `count` values in, count − width + 1 out. */
function movingMean(x: Float64Array, count: number, width: number, out: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += x[i]!;
  out[0] = sum / width;
  for (let i = 1; i <= count - width; i++) {
    sum += x[i + width - 1]! - x[i - 1]!;
    out[i] = sum / width;
  }
}

/** The series with each missing cell set to the straight line between its observed neighbours, as a first guess. */
function bridged(y: Float64Array): Float64Array {
  const out = Float64Array.from(y);
  let last = -1;
  for (let t = 0; t < out.length; t++) {
    if (Number.isNaN(y[t]!)) continue;
    for (let i = last + 1; i < t; i++) {
      out[i] = last < 0 ? y[t]! : y[last]! + ((y[t]! - y[last]!) * (i - last)) / (t - last);
    }
    last = t;
  }
  if (last >= 0) out.fill(y[last]!, last + 1);
  return out;
}

/** Bisquare weights of the remainders: those beyond six times their median size count nothing. */
function robustWeights(y: Float64Array, season: Float64Array, trend: Float64Array, out: Float64Array): void {
  for (let t = 0; t < y.length; t++) out[t] = Math.abs(y[t]! - season[t]! - trend[t]!);
  const reach = 6 * median(out);
  for (let t = 0; t < y.length; t++) {
    const size = out[t]!;
    if (size <= 0.001 * reach) out[t] = 1;
    else out[t] = size <= 0.999 * reach ? (1 - (size / reach) ** 2) ** 2 : 0;
  }
}

/**
 * Splits y into a season of m periods, a trend and a remainder. Without missing cells it equals R's `stl`. Missing cells
 * (NaN) have weight 0: season and trend are carried across them. It needs more than two seasons of cells.
 */
export function stl(
  y: Float64Array,
  m: number,
  { seasonWindow = 'periodic', trendWindow, robust = false }: StlOptions = {},
): Stl {
  const n = y.length;
  if (m < 2 || n <= 2 * m) {
    throw new RangeError(`a season of ${m} needs more than ${2 * m} cells for STL, not ${n}`);
  }
  const complete = !y.some(Number.isNaN);
  const filled = complete ? y : bridged(y);
  const periodic = seasonWindow === 'periodic';
  const seasonSpan = periodic ? 10 * n + 1 : nextOdd(seasonWindow);
  const trendSpan = nextOdd(trendWindow ?? Math.ceil((1.5 * m) / (1 - 1.5 / seasonSpan)));
  const lowSpan = nextOdd(m);

  const season = new Float64Array(n);
  const trend = new Float64Array(n);
  const weights = new Float64Array(n).fill(1);
  // Of 0 where nothing is known, so that the fits pass over it.
  const counted = complete ? undefined : y.map((value) => (Number.isNaN(value) ? 0 : 1));
  let used = counted;

  // Room for the passes: nothing is allocated in them.
  const detrended = new Float64Array(n);
  const cycles = new Float64Array(n + 2 * m);
  const once = new Float64Array(n + 2 * m);
  const twice = new Float64Array(n + 2 * m);
  const low = new Float64Array(n);
  const most = Math.ceil(n / m);
  const phase = new Float64Array(most);
  const phaseWeights = new Float64Array(most);
  const smooth = new Float64Array(most);

  const trendOptions = (w: Float64Array | undefined): LoessOptions => ({
    span: trendSpan,
    degree: 1,
    jump: jumpOf(trendSpan),
    weights: w,
  });

  /** Smooths each phase of the season over its cycles, one cycle further at both ends. */
  const smoothPhases = (): void => {
    const options: LoessOptions = {
      span: seasonSpan,
      degree: 0,
      jump: jumpOf(seasonSpan),
      weights: used && phaseWeights,
    };
    for (let p = 0; p < m; p++) {
      const k = Math.floor((n - 1 - p) / m) + 1;
      for (let i = 0; i < k; i++) phase[i] = detrended[i * m + p]!;
      if (used) for (let i = 0; i < k; i++) phaseWeights[i] = used[i * m + p]!;
      loess(phase, k, options, smooth);
      const first = loessAt(phase, k, -1, 0, Math.min(seasonSpan, k) - 1, options);
      const last = loessAt(phase, k, k, Math.max(0, k - seasonSpan), k - 1, options);
      cycles[p] = Number.isNaN(first) ? smooth[0]! : first;
      for (let i = 0; i < k; i++) cycles[(i + 1) * m + p] = smooth[i]!;
      cycles[(k + 1) * m + p] = Number.isNaN(last) ? smooth[k - 1]! : last;
    }
  };

  const inner = (): void => {
    for (let t = 0; t < n; t++) detrended[t] = filled[t]! - trend[t]!;
    smoothPhases();
    // What the cycles hold of trend is taken out again by a low-pass filter.
    movingMean(cycles, n + 2 * m, m, once);
    movingMean(once, n + m + 1, m, twice);
    movingMean(twice, n + 2, 3, once);
    loess(once, n, { span: lowSpan, degree: 1, jump: jumpOf(lowSpan) }, low);
    for (let t = 0; t < n; t++) season[t] = cycles[m + t]! - low[t]!;
    for (let t = 0; t < n; t++) detrended[t] = filled[t]! - season[t]!;
    loess(detrended, n, trendOptions(used), trend);
  };

  const outer = robust ? 15 : 0;
  for (let round = 0; round <= outer; round++) {
    for (let pass = 0; pass < (robust ? 1 : 2); pass++) inner();
    // The weights returned are those of the last pass.
    if (round < outer) {
      robustWeights(y, season, trend, weights);
      if (counted) for (let t = 0; t < n; t++) if (counted[t] === 0) weights[t] = 0;
      used = weights;
    }
  }
  if (periodic) {
    // Smoothing over all cycles leaves a rounding's worth of change, which an average takes out.
    for (let p = 0; p < m; p++) {
      let sum = 0;
      let count = 0;
      for (let t = p; t < n; t += m, count++) sum += season[t]!;
      for (let t = p; t < n; t += m) season[t] = sum / count;
    }
  }
  return { season, trend, remainder: y.map((value, t) => value - season[t]! - trend[t]!), weights };
}
