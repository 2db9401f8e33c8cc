// Where a series changed for good: exact search for changes of mean or trend, PELT (Killick, Fearnhead and Eckley 2012).
import { refuseUnknownOptions, UsageError } from '../core/errors.ts';
import { median } from '../math/statistics.ts';

export interface ChangePointOptions {
  /** What changes: the mean, or the straight line; defaults to `mean`. */
  readonly cost?: 'mean' | 'trend';
  /** Cost of one more change in units of the noise's variance; defaults to the modified BIC of Zhang and Siegmund (2007). */
  readonly penalty?: number | 'mbic';
  /** Fewest observed values between two changes; defaults to 4. */
  readonly least?: number;
}

export interface Segment {
  /** First cell, and the cell after its last. */
  readonly from: number;
  readonly to: number;
  /** Fitted value at the first cell, and change per cell (0 for a mean). */
  readonly level: number;
  readonly slope: number;
}

export interface ChangePoints {
  /** First cell of each new segment, ascending. */
  readonly at: readonly number[];
  readonly segments: readonly Segment[];
  /** Standard deviation of the noise, and how much of an error lingers in the next. */
  readonly noise: number;
  readonly phi: number;
}

/** Running sums over the observed values, from which every segment's line follows at once. */
interface Sums {
  readonly cells: Int32Array;
  readonly t: Float64Array;
  readonly tt: Float64Array;
  readonly y: Float64Array;
  readonly ty: Float64Array;
  readonly yy: Float64Array;
}

function sumsOf(y: Float64Array): Sums {
  const cells = Int32Array.from(Array.from(y.keys()).filter((i) => !Number.isNaN(y[i]!)));
  const n = cells.length;
  const sums = { t: 0, tt: 0, y: 0, ty: 0, yy: 0 };
  const make = (): Float64Array => new Float64Array(n + 1);
  const out: Sums = { cells, t: make(), tt: make(), y: make(), ty: make(), yy: make() };
  // Numbers around their middle keep their digits when squares are subtracted.
  const middle = n > 0 ? median(y) : 0;
  for (let i = 0; i < n; i++) {
    const t = cells[i]!;
    const value = y[t]! - middle;
    sums.t += t;
    sums.tt += t * t;
    sums.y += value;
    sums.ty += t * value;
    sums.yy += value * value;
    out.t[i + 1] = sums.t;
    out.tt[i + 1] = sums.tt;
    out.y[i + 1] = sums.y;
    out.ty[i + 1] = sums.ty;
    out.yy[i + 1] = sums.yy;
  }
  return out;
}

/** Residual sum of squares of observed values i … j − 1 about their mean or line. */
function residual(s: Sums, i: number, j: number, trend: boolean): number {
  const n = j - i;
  const sy = s.y[j]! - s.y[i]!;
  let rss = s.yy[j]! - s.yy[i]! - (sy * sy) / n;
  if (trend) {
    const st = s.t[j]! - s.t[i]!;
    const stt = s.tt[j]! - s.tt[i]! - (st * st) / n;
    const sty = s.ty[j]! - s.ty[i]! - (st * sy) / n;
    if (stt > 0) rss -= (sty * sty) / stt;
  }
  return Math.max(0, rss);
}

/** Starts of the segments with the least total cost; `scale` is the variance that a lasting error counts as. */
function pelt(
  s: Sums,
  trend: boolean,
  penalty: number,
  mbic: boolean,
  least: number,
  scale: number,
): number[] {
  const n = s.cells.length;
  const best = new Float64Array(n + 1).fill(Infinity);
  const from = new Int32Array(n + 1);
  best[0] = -penalty;
  let starts = [0];
  // Parting a segment may cost up to log n through the lengths' terms: that much is kept in doubt before pruning.
  const doubt = mbic ? Math.log(n) : 0;
  const costs = new Float64Array(n + 1);
  for (let j = least; j <= n; j++) {
    if (j - least >= least) starts.push(j - least);
    for (const i of starts) {
      const value = best[i]! + residual(s, i, j, trend) / scale + (mbic ? Math.log((j - i) / n) : 0);
      costs[i] = value;
      if (value + penalty < best[j]!) {
        best[j] = value + penalty;
        from[j] = i;
      }
    }
    starts = starts.filter((i) => costs[i]! - doubt <= best[j]!);
  }
  const found: number[] = [];
  for (let j = n; j > 0; j = from[j]!) if (from[j]! > 0) found.push(from[j]!);
  return found.reverse();
}

