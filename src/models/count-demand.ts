// Demand as whole numbers: dynamic negative binomials and hurdles (Snyder, Ord and Beaumont 2012), averaged by likelihood.
import type { QuantileDistribution } from '../core/distribution.ts';
import { refuseUnknownOptions, UsageError } from '../core/errors.ts';
import {
  beyondFirst,
  type Candidate,
  type Candidates,
  countUnits,
  heldChance,
  probabilityOfEach,
  weighCandidates,
} from './count-demand/candidates.ts';
import { SHAPES } from './count-demand/negative-binomial.ts';
import { countQuantiles } from './count-demand/quantiles.ts';
import { fillUrn, type Urn } from './count-demand/urn.ts';
import { DEMAND_PROBABILITIES } from './demand-distribution.ts';
import { readDemands } from './intermittent-demand.ts';
import type { Components, Model } from './model.ts';

export interface CountDemandOptions {
  /** `auto` (the default) gives each phase a factor, slowly and as far as it helps; `none` leaves seasons out. */
  readonly season?: 'auto' | 'none';
  /** Whether counts seen before may come again as they were, as far as that helped; defaults to true. */
  readonly repeat?: boolean;
}

/** One candidate for the periods ahead. */
interface Ahead {
  readonly weight: number;
  /** The negative binomial's, a whole number of sales units beyond `from`. */
  readonly shape: number;
  /** By phase, the next period first: its mean, and the probability that there is a demand at all. */
  readonly beyond: Float64Array;
  readonly chance: Float64Array;
  /** 0 for a negative binomial, 1 for a hurdle, whose demands have one sales unit at least. */
  readonly from: 0 | 1;
}

export interface CountDemandState {
  /** Units of y in one sales unit. */
  readonly unit: number;
  /** Mean demand by phase in units of y, the next period first. */
  readonly mean: Float64Array;
  readonly candidates: readonly Ahead[];
  readonly urn: Urn;
}

/** The mean of each cell before it was seen, in sales units. */
function fitted({ plain, hurdles, chance }: Candidates, part: 'level' | 'mean' | 'ahead'): Float64Array {
  const out = new Float64Array(chance[part].length);
  for (const { level, weight } of plain) {
    for (let t = 0; t < out.length; t++) out[t] = out[t]! + weight * level[part][t]!;
  }
  for (const { level, weight } of hurdles) {
    for (let t = 0; t < out.length; t++) out[t] = out[t]! + weight * level[part][t]! * chance[part][t]!;
  }
  return out;
}

/** Quantiles of the period of one phase at DEMAND_PROBABILITIES, in units of y. */
function phaseQuantiles({ unit, candidates, urn }: CountDemandState, phase: number): Float64Array {
  const parts = candidates.map(({ weight, shape, beyond, chance, from }) => ({
    weight: weight * chance[phase]!,
    shape,
    mean: beyond[phase]!,
    from,
  }));
  let none = 0;
  for (const { weight, chance, from } of candidates) if (from === 1) none += weight * (1 - chance[phase]!);
  return countQuantiles(parts, none, urn, DEMAND_PROBABILITIES).map((k) => k * unit);
}

/**
 * A distribution of whole sales units in each period. Candidates are negative binomials around a moving level, with or
 * without a season, and hurdles (a probability of a demand, sizes of at least one unit) with levels of their own; they
 * count by the likelihood of what they said before each cell, so that doubt about their parameters is part of the
 * forecast. An urn lets counts seen before come again. Missing cells are passed over.
 * It refuses series with fewer than two demands or with negative values.
 */
