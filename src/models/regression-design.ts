// Which terms a regression can afford: covariates that say something, seasons seen twice, no more than rows allow.
import { didYouMean, ModelRefusal, UsageError } from '../core/errors.ts';
import type { Series } from '../core/panel.ts';
import { exactSeason } from '../features/calendar.ts';
import { mostPairs } from '../features/fourier.ts';
import { nestedResiduals } from '../learn/linear/least-squares.ts';
import { type Context, observedCount } from './model.ts';
import {
  type CovariateTerm,
  covariateTerm,
  seenPhases,
  type Term,
  termColumns,
  termWidth,
} from './regression-terms.ts';

export interface DesignOptions {
  readonly trend: 'linear' | 'none';
  readonly season: 'auto' | 'fourier' | 'none';
  readonly max_pairs: number;
  readonly covariates: boolean | readonly string[];
}

export interface Design {
  readonly terms: readonly Term[];
  /** The terms' columns over all cells of the series; NaN only where `used` is 0. */
  readonly columns: readonly Float64Array[];
  /** 1 for a cell whose y and covariates are all there. */
  readonly used: Uint8Array;
  /** What was left out and why, one fragment each. */
  readonly notes: readonly string[];
}

/** Least rows of any regression: a mean and a spread of some use. */
export const LEAST_ROWS = 4;
/** Least rows for a straight line: from fewer its slope is mostly chance. */
const TREND_ROWS = 10;
/** Longest season with a level for each phase. */
const SHORT_SEASON = 24;
/** A covariate missing in more than this share of the rows is left out; else the rows are. */
const MOST_MISSING = 0.2;
/** Most coefficients from n rows: half as many degrees of freedom as coefficients must be left, and at least 4. */
const most = (n: number): number => Math.max(1, Math.min(n - 4, Math.floor((2 * n) / 3)));

/**
 * Chooses the terms for y (as it will be fitted) in the order trend, covariates, short seasons, long seasons,
 * each while there is room: a short series loses its seasons first, then covariates, then the trend.
 */
export function designRegression(
  y: Float64Array,
  series: Series,
  context: Context,
  options: DesignOptions,
): Design {
  const { used, terms: covariates, notes } = chooseCovariates(series, context, options.covariates);
  const n = used.reduce((a, b) => a + b, 0);
  if (n < LEAST_ROWS) {
    throw new ModelRefusal(
      `has ${n} rows in which y and all known-future columns are there; a regression needs ${LEAST_ROWS}`,
    );
  }
  const first = used.indexOf(1);
  const span = used.lastIndexOf(1) - first;
  const terms: Term[] = [];
  const columns: Float64Array[] = [];
  const room = (): number => most(n) - 1 - columns.length;
  const add = (term: Term): void => {
    terms.push(term);
    columns.push(...termColumns(term, series.start, used.length, series.known));
  };

  if (options.trend === 'linear' && n >= TREND_ROWS) {
    add({ kind: 'trend', origin: series.start + first, span });
  }
  for (const term of covariates) {
    if (termWidth(term) <= room()) add(term);
    else notes.push(`"${term.name}" has no room in ${n} rows`);
  }
  for (const season of seasonsOf(context, options)) {
    // Two full seasons tell a season from a trend; one does not.
    const term =
      span + 1 < 2 * season
        ? undefined
        : options.season === 'auto' && season <= SHORT_SEASON
          ? phasesTerm(season, series, used, room())
          : fourierTerm(season, series, used, room(), y, columns, context, options.max_pairs);
    if (term) add(term);
  }
  return { terms, columns, used, notes };
}

