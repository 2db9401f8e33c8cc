// Taking a fixed season out of a series before a model without one is fitted, and putting it back into the forecast.
import type { NormalDistribution } from '../core/distribution.ts';
import { ModelRefusal, UsageError } from '../core/errors.ts';
import { decompose, deseasonalise, hasSeason } from '../features/decomposition.ts';
import { type Season, shrunkenSeason } from '../features/shrunken-season.ts';
import type { Components } from './model.ts';

/** `auto` decides from the data whether there is a season and of which kind. */
export type SeasonalChoice = 'auto' | 'none' | 'additive' | 'multiplicative';

const CHOICES: readonly SeasonalChoice[] = ['auto', 'none', 'additive', 'multiplicative'];

/** Throws a UsageError unless the option `seasonal` of a model is one of the choices. */
export function checkSeasonalChoice(model: string, seasonal: string): void {
  if (!CHOICES.includes(seasonal as SeasonalChoice)) {
    throw new UsageError(
      `${model} cannot have the option seasonal "${seasonal}". Choose from: ${CHOICES.join(', ')}.`,
    );
  }
}

/**
 * The season to take out, or undefined for none.
 * With `shrink` it is shrunk by its noise. Without, it is the classical decomposition's: `auto` tests for it at 90 % and
 * takes it multiplicative where all values are positive and additive where not; a named kind is not tested.
 * Throws a ModelRefusal for a multiplicative season of values that are not positive.
 */
export function chooseSeason(
  y: Float64Array,
  m: number,
  { seasonal, shrink }: { readonly seasonal: SeasonalChoice; readonly shrink: boolean },
): Season | undefined {
  if (seasonal === 'none' || m < 2 || y.length <= 2 * m) return undefined;
  const positive = y.every((value) => !(value <= 0));
  if (seasonal === 'multiplicative' && !positive) {
    throw new ModelRefusal('has values of 0 or below; a multiplicative season needs all values above 0');
  }
  if (shrink) return shrunkenSeason(y, m, seasonal === 'auto' ? undefined : seasonal);
  if (seasonal !== 'auto') return decompose(y, m, seasonal);
  if (!hasSeason(y, m)) return undefined;
  const season = decompose(y, m, positive ? 'multiplicative' : 'additive');
  // A factor near 0 would blow the deseasonalised series up.
  const usable = season.kind === 'additive' || season.figure.every((factor) => factor >= 0.01);
  return usable ? season : decompose(y, m, 'additive');
}

/** The series without the season; the series itself where there is none. */
export const adjusted = (y: Float64Array, season: Season | undefined): Float64Array =>
  season ? deseasonalise(y, season) : y;

/**
 * Puts the season back into a forecast that starts `length` cells after the season's phase 0.
 * A multiplicative season widens and narrows the spread as it does the mean.
 */
export function withSeason(
  { mean, sd }: { readonly mean: Float64Array; readonly sd: Float64Array },
  season: Season | undefined,
  length: number,
): NormalDistribution {
  if (!season) return { kind: 'normal', mean, sd };
  const { kind, figure } = season;
  const at = (s: number): number => figure[(length + s) % figure.length]!;
  return kind === 'additive'
    ? { kind: 'normal', mean: mean.map((value, s) => value + at(s)), sd }
    : {
        kind: 'normal',
        mean: mean.map((value, s) => value * at(s)),
        sd: sd.map((value, s) => value * Math.abs(at(s))),
      };
}

/** Puts the season back into sample paths of h steps (path-major), in place. */
export function seasonIntoPaths(
  paths: Float64Array,
  h: number,
  season: Season | undefined,
  length: number,
): Float64Array {
  if (!season) return paths;
  const { kind, figure } = season;
  for (let i = 0; i < paths.length; i++) {
    const s = figure[(length + (i % h)) % figure.length]!;
    paths[i] = kind === 'additive' ? paths[i]! + s : paths[i]! * s;
  }
  return paths;
}

/**
 * The components of a series with a fixed season from those without: `level` and `trend` run over the series from its
 * first observed cell (phase 0) and the steps ahead, and are set behind `before` cells without a fit.
 */
export function seasonalComponents(
  level: Float64Array,
  trend: Float64Array,
  season: Season | undefined,
  before: number,
): Components {
  const n = level.length;
  const shifted = (values: Float64Array, empty: number): Float64Array => {
    const out = new Float64Array(before + n).fill(empty, 0, before);
    out.set(values, before);
    return out;
  };
  const seasonal = new Float64Array(n);
  if (season) {
    const { kind, figure } = season;
    for (let t = 0; t < n; t++) {
      const s = figure[t % figure.length]!;
      seasonal[t] = kind === 'additive' ? s : (level[t]! + trend[t]!) * (s - 1);
    }
  }
  return {
    level: shifted(level, Number.NaN),
    trend: shifted(trend, 0),
    seasonal: shifted(seasonal, 0),
    regressors: new Float64Array(before + n),
  };
}