export function countDemand(options: CountDemandOptions = {}): Model<CountDemandState> {
  refuseUnknownOptions('count-demand', options, ['season', 'repeat']);
  const { season = 'auto', repeat = true } = options;
  if (season !== 'auto' && season !== 'none') {
    throw new UsageError(`count-demand option "season" is "${season}"; use "auto" or "none".`);
  }
  if (typeof repeat !== 'boolean') {
    throw new UsageError(`count-demand option "repeat" is "${repeat}"; use true or false.`);
  }
  return {
    name: 'count-demand',
    fit({ y }, { season_length }) {
      readDemands('count-demand', y);
      const m = season === 'none' ? 1 : season_length;
      const units = countUnits(y);
      const found = weighCandidates(units, m);
      const mean = fitted(found, 'ahead');
      const none: Urn = { counts: new Int32Array(0), shares: new Float64Array(0) };
      const floor = 1e-3 * Math.max(...mean);
      const sure = new Float64Array(m).fill(1);
      const ahead = ({ level, shape, weight }: Candidate, from: 0 | 1): Ahead => ({
        weight,
        shape: SHAPES[shape]!,
        beyond: level.ahead.map((v) => (from === 1 ? beyondFirst(v) : Math.max(floor, v))),
        chance: from === 1 ? found.chance.ahead.map(heldChance) : sure,
        from,
      });
      return {
        unit: units.unit,
        mean: mean.map((v) => v * units.unit),
        candidates: [...found.plain.map((c) => ahead(c, 0)), ...found.hurdles.map((c) => ahead(c, 1))],
        urn: repeat ? fillUrn(units.counts, probabilityOfEach(units, found)) : none,
      };
    },
    forecast(state, h): QuantileDistribution {
      const m = state.mean.length;
      const count = DEMAND_PROBABILITIES.length;
      const values = new Float64Array(h * count);
      for (let s = 0; s < h; s++) {
        // What is m periods further ahead is the same again.
        if (s < m) values.set(phaseQuantiles(state, s), s * count);
        else values.copyWithin(s * count, (s - m) * count, (s - m + 1) * count);
      }
      return {
        kind: 'quantiles',
        mean: Float64Array.from({ length: h }, (_, s) => state.mean[s % m]!),
        probabilities: Float64Array.from(DEMAND_PROBABILITIES),
        values,
      };
    },
    components({ unit, mean }, { y }, h): Components {
      const m = mean.length;
      const n = y.length;
      const found = weighCandidates(countUnits(y), m);
      const flat = fitted(found, 'level');
      const whole = fitted(found, 'mean');
      const last =
        found.plain.reduce((sum, { weight, level }) => sum + weight * level.last, 0) +
        found.hurdles.reduce((sum, { weight, level }) => sum + weight * level.last * found.chance.last, 0);
      const level = new Float64Array(n + h).fill(unit * last);
      const seasonal = new Float64Array(n + h);
      for (let t = 0; t < n; t++) {
        level[t] = unit * flat[t]!;
        seasonal[t] = unit * (whole[t]! - flat[t]!);
      }
      for (let s = 0; s < h; s++) seasonal[n + s] = mean[s % m]! - level[n + s]!;
      return { level, trend: new Float64Array(n + h), seasonal, regressors: new Float64Array(n + h) };
    },
    simulate({ unit, mean, candidates, urn }, h, _future, paths, draw) {
      const m = mean.length;
      const out = new Float64Array(paths * h);
      const pick = (shares: ArrayLike<number>, u: number): number => {
        let i = 0;
        for (let rest = u - shares[0]!; rest >= 0 && i < shares.length - 1; ) rest -= shares[++i]!;
        return i;
      };
      const weights = candidates.map(({ weight }) => weight);
      const repeated = urn.shares.reduce((sum, share) => sum + share, 0);
      for (let k = 0; k < paths; k++) {
        // Which candidate is right is not known, but it is the same one all along a path.
        const { beyond, chance, shape, from } = candidates[pick(weights, draw.uniform())]!;
        for (let s = 0; s < h; s++) {
          const u = draw.uniform();
          if (u < repeated) out[k * h + s] = unit * urn.counts[pick(urn.shares, u)]!;
          else if (draw.uniform() < chance[s % m]!) {
            out[k * h + s] = unit * (from + draw.negativeBinomial(beyond[s % m]!, shape));
          }
        }
      }
      return out;
    },
  };
}
