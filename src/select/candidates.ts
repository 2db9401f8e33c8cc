// Which models are tried on which series: the default pool of `auto`, by kind of demand.
import type { Panel } from '../core/panel.ts';
import { fewestValues } from '../models/exponential-smoothing/form.ts';
import type { ModelSpec } from '../models/model.ts';
import { membersOf } from './blend.ts';

/** Kinds of demand after Syntetos, Boylan and Croston (2005), from `prepare`. */
const REGULAR = ['smooth', 'erratic'];
const SPARSE = ['intermittent', 'lumpy'];

interface Candidate {
  readonly spec: ModelSpec;
  readonly demand: readonly string[];
  /** The shortest season for which it has anything to say; defaults to 1, none. */
  readonly season?: number;
  /** The least series of a panel from which it can learn; defaults to 1. */
  readonly series?: number;
  /** The shortest history that it does not refuse, in periods, with m of them in a season; defaults to any. */
  readonly history?: (m: number) => number;
}

/** Seasons from here on are long: a figure for each of their periods is more than a short history can tell. */
const LONG = 25;

/** Series from which there is something to learn across them. */
const MANY = 50;

/** What a damped trend beside a season needs, be the season added or multiplied. */
const dampedSeason = (m: number): number =>
  fewestValues({ error: 'additive', trend: 'damped', season: 'additive' }, m);

const POOL: readonly Candidate[] = [
  { spec: { model: 'naive' }, demand: REGULAR },
  { spec: { model: 'seasonal-naive' }, demand: [...REGULAR, ...SPARSE] },
  { spec: { model: 'window-average' }, demand: [...REGULAR, ...SPARSE] },
  { spec: { model: 'ses' }, demand: REGULAR },
  { spec: { model: 'holt' }, demand: REGULAR },
  { spec: { model: 'damped' }, demand: REGULAR },
  {
    spec: { model: 'holt-winters', options: { damped: true } },
    demand: REGULAR,
    season: 2,
    history: dampedSeason,
  },
  {
    spec: { model: 'holt-winters-multiplicative', options: { damped: true } },
    demand: REGULAR,
    season: 2,
    history: dampedSeason,
  },
  { spec: { model: 'ets' }, demand: REGULAR },
  // Its regressors cost ten times as much as all else; regression serves known columns here.
  { spec: { model: 'arima', options: { covariates: false } }, demand: REGULAR },
  { spec: { model: 'ces' }, demand: REGULAR },
  { spec: { model: 'theta' }, demand: REGULAR },
  { spec: { model: 'dynamic-optimised-theta' }, demand: REGULAR },
  { spec: { model: 'auto-theta' }, demand: REGULAR },
  { spec: { model: 'mstl' }, demand: REGULAR, season: 2 },
  { spec: { model: 'shape-level' }, demand: REGULAR, season: 2 },
  { spec: { model: 'tbats' }, demand: REGULAR, season: LONG },
  { spec: { model: 'linear-regression' }, demand: [...REGULAR, ...SPARSE] },
  { spec: { model: 'boosted' }, demand: [...REGULAR, ...SPARSE], series: MANY },
  { spec: { model: 'mean' }, demand: SPARSE },
  { spec: { model: 'sba' }, demand: SPARSE },
  { spec: { model: 'tsb' }, demand: SPARSE },
  { spec: { model: 'imapa' }, demand: SPARSE },
  { spec: { model: 'count-demand' }, demand: SPARSE },
];

/** The models that `auto` weighs for a panel, in view of the length of its season. */
export function defaultCandidates(season_length: number, { ids }: Panel): ModelSpec[] {
  return POOL.filter(({ season = 1, series = 1 }) => season_length >= season && ids.length >= series).map(
    (c) => c.spec,
  );
}

/** The series that models are wanted for. */
export interface Wanted {
  /** The kind of demand of each. */
  readonly segments: readonly string[];
  /** The periods of each before the window that is reported on. */
  readonly histories: ArrayLike<number>;
  readonly season_length: number;
}

/**
 * Marks which of `models` are tried on which series (series-major, 1 for yes), the same for all of a segment. A model that
 * the user named is tried on every series; the default pool leaves out what has no chance, so that time goes where it
 * counts, and what most series of a segment are too short for: it would be its fallback that is judged in its name.
 */
export function eligibility(
  models: readonly ModelSpec[],
  { segments, histories, season_length }: Wanted,
  chosen: boolean,
): Uint8Array {
  const M = models.length;
  const eligible = new Uint8Array(M * segments.length).fill(1);
  if (chosen) return eligible;
  for (const [segment, series] of membersOf(segments)) {
    for (const [j, { model }] of models.entries()) {
      const candidate = POOL.find((c) => c.spec.model === model);
      if (!candidate) continue;
      const least = candidate.history?.(season_length) ?? 0;
      const short = series.filter((i) => histories[i]! < least).length;
      if (candidate.demand.some((d) => segment.startsWith(d)) && 2 * short <= series.length) continue;
      for (const i of series) eligible[i * M + j] = 0;
    }
  }
  return eligible;
}
