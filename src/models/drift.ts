// The drift method: the straight line from the first to the last observed value, carried on (fpp3 section 5.2).
import { refuseUnknownOptions } from '../core/errors.ts';
import { type Model, requireObservations } from './model.ts';

export interface DriftState {
  readonly last: number;
  /** Periods from the last observed value to the end of the series. */
  readonly age: number;
  /** Average change per period. */
  readonly slope: number;
  /** Periods between the first and the last observed value. */
  readonly span: number;
  /** Variance of one period's change around the slope. */
  readonly sigma2: number;
}

/**
 * A random walk with drift: standard deviation σ √(h (1 + h / span)), h counted from the last observed value, where
 * the second part is the uncertainty of the slope. It has no options; it refuses below 2 observed values.
 */
export function drift(options: Record<string, never> = {}): Model<DriftState> {
  refuseUnknownOptions('drift', options, []);
  return {
    name: 'drift',
    fit({ y }) {
      requireObservations('drift', y, 2);
      const first = y.findIndex((value) => !Number.isNaN(value));
      const end = y.findLastIndex((value) => !Number.isNaN(value));
      const span = end - first;
      const slope = (y[end]! - y[first]!) / span;
      let before = first;
      let squares = 0;
      let changes = 0;
      for (let t = first + 1; t <= end; t++) {
        if (Number.isNaN(y[t]!)) continue;
        const gap = t - before;
        squares += (y[t]! - y[before]! - slope * gap) ** 2 / gap;
        changes++;
        before = t;
      }
      // Two values lie on their line: their whole change is then all that is known of its spread.
      const sigma2 = changes > 1 ? squares / (changes - 1) : slope * slope * span;
      return { last: y[end]!, age: y.length - 1 - end, slope, span, sigma2 };
    },
    forecast({ last, age, slope, span, sigma2 }, h) {
      const mean = new Float64Array(h);
      const sd = new Float64Array(h);
      for (let s = 0; s < h; s++) {
        const ahead = s + 1 + age;
        mean[s] = last + slope * ahead;
        sd[s] = Math.sqrt(sigma2 * ahead * (1 + ahead / span));
      }
      return { kind: 'normal', mean, sd };
    },
    components({ last, age, slope }, { y }, h) {
      const n = y.length;
      const level = new Float64Array(n + h).fill(last);
      const trend = new Float64Array(n + h);
      let before = -1;
      for (let t = 0; t < n; t++) {
        level[t] = before < 0 ? Number.NaN : y[before]!;
        trend[t] = slope * (t - before);
        if (!Number.isNaN(y[t]!)) before = t;
      }
      for (let s = 0; s < h; s++) trend[n + s] = slope * (s + 1 + age);
      return { level, trend, seasonal: new Float64Array(n + h), regressors: new Float64Array(n + h) };
    },
    simulate({ last, age, slope, span, sigma2 }, h, _future, paths, draw) {
      const out = new Float64Array(paths * h);
      const sd = Math.sqrt(sigma2);
      for (let k = 0; k < paths; k++) {
        // The slope is an estimate too; a path keeps the one it drew.
        const own = slope + (sd / Math.sqrt(span)) * draw.normal();
        let value = last + own * age + Math.sqrt(age) * sd * draw.normal();
        for (let s = 0; s < h; s++) {
          value += own + sd * draw.normal();
          out[k * h + s] = value;
        }
      }
      return out;
    },
  };
}
