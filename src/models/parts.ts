// The fit and forecast of simple models, taken apart into a level and a season.
import type { Components } from './model.ts';

const none = (length: number): Float64Array => new Float64Array(length);

/** The parts of a model that has nothing but a level. */
export function onlyLevel(level: Float64Array): Components {
  const { length } = level;
  return { level, trend: none(length), seasonal: none(length), regressors: none(length) };
}

/**
 * The parts of a model that gives each phase a value of its own: the level is the mean of the fit over a season of m
 * periods, the first forecast being the first of a season, and the rest is seasonal. Where a season has no fit, there
 * is none; a season without some of it has the mean of the others.
 */
export function levelAndSeason(fit: Float64Array, n: number, m: number): Components {
  const { length } = fit;
  const level = new Float64Array(length);
  for (let from = (n % m) - m; from < length; from += m) {
    let total = 0;
    let count = 0;
    for (let t = Math.max(0, from); t < Math.min(length, from + m); t++) {
      if (Number.isNaN(fit[t]!)) continue;
      total += fit[t]!;
      count++;
    }
    level.fill(total / count, Math.max(0, from), Math.max(0, from + m));
  }
  return {
    level,
    trend: none(length),
    seasonal: fit.map((value, t) => value - level[t]!),
    regressors: none(length),
  };
}
