// One step at a time: what was forecast stands in for what happened, and the next step looks back on it.
import { cutPanel, extendPanel } from '../../core/moved-end.ts';
import { CellState, endOf, lengthOf, type Panel } from '../../core/panel.ts';
import type { Setting } from '../../features/feature-rows.ts';
import { type FeatureOptions, featureTable } from '../../features/feature-table.ts';
import { binTable } from '../../learn/trees/bins.ts';
import { liftsFor } from '../events/undone.ts';
import { type Forest, type GroundTable, growForest, predictForest, type Recipe } from './forest.ts';
import type { BoostedSettings } from './options.ts';
import { learningRows, rowWeights } from './rows.ts';
import { type Fold, learningOf, TRIAL_ROWS } from './search.ts';
import { panelEnd } from './windows.ts';

/** What trees of one step are grown with. */
interface Growing {
  readonly setting: Setting;
  readonly settings: BoostedSettings;
  readonly seed: number;
}

/** Cells times steps up to which feedback is tried: each step looks at all cells anew, a few seconds for so many. */
const CHEAP = 5e6;

/** Whether feeding forecasts back h times costs little beside growing trees. */
export const isCheap = ({ y }: Panel, h: number): boolean => y.length * h <= CHEAP;

/** Trees of the next period alone, of a recipe; undefined where it has no rows to learn from. */
export function growOneStep(
  panel: Panel,
  recipe: Recipe,
  { setting, settings, seed }: Growing,
): Forest | undefined {
  const liftsBefore = liftsFor(panel, setting.seasons);
  const table = featureTable(panel, learningRows(panel, 1, settings.rows, setting, seed), setting, {
    ...settings,
    liftsBefore,
  });
  const ground: GroundTable = {
    table,
    bins: binTable(table.features, { bins: settings.trees.bins ?? 127, seed }),
    weightsOf: (loss) => rowWeights(panel, table, loss, settings.half_life, panelEnd(panel)),
  };
  const season = setting.seasons.at(-1);
  const all = Uint32Array.from(table.y, (_, r) => r);
  const { rows, base } = learningOf(recipe, { ground, season }, all);
  return rows.length === 0 ? undefined : growForest(ground, recipe, rows, base);
}

/** Forecasts of a recipe that were fed back, for the rows that a fold is tried on: of trees that know what came before its window. */
export function fedBack(
  panel: Panel,
  { table }: Pick<GroundTable, 'table'>,
  { window: { origin, length }, test }: Fold,
  recipe: Recipe,
  growing: Growing,
): Float64Array | undefined {
  const { setting, settings } = growing;
  const hidden = panel.ids.map((_, i) => Math.max(0, endOf(panel, i) - origin));
  const cut = cutPanel(panel, hidden);
  const few = { ...settings, rows: Math.min(settings.rows, TRIAL_ROWS) };
  const forest = growOneStep(cut, recipe, { ...growing, settings: few });
  if (!forest) return undefined;
  const all = forecastRecursively(forest, cut, length, setting, settings);
  const { series, step } = table.rows;
  return Float64Array.from(test, (r) => all[series[r]! * length + step[r]! - 1]!);
}

/**
 * Forecasts h steps of every series with trees of one step, series by series and step by step. Past-only columns keep
 * their last value.
 */
export function forecastRecursively(
  forest: Forest,
  panel: Panel,
  h: number,
  setting: Setting,
  options: FeatureOptions,
): Float64Array {
  const longer = extendPanel(panel, h);
  const liftsBefore = liftsFor(panel, setting.seasons);
  const count = panel.ids.length;
  const out = new Float64Array(count * h);
  for (let s = 0; s < h; s++) {
    const rows = {
      series: Int32Array.from({ length: count }, (_, i) => i),
      known: Int32Array.from({ length: count }, (_, i) => lengthOf(panel, i) + s),
      step: new Int32Array(count).fill(1),
    };
    const step = predictForest(forest, featureTable(longer, rows, setting, { ...options, liftsBefore }));
    for (let i = 0; i < count; i++) {
      const at = longer.offsets[i]! + lengthOf(panel, i) + s;
      out[i * h + s] = step[i]!;
      longer.y[at] = step[i]!;
      longer.state[at] = CellState.observed;
      for (const { values } of longer.pastOnly)
        values[at] = at > longer.offsets[i]! ? values[at - 1]! : Number.NaN;
    }
  }
  return out;
}
