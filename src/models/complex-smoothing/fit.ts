// Fits complex exponential smoothing by least squares, bent for large errors, over its weights, the states before the series being backcast.
import { shrunkenSeason } from '../../features/shrunken-season.ts';
import { minimiseSimplex } from '../../math/minimise.ts';
import { observedCount } from '../model.ts';
import { type ComplexDoubts, complexDoubts } from './doubts.ts';
import {
  type ComplexSeason,
  type ComplexStates,
  type ComplexWeights,
  copyStates,
  newStates,
  pass,
  turned,
} from './filter.ts';

/** A fitted model as plain data. */
export interface ComplexFit extends ComplexWeights {
  readonly season: ComplexSeason;
  /** States before the first cell, by phase. */
  readonly start: ComplexStates;
  /** States after the last cell, the first phase being that of the next period. */
  readonly end: ComplexStates;
  /** Where the fit could as well be. */
  readonly doubts: ComplexDoubts;
  /** Variance of the one-step errors, in units of y². */
  readonly sigma2: number;
  /** Root mean square of what moves the states over that of the errors: 1 where none is held. */
  readonly carried: number;
  /** Mean of what was held back of the errors, in units of y; skewed series are that far from their states on average. */
  readonly heldBack: number;
  /** Akaike's criterion with its correction for short series; see `STATE_SHARE`. */
  readonly aicc: number;
}

/**
 * What a backcast seasonal state counts as against a weight that is searched. It is neither free (0) nor estimated by
 * itself (1), since the season is shrunk first. Chosen on M1 and on M3's training parts, where 0.3 to 0.5 are alike.
 */
const STATE_SHARE = 0.3;

const START: readonly number[] = [1.3, 1, 0.1, 1];
const STEP: readonly number[] = [0.2, -0.1, 0.2, -0.1];
const UPPER: readonly number[] = [1.8, 1.9, 1.5, 1.5];
/** Weights searched by each season. */
const DIMENSIONS: Readonly<Record<ComplexSeason, number>> = { none: 2, simple: 2, partial: 3, full: 4 };

/** Whether both roots of λ² − trace λ + determinant lie within the circle of the given radius. */
function within(radius: number, trace: number, determinant: number): boolean {
  const t = trace / radius;
  const d = determinant / (radius * radius);
  return Math.abs(d) <= 1 && Math.abs(t) <= 1 + d;
}

/** By which factor the level may change in a period when there are no more errors. */
export interface PaceLimits {
  readonly least: number;
  readonly most: number;
}

/**
 * Whether weights a₀ + ia₁ are stable, old errors dying out (section 3.2 of the paper), and forecasts neither run away
 * nor fade to nothing at once: the roots of F − gw′ lie in the unit circle, those of F in one of radius `most`, and the
 * larger of these is real and not below `least`.
 */
function isSane(a0: number, a1: number, { least, most }: PaceLimits): boolean {
  const trace = 2 - a0;
  const determinant = 2 - a0 - a1;
  return (
    within(1, 2 - 2 * a0 + a1, (1 - a0 + a1) * (1 - a0) + (1 - a1) * (1 - a0 - a1)) &&
    within(most, trace, determinant) &&
    (least <= 0 || least * least - trace * least + determinant <= 1e-12)
  );
}

/** How errors larger than usual are met; Infinity for none. */
export interface LargeErrors {
  /** Beyond this an error counts by its size in the sum that is minimised, no longer by its square. */
  readonly bend: number;
  /** Beyond this an error moves the states no further. */
  readonly hold: number;
}

/** Mean of the first `count` observed values. */
function headMean(y: Float64Array, count: number): number {
  let total = 0;
  let seen = 0;
  for (let t = 0; t < y.length && seen < count; t++) {
    if (Number.isNaN(y[t]!)) continue;
    total += y[t]!;
    seen++;
  }
  return total / seen;
}

/**
 * Fits one season to y, whose first cell is observed (NaN: not observed). The season starts from the shrunk additive
 * season of the series; one pass back and forth then settles all states before the first cell.
 */
