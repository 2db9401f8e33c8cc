// Forms and start states of exponential smoothing as R writes them, for tests against R.
import type { SmoothingStates } from '../../src/models/exponential-smoothing/filter.ts';
import { formsOf, type SmoothingForm } from '../../src/models/exponential-smoothing/form.ts';

/** The form of a code in R's letters: `AAdN`. */
export const formOf = (code: string): SmoothingForm => formsOf(code)![0]!;

/** R's start states in our order: R lists the season of the last phase first. */
export function startOf(form: SmoothingForm, start: readonly number[]): SmoothingStates {
  const slopes = form.trend === 'none' ? 0 : 1;
  return {
    level: start[0]!,
    slope: slopes === 0 ? 0 : start[1]!,
    season: Float64Array.from(start.slice(1 + slopes)).reverse(),
  };
}