function segmentsOf(s: Sums, starts: readonly number[], trend: boolean, y: Float64Array): Segment[] {
  const middle = median(y);
  const edges = [0, ...starts, s.cells.length];
  return edges.slice(0, -1).map((i, k) => {
    const j = edges[k + 1]!;
    const n = j - i;
    const from = k === 0 ? 0 : s.cells[i]!;
    const to = j === s.cells.length ? y.length : s.cells[j]!;
    const st = s.t[j]! - s.t[i]!;
    const sy = s.y[j]! - s.y[i]!;
    const stt = s.tt[j]! - s.tt[i]! - (st * st) / n;
    const slope = trend && stt > 0 ? (s.ty[j]! - s.ty[i]! - (st * sy) / n) / stt : 0;
    return { from, to, level: middle + sy / n + slope * (from - st / n), slope };
  });
}

/** Standard deviation of differences over `lag` observed values, those beyond three robust ones held there. */
function robustStep(values: Float64Array, lag: number): number {
  if (values.length <= lag) return 0;
  const steps = Float64Array.from({ length: values.length - lag }, (_, i) => values[i + lag]! - values[i]!);
  const centre = median(steps);
  const limit = 3 * 1.4826 * median(steps.map((step) => Math.abs(step - centre)));
  let squares = 0;
  for (const step of steps) squares += Math.min(limit, Math.abs(step - centre)) ** 2;
  // Of a normal's variance 0.8 % is lost by holding it at three standard deviations.
  return Math.sqrt(squares / steps.length / 0.992);
}

/**
 * Finds the changes of a series whose season is out (give it `y` less the season, or a model's remainder). Noise is judged
 * robustly from differences of neighbours. Errors that linger make levels wander without any change: their
 * autocorrelation φ raises the price of a change by (1 + φ) / (1 − φ). Missing cells (NaN) are passed over.
 */
export function changePoints(y: Float64Array, options: ChangePointOptions = {}): ChangePoints {
  refuseUnknownOptions('changePoints', options, ['cost', 'penalty', 'least']);
  const { cost = 'mean', penalty = 'mbic', least = 4 } = options;
  if (cost !== 'mean' && cost !== 'trend') {
    throw new UsageError(`changePoints: cost is "${cost}"; choose mean or trend.`);
  }
  if (penalty !== 'mbic' && !(penalty > 0)) {
    throw new UsageError(`changePoints: penalty is ${penalty}; give a number above 0 or "mbic".`);
  }
  const trend = cost === 'trend';
  if (!(Number.isInteger(least) && least >= (trend ? 3 : 2))) {
    throw new UsageError(
      `changePoints: least is ${least}; give a whole number of at least ${trend ? 3 : 2}.`,
    );
  }
  const s = sumsOf(y);
  const n = s.cells.length;
  if (n === 0) return { at: [], segments: [], noise: 0, phi: 0 };
  const observed = Float64Array.from(s.cells, (t) => y[t]!);
  const deviation = Math.sqrt(residual(s, 0, n, trend) / n);
  const floor = 1e-9 * Math.max(deviation, Math.abs(median(y)), 1e-300);
  // Where an error lingers by the share φ, differences over two steps have 1 + φ times the variance of those over one;
  // neither knows of the few changes.
  const one = Math.max(floor, robustStep(observed, 1));
  const ratio = (robustStep(observed, 2) / one) ** 2;
  const phi = Math.min(0.95, Math.max(0, ratio - 1));
  const noise = one / Math.sqrt(2 * (1 - phi));
  const beta = penalty === 'mbic' ? (trend ? 4 : 3) * Math.log(n) : penalty;
  const scale = (noise * noise * (1 + phi)) / (1 - phi);
  const starts = n >= 2 * least ? pelt(s, trend, beta, penalty === 'mbic', least, scale) : [];
  const segments = segmentsOf(s, starts, trend, y);
  return { at: segments.slice(1).map(({ from }) => from), segments, noise, phi };
}
