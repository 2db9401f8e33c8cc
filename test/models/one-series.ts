// One series and what a model may know of it, for tests of single models.
import { readFileSync } from 'node:fs';
import type { Distribution, NormalDistribution } from '../../src/core/distribution.ts';
import { frequency } from '../../src/core/frequency.ts';
import { CellState, type Future, type Series } from '../../src/core/panel.ts';
import type { Context, Model } from '../../src/models/model.ts';

/** A series that starts at period 0; NaN cells are missing. */
export function seriesOf(values: ArrayLike<number>): Series {
  const y = Float64Array.from(values);
  const state = Uint8Array.from(y, (v) => (Number.isNaN(v) ? CellState.missing : CellState.observed));
  return { y, state, start: 0, known: [] };
}

export const contextOf = (season_length: number): Context => ({
  freq: frequency(season_length === 12 ? 'MS' : season_length === 4 ? 'QS' : '1'),
  season_length,
  seed: 1,
  knownFuture: [],
});

export const futureOf = (series: Series): Future => ({ start: series.start + series.y.length, known: [] });

/** Fits and forecasts in one go. */
export function run(model: Model, values: ArrayLike<number>, season_length: number, h: number): Distribution {
  const series = seriesOf(values);
  return model.forecast(model.fit(series, contextOf(season_length)), h, futureOf(series));
}

/** As `run`, for models whose forecasts are normal. */
export function runNormal(
  model: Model,
  values: ArrayLike<number>,
  season_length: number,
  h: number,
): NormalDistribution {
  const distribution = run(model, values, season_length, h);
  if (distribution.kind !== 'normal') throw new Error(`expected a normal forecast, got ${distribution.kind}`);
  return distribution;
}

/** A file of expected values in test/golden. */
export const golden = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../golden/${name}.golden.json`, import.meta.url), 'utf8'));

export interface RuleGolden {
  readonly name: string;
  readonly season_length: number;
  readonly y: readonly number[];
  readonly naive: { readonly mean: readonly number[]; readonly sd: readonly number[] };
  readonly drift: { readonly mean: readonly number[]; readonly sd: readonly number[] };
  readonly seasonal: { readonly mean: readonly number[]; readonly sd: readonly number[] };
  readonly average: number;
  readonly averageSd: number;
}

export const ruleGoldens = (): readonly RuleGolden[] => golden('rules') as RuleGolden[];

export interface SmoothingGolden {
  readonly name: string;
  readonly season_length: number;
  readonly y: readonly number[];
  readonly fits: readonly {
    /** `AAdN`: error, trend, season. */
    readonly model: string;
    readonly loglik: number;
    readonly sigma2: number;
    readonly alpha: number;
    readonly beta: number;
    readonly gamma: number;
    readonly phi: number;
    /** Level, slope, then seasonal values, the latest phase first, as R orders them. */
    readonly start: readonly number[];
    readonly mean: readonly number[];
    readonly sd: readonly number[];
  }[];
}

export const smoothingGoldens = (): readonly SmoothingGolden[] => golden('smoothing') as SmoothingGolden[];
