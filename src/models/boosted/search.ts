// Successive halving (Jamieson and Talwalkar 2016) over targets and trees, judged on earlier windows.

import type { FeatureTable } from '../../features/feature-table.ts';
import type { TreeOptions } from '../../learn/trees/options.ts';
import { type Forest, type GroundTable, growForest, predictForest, type Recipe } from './forest.ts';
import type { Loss } from './options.ts';
import { chooseBase, type SeasonBase } from './season-base.ts';
import type { Transform } from './target.ts';

/** Rows of the shared table: to learn from before a window's cutoff, and to be tried on. */
export interface Fold {
  readonly learn: Uint32Array;
  readonly test: Uint32Array;
}

/** Trees worth trying, the first the usual ones. Few rows and much noise want small trees, many rows large ones. */
const SHAPES: readonly TreeOptions[] = [
  { leaves: 15, learning_rate: 0.1, rounds: 100, min_child_samples: 40 },
  { leaves: 31, learning_rate: 0.08, rounds: 140, min_child_samples: 40 },
  { leaves: 63, learning_rate: 0.06, rounds: 200, min_child_samples: 20 },
];

/** What all trees share: each sees some of the rows and features, so that they err differently. */
const SHARED: TreeOptions = { row_share: 0.6, feature_share: 0.4, bins: 127, lambda_l2: 1 };

/** The recipes of a search in the order in which they deserve trying. */
export function recipes(
  transforms: readonly Transform[],
  given: TreeOptions,
  count: number,
  seed: number,
): Recipe[] {
  const all = SHAPES.flatMap((shape) =>
    transforms.map((transform): Recipe => ({ transform, trees: { ...SHARED, ...shape, ...given, seed } })),
  );
  // Shapes whose options are all given are the same recipe.
  const distinct = new Map(all.map((recipe) => [JSON.stringify(recipe), recipe]));
  return [...distinct.values()].slice(0, count);
}

/** Some rows of a table as a table of their own. */
export function pickRows(table: FeatureTable, rows: Uint32Array): FeatureTable {
  const numbers = (x: Float64Array): Float64Array => Float64Array.from(rows, (r) => x[r]!);
  const whole = (x: Int32Array): Int32Array => Int32Array.from(rows, (r) => x[r]!);
  return {
    rows: { series: whole(table.rows.series), known: whole(table.rows.known), step: whole(table.rows.step) },
    features: table.features.map((f) => ({ ...f, values: Float32Array.from(rows, (r) => f.values[r]!) })),
    drivers: table.drivers,
    y: numbers(table.y),
    level: numbers(table.level),
  };
}

/** The error of a forecast of one row, in units that make rows of different series compare. */
export function rowError(loss: Loss, y: number, forecast: number, level: number, step: number): number {
  const off = Math.abs(y - forecast);
  if (loss === 'mape') return y === 0 ? 0 : off / Math.abs(y);
  if (loss === 'mae') return off / (step > 0 ? step : level);
  return Math.min(off / level, 1e3) ** 2;
}

export interface Search {
  readonly ground: GroundTable;
  readonly folds: readonly Fold[];
  readonly loss: Loss;
  readonly season: number | undefined;
  readonly pools: readonly string[];
  /** The typical step of each series. */
  readonly steps: Float64Array;
}

/** The base for a recipe: only changes need one. */
export const baseFor = (
  { transform }: Recipe,
  { ground, season }: Pick<Search, 'ground' | 'season'>,
  rows: Uint32Array,
): SeasonBase | undefined =>
  transform === 'difference' && season !== undefined ? chooseBase(ground.table, season, rows) : undefined;

/** Rows whose season is known, where the recipe needs it. */
export function usable(
  recipe: Pick<Recipe, 'transform'>,
  { ground: { table } }: Pick<Search, 'ground'>,
  season: number | undefined,
  rows: Uint32Array,
): Uint32Array {
  if (recipe.transform !== 'difference' || season === undefined) return rows;
  const own = table.features.find(({ name }) => name === `season ${season}, 1 ago`)!.values;
  return rows.filter((r) => !Number.isNaN(own[r]!));
}

/** Rows that trials learn from at most: enough to tell recipes apart. */
const TRIAL_ROWS = 40_000;

/** Total error of a recipe over the folds, each learned from a share of so many rows. */
function trialError(recipe: Recipe, search: Search, share: number): number {
  const { ground, folds, loss, season, pools, steps } = search;
  let error = 0;
  for (const { learn, test } of folds) {
    const all = usable(recipe, search, season, learn);
    const every = Math.max(1, Math.round(all.length / Math.min(all.length, TRIAL_ROWS) / share));
    const rows = all.filter((_, k) => k % every === 0);
    if (rows.length === 0) return Infinity;
    const forest: Forest = growForest(ground, recipe, rows, loss, baseFor(recipe, search, rows), pools);
    const table = pickRows(ground.table, test);
    const forecast = predictForest(forest, table);
    for (let r = 0; r < forecast.length; r++)
      error += rowError(loss, table.y[r]!, forecast[r]!, table.level[r]!, steps[table.rows.series[r]!]!);
  }
  return error;
}

/** Recipes kept from round to round, as a share, and the rows of the first round beside those of the last. */
const KEPT = 1 / 3;
const FIRST_SHARE = 1 / 4;

/** A recipe with its error on the earlier windows, relative to the best. */
export interface Trial {
  readonly recipe: Recipe;
  readonly error: number;
}

/** Tries all recipes on a part of the rows, then the best third on all of them, and returns the best. */
export function halve(candidates: readonly Recipe[], search: Search): Trial {
  const judge = (recipes: readonly Recipe[], share: number): Trial[] =>
    recipes
      .map((recipe) => ({ recipe, error: trialError(recipe, search, share) }))
      .sort((a, b) => a.error - b.error);
  if (candidates.length === 1 || search.folds.length === 0)
    return { recipe: candidates[0]!, error: Number.NaN };
  const first = judge(candidates, FIRST_SHARE).slice(0, Math.max(2, Math.ceil(candidates.length * KEPT)));
  return judge(
    first.map(({ recipe }) => recipe),
    1,
  )[0]!;
}
