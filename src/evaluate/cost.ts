// What it costs to try models: nominal CPU time, the same on every machine, so that a budget buys the same everywhere.
import { lengthOf, type Panel } from '../core/panel.ts';
import type { ModelSpec } from '../models/model.ts';
import { nominalCost } from '../models/registry.ts';
import { TALLY_WIDTH } from './tally.ts';
import { planWindows, type WindowPlan } from './windows.ts';

/** Nominal milliseconds from which work is worth keeping in a checkpoint, even where it is one piece. */
export const LONG = 60_000;

/** Nominal milliseconds of turning one forecast of h steps into quantiles, errors and weights. */
const scoringCost = (h: number): number => 0.02 + 0.002 * h;

/**
 * The nominal milliseconds of trying model j on series i, at i · models.length + j: a fit for each window that the
 * series has, and one for the forecast.
 */
export function tryingCosts(
  panel: Panel,
  models: readonly ModelSpec[],
  plan: Required<WindowPlan>,
): Float64Array {
  const M = models.length;
  const costs = new Float64Array(panel.ids.length * M);
  // Lengths recur, and a length costs the same each time.
  const known = new Map<number, Float64Array>();
  for (let i = 0; i < panel.ids.length; i++) {
    const n = lengthOf(panel, i);
    let row = known.get(n);
    if (!row) {
      const cuts = [n, ...planWindows(n, plan).map(({ hidden }) => n - hidden)];
      row = Float64Array.from(models, (spec) =>
        cuts.reduce((sum, cut) => sum + nominalCost(spec, cut, plan.season_length) + scoringCost(plan.h), 0),
      );
      known.set(n, row);
    }
    costs.set(row, i * M);
  }
  return costs;
}

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

/** Nominal milliseconds of what a model of the whole panel does. */
export interface GlobalCost {
  /** A fit to so many rows. */
  readonly fit: (rows: number) => number;
  /** A search for the best of a few targets. */
  readonly search: number;
  readonly forecast: number;
  /** Rows that there are to learn from. */
  readonly rows: number;
}

/** What boosted trees cost on a panel, for a horizon of h periods. */
export function globalCost(panel: Panel, h: number): GlobalCost {
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

/** Bytes that the backtest of one series takes while it is at work: mean and spread of each step, and tallies. */
export const bytesPerSeries = (models: number, { windows, h }: Required<WindowPlan>): number =>
  8 * windows * (models * (2 * h + TALLY_WIDTH) + 3 * h);
