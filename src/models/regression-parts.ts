// A fitted regression taken apart into its terms, and sample paths drawn from it.
import type { Future, Series } from '../core/panel.ts';
import type { Random } from '../core/random.ts';
import { type LinearFit, predictLinear } from '../learn/linear/least-squares.ts';
import { solveUpper } from '../math/qr.ts';
import { mean, median } from '../math/statistics.ts';
import type { Components } from './model.ts';
import { type Term, termColumns, termWidth } from './regression-terms.ts';

/** What of a regression's state these need. */
export interface FittedTerms {
  readonly terms: readonly Term[];
  readonly fit: LinearFit;
  readonly transform: 'none' | 'log';
  readonly smear: number;
}

/** e to the x, held where the largest numbers end: a log that far out has said all it can. */
export const exponential = (x: number): number => Math.exp(Math.min(x, 600));

type PartName = 'trend' | 'seasonal' | 'regressors';
const partOf = ({ kind }: Term): PartName =>
  kind === 'trend' ? 'trend' : kind === 'phases' || kind === 'fourier' ? 'seasonal' : 'regressors';

/**
 * What a term is set against, so that the level is what sells now, on an average day of the season, with each known
 * column as it usually is: a price of 0 or the first day of the series would tell nobody anything.
 */
function referenceOf(kind: PartName, past: Float64Array): number {
  if (past.length === 0) return 0;
  if (kind === 'trend') return past.at(-1)!;
  if (kind === 'seasonal') return mean(past);
  const seen = past.filter((value) => !Number.isNaN(value));
  return seen.length === 0 ? 0 : median(seen);
}

/**
 * The level is the intercept with every term at its reference. Where logs were fitted the terms multiply: each part is then what it adds on top of those
 * before it, in the order level, trend, season, regressors.
 */
export function regressionComponents(
  { terms, fit, transform, smear }: FittedTerms,
  series: Series,
  h: number,
  future: Future,
): Components {
  const n = series.y.length;
  const make = (): Float64Array => new Float64Array(n + h);
  const parts: Record<PartName, Float64Array> = { trend: make(), seasonal: make(), regressors: make() };
  let at = 1;
  let usual = fit.coefficients[0]!;
  for (const term of terms) {
    const kind = partOf(term);
    const part = parts[kind];
    const past = termColumns(term, series.start, n, series.known);
    const ahead = termColumns(term, future.start, h, future.known);
    for (let j = 0; j < termWidth(term); j++) {
      const slope = fit.coefficients[at++]!;
      if (slope === 0) continue;
      const reference = referenceOf(kind, past[j]!);
      usual += slope * reference;
      for (let t = 0; t < n; t++) part[t] = part[t]! + slope * (past[j]![t]! - reference);
      for (let s = 0; s < h; s++) part[n + s] = part[n + s]! + slope * (ahead[j]![s]! - reference);
    }
  }
  const level = make().fill(usual);
  if (transform === 'none') return { level, ...parts };
  for (let t = 0; t < n + h; t++) {
    let log = level[t]!;
    level[t] = smear * exponential(log);
    for (const part of [parts.trend, parts.seasonal, parts.regressors]) {
      const step = part[t]!;
      part[t] = smear * (exponential(log + step) - exponential(log));
      log += step;
    }
  }
  return { level, ...parts };
}

/** Paths: coefficients and the spread of the noise drawn once a path, the noise of each step on its own. */
export function regressionPaths(
  { terms, fit, transform }: FittedTerms,
  h: number,
  future: Future,
  paths: number,
  draw: Random,
): Float64Array {
  const columns = terms.flatMap((term) => termColumns(term, future.start, h, future.known));
  const { mean } = predictLinear(fit, columns, h);
  const rank = fit.kept.length;
  const z = new Float64Array(rank);
  const out = new Float64Array(paths * h);
  for (let k = 0; k < paths; k++) {
    const sigma = fit.sigma * Math.sqrt(fit.df / (2 * draw.gamma(fit.df / 2)));
    for (let j = 0; j < rank; j++) z[j] = draw.normal();
    const off = solveUpper(fit.factor, rank, z);
    for (let s = 0; s < h; s++) {
      let shift = draw.normal();
      for (let j = 0; j < rank; j++) {
        const column = fit.kept[j]! - 1;
        shift += off[j]! * (column < 0 ? 1 : columns[column]![s]!);
      }
      const value = mean[s]! + sigma * shift;
      out[k * h + s] = transform === 'log' ? exponential(value) : value;
    }
  }
  return out;
}
