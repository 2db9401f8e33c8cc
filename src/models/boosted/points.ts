// The point forecast: the mean of what the forests of the chosen recipes say.
import type { FeatureTable } from '../../features/feature-table.ts';
import { type Forest, type GroundTable, growForest, predictForest, type Recipe } from './forest.ts';
import { baseFor, type Search, usable } from './search.ts';

/** Rows from which on two forests learn from half of them each, so that a second opinion hardly costs more. */
const ROWS_OF_TWO = 75_000;

/** The forests of the recipes; two share out the rows where there are many. */
export function growPoints(
  ground: GroundTable,
  recipes: readonly Recipe[],
  search: Pick<Search, 'ground' | 'season'>,
  rows: Uint32Array,
): Forest[] {
  const parts = rows.length >= ROWS_OF_TWO ? recipes.length : 1;
  return recipes.map((recipe, part) => {
    const own = usable(recipe, search, search.season, rows).filter((_, k) => k % parts === part % parts);
    return growForest(ground, recipe, own, baseFor(recipe, search, own));
  });
}

/** The mean of what forests forecast. */
export function predictPoints(points: readonly Forest[], table: FeatureTable): Float64Array {
  const all = points.map((forest) => predictForest(forest, table));
  return all[0]!.map((_, r) => all.reduce((sum, own) => sum + own[r]!, 0) / all.length);
}
