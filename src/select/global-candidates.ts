// Candidates that learn from the whole panel: which of them the budget can pay for, and how thoroughly they learn.
import type { Panel } from '../core/panel.ts';
import { globalCost } from '../evaluate/cost.ts';
import type { WindowPlan } from '../evaluate/windows.ts';
import type { ModelSpec } from '../models/model.ts';
import { createGlobal } from '../models/registry.ts';

/** What is done of a global candidate. */
export interface GlobalPlan {
  /** One a candidate: the spec as it is tried; undefined for models of single series and for those left out. */
  readonly specs: readonly (ModelSpec | undefined)[];
  /** Candidates that are too costly. */
  readonly dropped: readonly number[];
  /** Nominal milliseconds that all of it takes. */
  readonly cost: number;
}

/** The share of the budget that one model of the whole panel may take. */
const SHARE = 1 / 3;
/** Rows to learn from, the most that can be paid for being taken; with fewer than the last, trees are a guess. */
const ROWS = [150_000, 100_000, 70_000, 50_000, 30_000, 20_000];

/** Recipes that are searched through: each of the targets once. */
const TRIALS = 3;

/** A spec with further options; those that the user gave stay. */
const within = ({ model, options }: ModelSpec, own: Readonly<Record<string, unknown>>): ModelSpec => ({
  model,
  options: { ...own, ...options },
});

/**
 * Plans the global candidates within a budget of nominal milliseconds: with a search for the best target where it can be paid
 * for, on fewer rows where it must be, or not at all.
 */
export function planGlobals(
  panel: Panel,
  models: readonly ModelSpec[],
  { h, windows }: Required<WindowPlan>,
  budget: number,
): GlobalPlan {
  const { fit, search, forecast, rows } = globalCost(panel, h);
  const room = SHARE * budget;
  // One fit a window, and one for the forecast; searches are made before the reported window and for the forecast.
  const whole = (used: number): number => (windows + 1) * (fit(used) + forecast);
  const dropped: number[] = [];
  let cost = 0;
  const specs = models.map((spec, j) => {
    if (!createGlobal(spec)) return undefined;
    const searched = ROWS.find((used) => whole(used) + 2 * search <= room);
    const used = searched ?? ROWS.find((most) => whole(most) <= room);
    if (used === undefined) {
      dropped.push(j);
      return undefined;
    }
    cost += whole(used) + (searched === undefined ? 0 : 2 * search);
    const trials = searched === undefined ? 1 : TRIALS;
    // The blend has other models to hear and to lean on: what one more forest would take is better spent on rows.
    const alone = { quantiles: [], trials, opinions: 1, pools: [] };
    return within(spec, { ...alone, ...(used < rows ? { rows: used } : {}) });
  });
  return { specs, dropped, cost };
}
