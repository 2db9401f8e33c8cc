// The point forecast: the mean of what the forests of the chosen recipes say.
import type { FeatureTable } from '../../features/feature-table.ts';
import { type Forest, type GroundTable, growForest, predictForest, type Recipe } from './forest.ts';
import { learningOf, type Search } from './search.ts';

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
    const { rows: all, base } = learningOf(recipe, search, rows);
    return growForest(
      ground,
      recipe,
      all.filter((_, k) => k % parts === part % parts),
      base,
    );
  });
}

/** The mean of what forests forecast. */
export function predictPoints(points: readonly Forest[], table: FeatureTable): Float64Array {
  const all = points.map((forest) => predictForest(forest, table));
  return all[0]!.map((_, r) => all.reduce((sum, own) => sum + own[r]!, 0) / all.length);
}