/** The covariates that can be used, and the rows in which y and all of them are there. */
export function chooseCovariates(
  { y, known }: Series,
  context: Context,
  wanted: boolean | readonly string[],
): { used: Uint8Array; terms: CovariateTerm[]; notes: string[] } {
  const used = Uint8Array.from(y, (value) => (Number.isNaN(value) ? 0 : 1));
  const observed = observedCount(y);
  const notes: string[] = [];
  const chosen: number[] = [];
  const names = context.knownFuture.map(({ name }) => name);
  for (const name of Array.isArray(wanted) ? wanted : []) {
    if (names.includes(name)) continue;
    throw new UsageError(`covariate "${name}" is not a known-future column.${didYouMean(name, names)}`);
  }
  for (const [j, { name }] of context.knownFuture.entries()) {
    if (wanted === false || (Array.isArray(wanted) && !wanted.includes(name))) continue;
    const values = known[j]!;
    let missing = 0;
    for (let t = 0; t < y.length; t++) if (!Number.isNaN(y[t]!) && Number.isNaN(values[t]!)) missing++;
    if (missing > MOST_MISSING * observed) {
      notes.push(`"${name}" is missing in ${Math.round((100 * missing) / observed)}% of the rows`);
    } else {
      chosen.push(j);
    }
  }
  for (const j of chosen) {
    const values = known[j]!;
    for (let t = 0; t < y.length; t++) if (Number.isNaN(values[t]!)) used[t] = 0;
  }
  const terms: CovariateTerm[] = [];
  for (const j of chosen) {
    const { name, levels } = context.knownFuture[j]!;
    const term = covariateTerm(name, j, known[j]!, used, levels);
    if (term) terms.push(term);
    else notes.push(`"${name}" never changes`);
  }
  return { used, terms, notes };
}

/** All seasons of the frequency and the context's own, shortest first; none where the context has none. */
function seasonsOf({ freq, season_length }: Context, { season }: DesignOptions): number[] {
  if (season === 'none' || season_length <= 1) return [];
  return [...new Set([season_length, ...freq.seasons])].filter((m) => m > 1).sort((a, b) => a - b);
}

function phasesTerm(season: number, series: Series, used: Uint8Array, room: number): Term | undefined {
  const phases = seenPhases(season, series.start, used);
  const term: Term = { kind: 'phases', season, phases };
  return phases.length > 1 && termWidth(term) <= room ? term : undefined;
}

/** The Fourier term with the number of pairs that has the least AICc; none where no pair pays. */
function fourierTerm(
  season: number,
  series: Series,
  used: Uint8Array,
  room: number,
  y: Float64Array,
  base: readonly Float64Array[],
  context: Context,
  maxPairs: number,
): Term | undefined {
  const period = exactSeason(context.freq, season);
  const limit = Math.min(maxPairs, mostPairs(period), Math.floor(room / 2));
  if (limit < 1) return undefined;
  const term = (pairs: number): Term => ({ kind: 'fourier', season, period, pairs });
  const columns = [...base, ...termColumns(term(limit), series.start, y.length, [])];
  const { rss, ranks } = nestedResiduals(columns, y, used);
  const n = used.reduce((a, b) => a + b, 0);
  let size = 0;
  for (let t = 0; t < y.length; t++) if (used[t]) size += y[t]! * y[t]!;
  let best = 0;
  let bestScore = Infinity;
  for (let pairs = 0; pairs <= limit; pairs++) {
    const at = base.length + (pairs > 0 ? termWidth(term(pairs)) : 0);
    // Residuals that are only rounding would make more pairs look ever better.
    const score = aicc(Math.max(rss[at]!, 1e-24 * size), n, ranks[at]!);
    if (score < bestScore) {
      bestScore = score;
      best = pairs;
    }
  }
  return best > 0 ? term(best) : undefined;
}

/** Akaike's criterion, corrected for small samples (Hurvich and Tsai 1989); sigma counts as a parameter. */
function aicc(rss: number, n: number, coefficients: number): number {
  const k = coefficients + 1;
  return rss > 0 ? n * Math.log(rss / n) + 2 * k + (2 * k * (k + 1)) / (n - k - 1) : 2 * k;
}
