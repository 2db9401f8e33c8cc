// Trees for a target: of the whole panel, and of each value of the pooled attributes; their predictions are averaged.
import type { FeatureTable } from '../../features/feature-table.ts';
import type { BinnedTable, Feature } from '../../learn/trees/bins.ts';
import type { TreeModel } from '../../learn/trees/model.ts';
import type { TreeOptions } from '../../learn/trees/options.ts';
import { predictTrees } from '../../learn/trees/predict.ts';
import { trainTrees } from '../../learn/trees/train.ts';
import type { Loss } from './options.ts';
import { type SeasonBase, seasonBase } from './season-base.ts';
import { type Ground, restored, type Transform, transformed } from './target.ts';

/** What is tried: a target, what is asked of the trees, and the trees. */
export interface Recipe {
  readonly transform: Transform;
  readonly loss: Loss;
  /** Static categories for each value of which there are trees too. */
  readonly pools: readonly string[];
  readonly trees: TreeOptions;
}

/** Trees of the rows with one value of a static column; of all rows where `pool` is empty. Plain data. */
interface Stand {
  readonly pool: string;
  readonly code: number;
  readonly model: TreeModel;
}

export interface Forest {
  readonly transform: Transform;
  /** Whether trees speak in logarithms: of a target that is one, or of the mean of a count. */
  readonly isLogarithm: boolean;
  readonly base: SeasonBase | undefined;
  readonly outputs: number;
  readonly stands: readonly Stand[];
}

/** A table with what is shared by everything that is trained on it. */
export interface GroundTable {
  readonly table: FeatureTable;
  readonly bins: BinnedTable;
  /** What each row weighs for a loss. */
  readonly weightsOf: (loss: Loss) => Float64Array;
}

const groundOf = (table: FeatureTable, base: SeasonBase | undefined): Ground => ({
  level: table.level,
  base: base && seasonBase(table, base),
});

/** What each loss asks of the trees. */
const OBJECTIVES = { mae: 'l1', mape: 'l1', mse: 'l2', tweedie: 'tweedie' } as const;

/** Rows that a pool must have for trees of its own, and the most that these may be: they have fewer rows to learn from. */
const LEAST_POOL = 400;
const POOL_ROUNDS = 100;
const POOL_LEAVES = 15;

const codesOf = (features: readonly Feature[], pool: string): Feature['values'] | undefined =>
  features.find(({ name, levels }) => name === pool && levels !== undefined)?.values;

/** Prepares growing trees of a recipe; `quantiles`, where given, takes the place of the loss. */
function growerOf(
  { table, bins, weightsOf }: GroundTable,
  { transform, loss, trees }: Recipe,
  base: SeasonBase | undefined,
  quantiles?: readonly number[],
): (rows: Uint32Array) => TreeModel {
  const y = transformed(transform, table.y, groundOf(table, base));
  // Rows of other windows have no target here; the learner wants numbers everywhere.
  for (let r = 0; r < y.length; r++) if (!Number.isFinite(y[r]!)) y[r] = 0;
  const options: TreeOptions = quantiles
    ? { ...trees, objective: 'quantile', quantiles }
    : { ...trees, objective: OBJECTIVES[loss], tweedie_power: 1.2 };
  if (loss === 'tweedie' && !quantiles) for (let r = 0; r < y.length; r++) y[r] = Math.max(0, y[r]!);
  const weights = weightsOf(loss);
  return (rows) => trainTrees({ features: bins, y, weights, rows }, options);
}

/** Adds trees for each value of a static category. */
export function withPool(
  ground: GroundTable,
  recipe: Recipe,
  rows: Uint32Array,
  forest: Forest,
  pool: string,
): Forest {
  const codes = codesOf(ground.table.features, pool);
  if (!codes) return forest;
  const { rounds = POOL_ROUNDS, leaves = POOL_LEAVES } = recipe.trees;
  const trees = {
    ...recipe.trees,
    rounds: Math.min(rounds, POOL_ROUNDS),
    leaves: Math.min(leaves, POOL_LEAVES),
  };
  const grow = growerOf(ground, { ...recipe, trees }, forest.base);
  const stands = [...forest.stands];
  for (const code of new Set(rows.map((r) => codes[r]!))) {
    const own = rows.filter((r) => codes[r] === code);
    if (own.length >= LEAST_POOL) stands.push({ pool, code, model: grow(own) });
  }
  return { ...forest, stands };
}

/** Grows the trees of a recipe on some rows of the table. */
export function growForest(
  ground: GroundTable,
  recipe: Recipe,
  rows: Uint32Array,
  base: SeasonBase | undefined,
): Forest {
  const whole: Forest = {
    transform: recipe.transform,
    isLogarithm: recipe.transform === 'log' || recipe.loss === 'tweedie',
    base,
    outputs: 1,
    stands: [{ pool: '', code: 0, model: growerOf(ground, recipe, base)(rows) }],
  };
  return recipe.pools.reduce((forest, pool) => withPool(ground, recipe, rows, forest, pool), whole);
}

/** Grows trees of quantiles, of the whole panel alone. */
export function growQuantiles(
  ground: GroundTable,
  recipe: Recipe,
  rows: Uint32Array,
  base: SeasonBase | undefined,
  quantiles: readonly number[],
): Forest {
  const { transform } = recipe;
  const model = growerOf(ground, recipe, base, quantiles)(rows);
  return {
    transform,
    isLogarithm: transform === 'log',
    base,
    outputs: quantiles.length,
    stands: [{ pool: '', code: 0, model }],
  };
}

/** The rows of a table that a stand speaks of, with their features. */
export function rowsOf(
  { pool, code }: Stand,
  table: FeatureTable,
): { readonly rows: Uint32Array; readonly features: readonly Feature[] } {
  const all = Uint32Array.from(table.level, (_, r) => r);
  if (pool === '') return { rows: all, features: table.features };
  const codes = codesOf(table.features, pool);
  const rows = all.filter((r) => codes?.[r] === code);
  return {
    rows,
    features: table.features.map((f) => ({ ...f, values: Float32Array.from(rows, (r) => f.values[r]!) })),
  };
}

/** Predictions in units of y for every row of a table, row-major over the outputs. */
export function predictForest(
  { transform, base, outputs, stands }: Forest,
  table: FeatureTable,
): Float64Array {
  const count = table.level.length;
  const total = new Float64Array(count * outputs);
  const votes = new Uint16Array(count);
  for (const stand of stands) {
    const { rows, features } = rowsOf(stand, table);
    if (rows.length === 0) continue;
    const z = predictTrees(stand.model, features);
    for (const [k, r] of rows.entries()) {
      votes[r]!++;
      for (let q = 0; q < outputs; q++) total[r * outputs + q]! += z[k * outputs + q]!;
    }
  }
  for (let k = 0; k < total.length; k++) total[k] = total[k]! / votes[Math.floor(k / outputs)]!;
  return restored(transform, total, groundOf(table, base), outputs);
}
