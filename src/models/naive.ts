// The naive method: the last observed value, from now on (a random walk; fpp3 section 5.2).
import { refuseUnknownOptions } from '../core/errors.ts';
import { type Model, requireObservations } from './model.ts';
import { onlyLevel } from './parts.ts';

export interface NaiveState {
  /** The last observed value. */
  readonly last: number;
  /** Periods from it to the end of the series. */
  readonly age: number;
  /** Variance of one period's change. */
  readonly sigma2: number;
}

/** Forecasts the last observed value with standard deviation σ √h, h counted from that value. It has no options. */
export function naive(options: Record<string, never> = {}): Model<NaiveState> {
  refuseUnknownOptions('naive', options, []);
  return {
    name: 'naive',
    fit({ y }) {
      requireObservations('naive', y, 1);
      let before = -1;
      let squares = 0;
      let changes = 0;
      for (let t = 0; t < y.length; t++) {
        if (Number.isNaN(y[t]!)) continue;
        if (before >= 0) {
          // A walk over a gap of g periods has g times the variance.
          squares += (y[t]! - y[before]!) ** 2 / (t - before);
          changes++;
        }
        before = t;
      }
      const last = y[before]!;
      // One value alone shows no spread; it is taken to be as uncertain as it is large.
      return { last, age: y.length - 1 - before, sigma2: changes > 0 ? squares / changes : last * last };
    },
    forecast({ last, age, sigma2 }, h) {
      const mean = new Float64Array(h).fill(last);
      return { kind: 'normal', mean, sd: mean.map((_, s) => Math.sqrt(sigma2 * (s + 1 + age))) };
    },
    components({ last }, { y }, h) {
      const level = new Float64Array(y.length + h).fill(last);
      let before = Number.NaN;
      for (let t = 0; t < y.length; t++) {
        level[t] = before;
        if (!Number.isNaN(y[t]!)) before = y[t]!;
      }
      return onlyLevel(level);
    },
    simulate({ last, age, sigma2 }, h, _future, paths, draw) {
      const out = new Float64Array(paths * h);
      const sd = Math.sqrt(sigma2);
      for (let k = 0; k < paths; k++) {
        let value = last + Math.sqrt(age) * sd * draw.normal();
        for (let s = 0; s < h; s++) {
          value += sd * draw.normal();
          out[k * h + s] = value;
        }
      }
      return out;
    },
  };
}
