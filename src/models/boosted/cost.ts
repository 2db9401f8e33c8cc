// What boosted trees cost on a panel, and how thoroughly they learn where less can be paid for.
import { lengthOf, type Panel } from '../../core/panel.ts';
import type { Effort, GlobalPlan } from '../global-model.ts';

/** Rows of a fit of boosted trees come from so many cutoffs of a series at most (`boosted`). */
const CUTOFFS = 60;
/** Columns of the feature table that every panel has, and those that a column of the panel adds, about. */
const OWN_FEATURES = 70;
const FEATURES = { knownFuture: 12, pastOnly: 3, statics: 4 } as const;
/** Nominal milliseconds of a value of the feature table: to learn from, and to forecast from. */
const LEARNING = 6e-4;
const AHEAD = 1.2e-4;
/** Rows that a search learns from, all trials and earlier windows together. */
const SEARCHED_ROWS = 150_000;

/** Nominal milliseconds on a panel, for a horizon of h periods: of a fit to so many rows, a search and a forecast. */
function costOf(
  panel: Panel,
  h: number,
): { fit(rows: number): number; readonly search: number; readonly forecast: number; readonly rows: number } {
  const features =
    OWN_FEATURES +
    (Object.keys(FEATURES) as (keyof typeof FEATURES)[]).reduce(
      (sum, kind) => sum + FEATURES[kind] * panel[kind].length,
      0,
    );
  let rows = 0;
  for (let i = 0; i < panel.ids.length; i++) rows += h * Math.min(CUTOFFS, lengthOf(panel, i));
  const fit = (used: number): number => LEARNING * features * Math.min(used, rows);
  return { fit, search: fit(SEARCHED_ROWS), forecast: AHEAD * features * panel.ids.length * h, rows };
}

/** Rows to learn from, the most that can be paid for being taken; with fewer than the last, trees are a guess. */
const ROWS = [150_000, 100_000, 70_000, 50_000, 30_000, 20_000];
/** Recipes that are searched through: each of the targets once. */
const TRIALS = 3;

/** With a search for the best target, on fewer rows where it must be; then without one. */
export function boostedEfforts(panel: Panel, { h, windows }: GlobalPlan): Effort[] {
  const { fit, search, forecast, rows } = costOf(panel, h);
  // One fit a window, and one for the forecast; searches are made before the reported window and for the forecast.
  const whole = (used: number): number => (windows + 1) * (fit(used) + forecast);
  return [true, false].flatMap((searched) =>
    ROWS.map((used) => ({
      options: {
        // The blend has other models to hear and to lean on: what one more forest, or feedback, would take is better spent on rows.
        quantiles: [],
        trials: searched ? TRIALS : 1,
        opinions: 1,
        pools: [],
        strategy: 'direct' as const,
        ...(used < rows ? { rows: used } : {}),
      },
      cost: whole(used) + (searched ? 2 * search : 0),
    })),
  );
}
