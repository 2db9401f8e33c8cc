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
  /** The family that people know it by. */
  readonly family: string;
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
export const MANY = 50;

/** What a damped trend beside a season needs, be the season added or multiplied. */
const dampedSeason = (m: number): number =>
  fewestValues({ error: 'additive', trend: 'damped', season: 'additive' }, m);

const POOL: readonly Candidate[] = [
  { spec: { model: 'naive' }, family: 'simple rules', demand: REGULAR },
  { spec: { model: 'seasonal-naive' }, family: 'simple rules', demand: [...REGULAR, ...SPARSE] },
  { spec: { model: 'window-average' }, family: 'simple rules', demand: [...REGULAR, ...SPARSE] },
  { spec: { model: 'ses' }, family: 'exponential smoothing', demand: REGULAR },
  { spec: { model: 'holt' }, family: 'exponential smoothing', demand: REGULAR },
  { spec: { model: 'damped' }, family: 'exponential smoothing', demand: REGULAR },
  {
    spec: { model: 'holt-winters', options: { damped: true } },
    family: 'exponential smoothing',
    demand: REGULAR,
    season: 2,
    history: dampedSeason,
  },
  {
    spec: { model: 'holt-winters-multiplicative', options: { damped: true } },
    family: 'exponential smoothing',
    demand: REGULAR,
    season: 2,
    history: dampedSeason,
  },
  { spec: { model: 'ets' }, family: 'exponential smoothing', demand: REGULAR },
  // Its regressors cost ten times as much as all else; regression serves known columns here.
  { spec: { model: 'arima', options: { covariates: false } }, family: 'ARIMA', demand: REGULAR },
  { spec: { model: 'ces' }, family: 'exponential smoothing', demand: REGULAR },
  { spec: { model: 'theta' }, family: 'Theta', demand: REGULAR },
  { spec: { model: 'dynamic-optimised-theta' }, family: 'Theta', demand: REGULAR },
  { spec: { model: 'auto-theta' }, family: 'Theta', demand: REGULAR },
  { spec: { model: 'mstl' }, family: 'decomposition', demand: REGULAR, season: 2 },
  { spec: { model: 'shape-level' }, family: 'decomposition', demand: REGULAR, season: 2 },
  { spec: { model: 'tbats' }, family: 'exponential smoothing', demand: REGULAR, season: LONG },
  { spec: { model: 'linear-regression' }, family: 'regression', demand: [...REGULAR, ...SPARSE] },
  { spec: { model: 'boosted' }, family: 'boosted trees', demand: [...REGULAR, ...SPARSE], series: MANY },
  { spec: { model: 'mean' }, family: 'simple rules', demand: SPARSE },
  { spec: { model: 'sba' }, family: 'intermittent demand', demand: SPARSE },
  { spec: { model: 'tsb' }, family: 'intermittent demand', demand: SPARSE },
  { spec: { model: 'imapa' }, family: 'intermittent demand', demand: SPARSE },
  { spec: { model: 'count-demand' }, family: 'intermittent demand', demand: SPARSE },
];

/** What joins the pool where there is time for it (`network-candidate.ts`): of the networks, the best in the mean of four data sets. */
export const NETWORK: Candidate = { spec: { model: 'lstm' }, family: 'networks', demand: REGULAR };

/** What is known of a model that nobody named; the network is one of those only where it joined the pool. */
const candidateOf = (spec: ModelSpec): Candidate | undefined =>
  spec === NETWORK.spec ? NETWORK : POOL.find((own) => own.spec.model === spec.model);

const serves = ({ demand }: Candidate, segment: string): boolean =>
  demand.some((kind) => segment.startsWith(kind));

/** Whether a network may gain on the series of a segment: where most periods are without a sale, none did. */
export const isServedByNetwork = (segment: string): boolean => serves(NETWORK, segment);

/** The families of models, each once, in the order of the pool; a model outside of it stands for itself. */
export function familiesOf(models: readonly ModelSpec[]): string[] {
  const found = new Set(
    models.map(({ model }) => [...POOL, NETWORK].find((own) => own.spec.model === model)?.family ?? model),
  );
  const known = [...new Set([...POOL, NETWORK].map(({ family }) => family))];
  return [
    ...known.filter((family) => found.has(family)),
    ...[...found].filter((own) => !known.includes(own)),
  ];
}

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
    for (const [j, spec] of models.entries()) {
      const candidate = candidateOf(spec);
      if (!candidate) continue;
      const least = candidate.history?.(season_length) ?? 0;
      const short = series.filter((i) => histories[i]! < least).length;
      if (serves(candidate, segment) && 2 * short <= series.length) continue;
      for (const i of series) eligible[i * M + j] = 0;
    }
  }
  return eligible;
}
