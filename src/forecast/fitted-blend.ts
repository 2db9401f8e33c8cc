// A blend fitted to one series: the members' states and weights, from which it can be forecast at any time.
import { spread } from '../core/distribution.ts';
import type { Future, Series } from '../core/panel.ts';
import { fitOrFallBack } from '../models/fallback.ts';
import type { Context, Model, ModelSpec } from '../models/model.ts';

/** One fitted member; plain data. */
export interface FittedMember {
  /** The model whose state this is: the chosen one, or the fallback that served in its place. */
  readonly spec: ModelSpec;
  readonly weight: number;
  readonly state: unknown;
  /** Why a fallback served; absent where none did. */
  readonly fallback?: string;
}

export type FittedBlend = readonly FittedMember[];

/** Fits every model that has weight in `weights` (one a model) to a series. */
export function fitBlend(
  models: readonly { readonly spec: ModelSpec; readonly model: Model }[],
  fallbacks: readonly Model[],
  weights: ArrayLike<number>,
  series: Series,
  context: Context,
  h: number,
  future: Future,
): FittedBlend {
  const members: FittedMember[] = [];
  for (const [j, { spec, model }] of models.entries()) {
    const weight = weights[j]!;
    if (!(weight > 0)) continue;
    const fitted = fitOrFallBack(model, fallbacks, series, context, h, future);
    members.push({
      spec: fitted.model === model ? spec : { model: fitted.model.name },
      weight,
      state: fitted.state,
      ...(fitted.fallback === undefined ? {} : { fallback: fitted.fallback }),
    });
  }
  return members;
}

/** The mean and spread of a fitted blend, h values each. `modelOf` makes a model from its spec. */
export function forecastBlend(
  blend: FittedBlend,
  h: number,
  future: Future,
  modelOf: (spec: ModelSpec) => Model,
): { mean: Float64Array; sd: Float64Array } {
  const mean = new Float64Array(h);
  const sd = new Float64Array(h);
  const members = blend.map(({ spec, weight, state }) => {
    const distribution = modelOf(spec).forecast(state, h, future);
    return { weight, mean: distribution.mean, sd: spread(distribution) };
  });
  for (const m of members) {
    for (let s = 0; s < h; s++) {
      mean[s] = mean[s]! + m.weight * m.mean[s]!;
      sd[s] = sd[s]! + m.weight * m.sd[s]! ** 2;
    }
  }
  // As in the rehearsal that calibrated it: the members' variances, weighted.
  for (let s = 0; s < h; s++) sd[s] = Math.sqrt(sd[s]!);
  return { mean, sd };
}
