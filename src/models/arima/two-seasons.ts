// Automatic ARIMA of series that hold a season of seasons several times, as hours with days and weeks: the longer season as
// waves, and how often to difference by what came of it in the past, for which a series of this length has room.
import type { Sample } from './sample.ts';
import { type Members, type SelectionOptions, searchAt, withoutRegressors } from './selection.ts';
import { seasonStrength } from './stationarity.ts';
import { trialError } from './trial.ts';
import { findWaves, type Waves, waveColumns, withColumns } from './waves.ts';

/** How often the longer season must be there. */
const LEAST_SEASONS = 3;
/** Shorter seasons in a longer one at most: each brings waves of its own. */
const LARGEST_RATIO = 12;
/** The shorter season at most: two searches among states of a day of quarter hours take seconds. */
const LONGEST_SHORTER = 48;
/** The shorter season must be at least this strong; STL finds 0.15 to 0.25 in hours of mere noise. */
const LEAST_STRENGTH = 0.3;

/** Origins of the trial, a season apart, and the seasons ahead that each looks. */
const ORIGINS = 10;
const REACH = 2;
/** Weights go as this power of the error: between the mean of both (0) and the better one alone (∞), which 2 to 8 beat. */
const POWER = -4;

/** The shortest of the given seasons that is a multiple of m and often enough in the sample; undefined for none. */
export const longerSeason = (sample: Sample, m: number, seasons: readonly number[]): number | undefined =>
  m > 1 && m <= LONGEST_SHORTER
    ? seasons.find(
        (s) => s > m && s % m === 0 && s <= LARGEST_RATIO * m && sample.observed >= LEAST_SEASONS * s,
      )
    : undefined;

/** Members whose weights sum to 1, and the waves that their sample has as last regressors. */
export interface TwoSeasons {
  readonly members: Members;
  readonly waves: Waves;
}

/**
 * Models with a seasonal difference, without and with a first one, weighted by their errors in a trial: the likelihoods
 * of different d do not compare, and the tests that decide otherwise say little of several steps ahead. Undefined where
 * the options leave no choice or the series shows hardly a season.
 * `start` is the ordinal of the sample's first cell.
 */
export function selectTwoSeasons(
  sample: Sample,
  m: number,
  period: number,
  start: number,
  options: SelectionOptions,
): TwoSeasons | undefined {
  const { average, d, D = Math.min(1, options.max_D), max_d } = options;
  if (!average || D !== 1) return undefined;
  const { y, filled } = withoutRegressors(sample);
  if (options.D === undefined && !(seasonStrength(y, filled, m) > LEAST_STRENGTH)) return undefined;

  const { waves, rest } = findWaves(sample, m, period, start);
  const whole = withColumns(sample, waveColumns(waves, start, sample.y.length));
  const tried = (d === undefined ? [0, 1].slice(0, max_d + 1) : [d])
    .map((first) => searchAt(rest, m, first, D, options, whole))
    .filter((members) => members.length > 0)
    .map((members) => ({ members, error: tryOut(rest, members, m) }));
  const least = Math.min(...tried.map(({ error }) => error));
  // Nothing was observed in the trial, or a model was never wrong: alike, or that one alone.
  const trust = tried.map(({ error }) =>
    error === least || Number.isNaN(least) ? 1 : (error / least) ** POWER,
  );
  const total = trust.reduce((a, b) => a + b, 0);
  const weighted = tried.map(({ members }, i) => ({ members, share: trust[i]! / total }));
  weighted.sort((a, b) => b.share - a.share);
  return {
    waves,
    members: weighted.flatMap(({ members, share }) =>
      members.map(({ fit, weight }) => ({ fit, weight: weight * share })),
    ),
  };
}

/** How wrong the best of some members was in the last seasons of a sample without its waves, which are the same for all. */
const tryOut = (sample: Sample, members: Members, m: number): number =>
  trialError(sample, members[0]!.fit, { reach: REACH * m, origins: ORIGINS, every: m });