export function fitComplex(
  y: Float64Array,
  season: ComplexSeason,
  m: number,
  limits: PaceLimits,
  { bend, hold }: LargeErrors,
): ComplexFit {
  const n = y.length;
  const count = observedCount(y);
  const states = newStates(season, m);
  const head = headMean(y, Math.max(10, m));
  const figure = states.season.length > 0 ? shrunkenSeason(y, m, 'additive')?.figure : undefined;
  const weights = { hold, alpha0: 0, alpha1: 0, beta0: 0, beta1: 0 };
  const first = newStates(season, m);
  for (let i = 0; i < first.level.length; i++) {
    first.level[i] = season === 'simple' && !Number.isNaN(y[i]!) ? y[i]! : head;
    first.potential[i] = first.level[i]! / START[0]!;
  }
  for (let i = 0; i < first.season.length; i++) first.season[i] = figure ? figure[i]! : 0;
  for (let i = 0; i < first.seasonPotential.length; i++)
    first.seasonPotential[i] = first.season[i]! / START[0]!;

  // States of a phase move once a season, m periods in one.
  const seasonLimits = { least: Math.max(0, limits.least) ** m, most: limits.most ** m };
  const levelLimits = season === 'simple' ? seasonLimits : limits;
  const backcast = (x: Float64Array): void => {
    weights.alpha0 = x[0]!;
    weights.alpha1 = x[1]!;
    if (x.length > 2) weights.beta0 = x[2]!;
    if (x.length > 3) weights.beta1 = x[3]!;
    states.level.set(first.level);
    states.potential.set(first.potential);
    states.season.set(first.season);
    states.seasonPotential.set(first.seasonPotential);
    pass(y, weights, states);
    pass(y, weights, states, true);
  };
  const squares = (x: Float64Array): number => {
    if (!isSane(x[0]!, x[1]!, levelLimits)) return Infinity;
    if (x.length > 3 && !isSane(x[2]!, x[3]!, seasonLimits)) return Infinity;
    backcast(x);
    return pass(y, weights, states, false, undefined, undefined, bend);
  };
  const size = DIMENSIONS[season];
  const start = START.slice(0, size);
  // A season of its own potential moves as the level does.
  if (season === 'full') start[2] = START[0]!;
  const found = minimiseSimplex(squares, start, {
    lower: new Float64Array(size),
    upper: UPPER.slice(0, size),
    step: STEP.slice(0, size),
    tolerance: 1e-5,
    maxEvaluations: 100 * size,
  });
  backcast(found.x);
  const before = copyStates(states);
  const means = new Float64Array(n);
  const errors = pass(y, weights, states, false, means);
  const end = turned(states, n);
  let moving = 0;
  let back = 0;
  for (let t = 0; t < n; t++) {
    const error = y[t]! - means[t]!;
    if (Number.isNaN(error)) continue;
    const moves = Math.max(-hold, Math.min(hold, error));
    moving += moves * moves;
    back += error - moves;
  }
  const best = { ...weights };
  const values = 2 * states.level.length + states.season.length + states.seasonPotential.length;
  const parameters = size + 1 + STATE_SHARE * (season === 'none' ? 0 : values);
  const sigma2 = errors / Math.max(count - size - values, count / 2, 1);
  const doubts = complexDoubts(y, found.x, sigma2, (x) => {
    backcast(x);
    return { ...weights, start: copyStates(states) };
  });
  // What rounding alone leaves of values this large counts as a perfect fit.
  const floor = count * (1e-14 * Math.abs(head)) ** 2 + Number.MIN_VALUE;
  const left = count - parameters - 1;
  return {
    ...best,
    season,
    start: before,
    end,
    doubts,
    sigma2,
    carried: errors > 0 ? Math.sqrt(moving / errors) : 1,
    heldBack: back / count,
    aicc:
      left > 0
        ? count * Math.log(Math.max(found.value, floor) / count) + (2 * parameters * count) / left
        : Infinity,
  };
}
