// Values that a model's fit does not explain: robust, heavy-tailed, with a bound on the share of false alarms.
import { refuseUnknownOptions, UsageError } from '../core/errors.ts';
import { studentCdf, studentQuantile } from '../math/special.ts';
import { median, quantileSorted, sorted } from '../math/statistics.ts';
import type { Components } from '../models/model.ts';

export interface AnomalyOptions {
  /** Expected share of false alarms among the values reported (Benjamini and Hochberg 1995); defaults to 0.05. */
  readonly rate?: number;
  /** Whether the spread is the same everywhere or grows with the fit; `auto`, the default, asks the residuals. */
  readonly spread?: 'constant' | 'proportional' | 'auto';
  /** Cells at the start that are not judged, while a model still settles; defaults to 0. */
  readonly skip?: number;
}

export interface Anomaly {
  /** Cell of the series. */
  readonly at: number;
  readonly value: number;
  readonly expected: number;
  /** Distance from what was expected, in robust standard deviations; negative below it. */
  readonly score: number;
  /** Probability of a value as far off or further, were nothing the matter. */
  readonly p: number;
}

/**
 * Ratio of the 90th to the 50th percentile of absolute values that a Student's t of so many degrees has. Further out the
 * anomalies themselves would pass for tails.
 */
const tailRatio = (df: number): number => studentQuantile(0.95, df) / studentQuantile(0.75, df);

/** Degrees of freedom whose tails are as heavy as those of the residuals: few for heavy ones. */
function tails(absolute: Float64Array): number {
  const ratio = quantileSorted(absolute, 0.9) / quantileSorted(absolute, 0.5);
  // The ratio of n values is itself unsure by about 1.5 / √n: only what exceeds that speaks for heavy tails.
  const doubt = 1 + 1.5 / Math.sqrt(absolute.length);
  for (const df of [30, 15, 10, 7, 5, 4, 3]) if (ratio <= tailRatio(df) * doubt) return df;
  return 3;
}

/** Whether residuals grow with the fit: their median size in its upper half against its lower. */
function grows(residuals: Float64Array, expected: Float64Array): boolean {
  const cells = Array.from(residuals.keys()).filter((t) => !Number.isNaN(residuals[t]!));
  if (cells.length < 20 || cells.some((t) => !(expected[t]! > 0))) return false;
  const middle = median(expected);
  const size = (high: boolean): number =>
    median(
      Float64Array.from(
        cells.filter((t) => expected[t]! > middle === high),
        (t) => Math.abs(residuals[t]!),
      ),
    );
  const level = (high: boolean): number =>
    median(
      Float64Array.from(
        cells.filter((t) => expected[t]! > middle === high),
        (t) => expected[t]!,
      ),
    );
  return size(true) / size(false) > Math.sqrt(level(true) / level(false)) && level(true) > 1.1 * level(false);
}

/**
 * The values of y that the parts of its fit (`model.components`, or anything of their shape) do not explain, the most
 * surprising first. Spread and weight of the tails come from medians and quantiles of the residuals, which the anomalies
 * themselves hardly move. A one-step fit of a smoothing model follows an anomaly, so that the cell after it may be reported
 * too; the additive model's fit does not.
 */
export function anomalies(y: Float64Array, parts: Components, options: AnomalyOptions = {}): Anomaly[] {
  refuseUnknownOptions('anomalies', options, ['rate', 'spread', 'skip']);
  const { rate = 0.05, spread = 'auto', skip = 0 } = options;
  if (!(rate > 0 && rate < 1))
    throw new UsageError(`anomalies: rate is ${rate}; give a share between 0 and 1.`);
  if (!['constant', 'proportional', 'auto'].includes(spread)) {
    throw new UsageError(`anomalies: spread is "${spread}"; choose from constant, proportional, auto.`);
  }
  const expected = y.map(
    (_, t) => parts.level[t]! + parts.trend[t]! + parts.seasonal[t]! + parts.regressors[t]!,
  );
  const residuals = y.map((value, t) => (t < skip ? Number.NaN : value - expected[t]!));
  const proportional = spread === 'proportional' || (spread === 'auto' && grows(residuals, expected));
  const relative = residuals.map((value, t) =>
    proportional ? value / Math.max(expected[t]!, 1e-300) : value,
  );
  const centre = median(relative);
  const absolute = sorted(relative.map((value) => Math.abs(value - centre)));
  const n = absolute.length;
  if (n < 8) return [];
  const df = tails(absolute);
  // Where most residuals are 0 the spread is read further out; where nearly all are, whatever is not 0 stands out.
  const read = [0.5, 0.75, 0.9].find((q) => quantileSorted(absolute, q) > 0);
  const scale = read
    ? quantileSorted(absolute, read) / studentQuantile((1 + read) / 2, df)
    : Math.max(1e-9 * Math.abs(median(expected)), 1e-300);
  const sd = scale * Math.sqrt(df / (df - 2));
  const judged: Anomaly[] = [];
  for (let t = 0; t < y.length; t++) {
    if (Number.isNaN(relative[t]!)) continue;
    const off = relative[t]! - centre;
    const p = 2 * studentCdf(-Math.abs(off) / scale, df);
    judged.push({ at: t, value: y[t]!, expected: expected[t]!, score: off / sd, p });
  }
  judged.sort((a, b) => a.p - b.p || a.at - b.at);
  let last = -1;
  for (let k = 0; k < n; k++) if (judged[k]!.p <= (rate * (k + 1)) / n) last = k;
  return judged.slice(0, last + 1);
}
