// The seasonal naive method: each period repeats the same period of the last season (fpp3 section 5.2).
import { refuseUnknownOptions } from '../core/errors.ts';
import { mean as meanOf, variance as varianceOf } from '../math/statistics.ts';
import { type Model, requireObservations } from './model.ts';
import { levelAndSeason } from './parts.ts';

export interface SeasonalNaiveState {
  /** The latest value of each phase; the first is that of the next period. */
  readonly values: readonly number[];
  /** Variance of the next forecast of each phase. */
  readonly variance: readonly number[];
  /** Variance of a change from one season to the next; each further season ahead adds one. */
  readonly sigma2: number;
}

/**
 * Repeats the last season with standard deviation σ √(k + 1), k whole seasons ahead. Where the last season misses a
 * value the latest one of the same phase stands in, with the variance of its age; a phase that was never observed
 * gets the mean of the others. It has no options; with season_length 1 it is the naive method.
 */
export function seasonalNaive(options: Record<string, never> = {}): Model<SeasonalNaiveState> {
  refuseUnknownOptions('seasonal-naive', options, []);
  return {
    name: 'seasonal-naive',
    fit({ y }, { season_length: m }) {
      requireObservations('seasonal-naive', y, 1);
      const n = y.length;
      const values = new Array<number>(m).fill(Number.NaN);
      const ages = new Array<number>(m).fill(0);
      let squares = 0;
      let changes = 0;
      for (let p = 0; p < m; p++) {
        // From the latest cell of the phase backwards; `later` is the last observed one met.
        let later = -1;
        for (let t = n - m + p; t >= 0; t -= m) {
          if (Number.isNaN(y[t]!)) continue;
          if (later < 0) {
            values[p] = y[t]!;
            ages[p] = (n - m + p - t) / m;
          } else {
            squares += (y[later]! - y[t]!) ** 2 / ((later - t) / m);
            changes++;
          }
          later = t;
        }
      }
      const middle = meanOf(values);
      const spread = varianceOf(values);
      // Without two seasons to compare, the spread within the one stands in; one value is as uncertain as it is large.
      const within = Number.isNaN(spread) ? middle * middle : spread;
      const sigma2 = changes > 0 ? squares / changes : within;
      return {
        values: values.map((value) => (Number.isNaN(value) ? middle : value)),
        variance: values.map((value, p) => (Number.isNaN(value) ? sigma2 + within : sigma2 * (1 + ages[p]!))),
        sigma2,
      };
    },
    forecast({ values, variance, sigma2 }, h) {
      const m = values.length;
      const mean = Float64Array.from({ length: h }, (_, s) => values[s % m]!);
      const sd = mean.map((_, s) => Math.sqrt(variance[s % m]! + Math.floor(s / m) * sigma2));
      return { kind: 'normal', mean, sd };
    },
    components({ values }, { y }, h) {
      const n = y.length;
      const m = values.length;
      const fit = new Float64Array(n + h);
      const latest = new Float64Array(m).fill(Number.NaN);
      for (let t = 0; t < n; t++) {
        fit[t] = latest[t % m]!;
        if (!Number.isNaN(y[t]!)) latest[t % m] = y[t]!;
      }
      for (let s = 0; s < h; s++) fit[n + s] = values[s % m]!;
      return levelAndSeason(fit, n, m);
    },
    simulate({ values, variance, sigma2 }, h, _future, paths, draw) {
      const m = values.length;
      const out = new Float64Array(paths * h);
      for (let k = 0; k < paths; k++) {
        const base = k * h;
        for (let s = 0; s < h; s++) {
          // Each phase walks by itself, from season to season.
          const before = s < m ? values[s]! : out[base + s - m]!;
          out[base + s] = before + Math.sqrt(s < m ? variance[s]! : sigma2) * draw.normal();
        }
      }
      return out;
    },
  };
}
