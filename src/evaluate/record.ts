// One backtest window of one series, and what is written down of a model's forecast of it.
import { type Distribution, quantile, spread } from '../core/distribution.ts';
import { CellState, type Future, futureAt, type Panel, type Series, seriesAt } from '../core/panel.ts';
import { constrainedMean, constrainQuantiles, type Support, supportOf } from '../core/support.ts';
import { addErrors, TALLY_PROBABILITIES } from './tally.ts';
import type { Window } from './windows.ts';

/** A window of a series: what a model may see, and what happened. */
export interface Outlook {
  readonly series: Series;
  readonly future: Future;
  readonly length: number;
  /** What happened, NaN where it was not observed. */
  readonly actual: Float64Array;
  /** A CellState a step. */
  readonly state: Uint8Array;
  /** The limits of the target as they are known at the cutoff. */
  readonly support: Support;
}

/** The outlook of series `i` from the cutoff of a window. */
export function outlookAt(panel: Panel, i: number, { hidden, length }: Window, wanted: Support): Outlook {
  const series = seriesAt(panel, i, hidden);
  const cut = panel.offsets[i + 1]! - hidden;
  return {
    series,
    future: futureAt(panel, i, length, hidden),
    length,
    actual: panel.y.subarray(cut, cut + length),
    state: panel.state.subarray(cut, cut + length),
    support: supportOf(series.y, wanted),
  };
}

/** Forecasts and errors, a cell for each series, window and model in an order of the holder's. */
export interface Records {
  /** Mean and spread of step s of a cell at cell · h + s. */
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  /** Sums of errors, TALLY_WIDTH numbers a cell. */
  readonly tallies: Float64Array;
  /** 1 where a fallback served in place of the model. */
  readonly fellBack: Uint8Array;
}

/** Writes one forecast, held to the support, and its errors at `cell`. */
export function record(
  records: Records,
  cell: number,
  h: number,
  { distribution, fallback }: { readonly distribution: Distribution; readonly fallback?: string },
  { actual, state, support }: Outlook,
): void {
  const mean = constrainedMean(distribution, support);
  const quantiles = TALLY_PROBABILITIES.map((p) => Float64Array.from(quantile(distribution, p)));
  constrainQuantiles(quantiles, support);
  // Where the shop is known to be shut nothing is sold, whatever the model says.
  for (let s = 0; s < state.length; s++) if (state[s] === CellState.closed) mean[s] = 0;
  records.mean.set(mean, cell * h);
  records.sd.set(spread(distribution), cell * h);
  records.fellBack[cell] = fallback === undefined ? 0 : 1;
  addErrors(records.tallies, cell, actual, mean, quantiles);
}
