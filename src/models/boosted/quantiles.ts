// The quantiles beside the point forecast: trees that learn them, and what these missed on an earlier window.
import { calibrate, type QuantileCalibration } from './calibration.ts';
import { type Forest, type GroundTable, growQuantiles, predictForest, type Recipe } from './forest.ts';
import { growPoints, predictPoints } from './points.ts';
import { learningOf, pickRows, type Search, thinned } from './search.ts';

/** Trees of quantiles: fewer, since there are several at once, and on fewer rows. */
const QUANTILE_ROUNDS = 60;
const QUANTILE_ROWS = 50_000;

/** Probabilities where none are learned. */
export const PLAIN: readonly number[] = [0.025, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.975];

/** One output for each probability, all the same: what stands for quantiles where none are learned. */
export const repeated = (point: Float64Array, count: number): Float64Array =>
  Float64Array.from({ length: point.length * count }, (_, k) => point[Math.floor(k / count)]!);

/**
 * Moves the quantiles of a row as their middle moves, in place and in order. Lower ones move in proportion: what may be nothing
 * sold stays nothing sold.
 */
export function moveQuantiles(quantiles: Float64Array, from: number, to: number): void {
  const isAbove = from > 0 && to > 0;
  for (const [k, value] of quantiles.entries()) {
    const share = isAbove ? Math.min(1, Math.max(0, value / from)) : 1;
    quantiles[k] = value + share * (to - from);
  }
}

/** Grows the trees of the quantiles, of the best recipe; undefined where no probability is asked for. */
export function growSpread(
  ground: GroundTable,
  search: Search,
  recipe: Recipe,
  rows: Uint32Array,
  probabilities: readonly number[],
): Forest | undefined {
  if (probabilities.length === 0) return undefined;
  // Weights that make percentages small would make quantiles low.
  const even =
    search.loss === 'mape'
      ? { ...ground, weightsOf: () => new Float64Array(ground.table.y.length).fill(1) }
      : ground;
  const rounds = Math.min(recipe.trees.rounds ?? QUANTILE_ROUNDS, QUANTILE_ROUNDS);
  const { rows: used, base } = learningOf(recipe, search, rows);
  const own = { ...recipe, trees: { ...recipe.trees, rounds } };
  return growQuantiles(even, own, thinned(used, QUANTILE_ROWS), base, probabilities);
}

/**
 * What quantiles are moved by: what they miss on the window that reaches furthest, forecasts being multiplied by the ratio.
 * Undefined where there is no such window.
 */
export function calibrationOf(
  ground: GroundTable,
  search: Search,
  recipes: readonly Recipe[],
  probabilities: readonly number[],
  ratio: number,
): QuantileCalibration | undefined {
  const { loss, folds } = search;
  const fold = folds[0];
  if (!fold || recipes.some((own) => learningOf(own, search, fold.learn).rows.length === 0)) return undefined;
  const table = pickRows(ground.table, fold.test);
  const spread = growSpread(ground, search, recipes[0]!, fold.learn, probabilities);
  const asked = spread ? probabilities : PLAIN;
  const quantiles = spread
    ? predictForest(spread, table)
    : repeated(predictPoints(growPoints(ground, recipes, search, fold.learn), table), asked.length);
  // One window tells how wide quantiles must be, and hardly on which side of the point the next will lie.
  const held = spread && loss === 'mae' ? probabilities.indexOf(0.5) : -1;
  return calibrate(
    table,
    quantiles.map((value) => ratio * value),
    asked,
    held,
  );
}
