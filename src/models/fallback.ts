// Fits a model, or the first simpler one that can serve the series, and says which and why.
import { type Distribution, horizonOf } from '../core/distribution.ts';
import { ModelRefusal, UsageError } from '../core/errors.ts';
import type { Future, Series } from '../core/panel.ts';
import { type Context, type Model, observedCount } from './model.ts';

/** Simpler models, tried in this order when a model refuses a series. */
export const FALLBACKS: readonly string[] = ['seasonal-naive', 'naive', 'zero'];

export interface Fitted {
  /** The model that serves the series: the wanted one or a fallback. */
  readonly model: Model;
  readonly state: unknown;
  /** Why the wanted model did not serve; undefined where it did. */
  readonly fallback?: string;
}

function usable(distribution: Distribution, h: number): boolean {
  return horizonOf(distribution) === h && distribution.mean.every(Number.isFinite);
}

/**
 * Fits `wanted` to a series. A refusal, a failure or a forecast that is not finite leads to the fallbacks;
 * the last of them serves every series, so the call always succeeds, unless the model's options are wrong.
 */
export function fitOrFallBack(
  wanted: Model,
  fallbacks: readonly Model[],
  series: Series,
  context: Context,
  h: number,
  future: Future,
): Fitted & { readonly distribution: Distribution } {
  let reason: string | undefined;
  // A seasonal naive without a whole season is a guess at a rhythm that was never seen.
  const short = observedCount(series.y) <= context.season_length;
  for (const model of [wanted, ...fallbacks]) {
    if (model !== wanted && model.name === 'seasonal-naive' && (short || wanted.name === model.name))
      continue;
    try {
      const state = model.fit(series, context);
      const distribution = model.forecast(state, h, future);
      if (usable(distribution, h)) {
        return reason === undefined
          ? { model, state, distribution }
          : { model, state, distribution, fallback: reason };
      }
      reason ??= `${wanted.name} gave no finite forecast`;
    } catch (error) {
      // A wrong option is wrong for every series: falling back would hide it.
      if (error instanceof UsageError) throw error;
      // A refusal is the model's own word; anything else is a defect that must not cost the other series.
      const message = (error as Error).message;
      reason ??= error instanceof ModelRefusal ? message : `${wanted.name} failed: ${message}`;
    }
  }
  throw new Error(`no fallback could serve a series: ${reason ?? 'none was given'}`);
}
