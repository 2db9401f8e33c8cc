// A blend fitted to one series: the members' states and weights, from which it can be forecast at any time.
import { type Distribution, quantile, spread } from '../core/distribution.ts';
import type { Future, Series } from '../core/panel.ts';
import { fitOrFallBack } from './fallback.ts';
import type { Context, Model, ModelSpec } from './model.ts';
import { MODELS } from './registry.ts';

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

/** What a fitted blend says of the h steps ahead. */
export interface BlendForecast {
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  /**
   * The quantiles of the members that count pieces, weighted, one array a probability; undefined where such members
   * hold less than half of the weight. Demand that is mostly zero has no common shape of errors that other series
   * could lend it: what its own models say of 0, 1, 2, … pieces is truer.
   */
  readonly counted: ((probabilities: readonly number[]) => Float64Array[]) | undefined;
}

/** Whether a model's distributions are those of whole pieces. */
export const countsPieces = ({ model }: ModelSpec): boolean => MODELS[model]?.countsPieces ?? false;

/** Whether members that count pieces hold at least half of the weight. */
export function isCounted(specs: readonly ModelSpec[], weights: ArrayLike<number>): boolean {
  let [counting, all] = [0, 0];
  for (const [j, spec] of specs.entries()) {
    all += weights[j]!;
    if (countsPieces(spec)) counting += weights[j]!;
  }
  return counting > 0 && 2 * counting >= all;
}

/** Weighted quantiles of distributions, weights summing to any amount. */
function blendedQuantiles(
  members: readonly { readonly weight: number; readonly distribution: Distribution }[],
  probabilities: readonly number[],
): Float64Array[] {
  const total = members.reduce((sum, { weight }) => sum + weight, 0);
  return probabilities.map((p) => {
    const out = new Float64Array(members[0]!.distribution.mean.length);
    for (const { weight, distribution } of members) {
      const column = quantile(distribution, p);
      for (let s = 0; s < out.length; s++) out[s] = out[s]! + (weight / total) * column[s]!;
    }
    return out;
  });
}

/** No member counts as surer than so many times the mean of all. */
const SUREST = 10;

/**
 * The spread of a blend at one step: the geometric mean of those of its members, so that one that is all at sea does not speak for
 * those that are not. Weights sum to 1; what they make of errors is for calibration to find (`select/conformal.ts`).
 */
export function blendedSpread(weights: ArrayLike<number>, spreads: ArrayLike<number>): number {
  let mean = 0;
  for (let j = 0; j < weights.length; j++) if (weights[j]! > 0) mean += weights[j]! * spreads[j]!;
  if (!(mean > 0)) return mean;
  let log = 0;
  for (let j = 0; j < weights.length; j++) {
    if (weights[j]! > 0) log += weights[j]! * Math.log(Math.max(spreads[j]!, mean / SUREST));
  }
  return Math.exp(log);
}

/** The forecast of a fitted blend. `modelOf` makes a model from its spec. */
export function forecastBlend(
  blend: FittedBlend,
  h: number,
  future: Future,
  modelOf: (spec: ModelSpec) => Model,
): BlendForecast {
  const mean = new Float64Array(h);
  const members = blend.map(({ spec, weight, state }) => ({
    spec,
    weight,
    distribution: modelOf(spec).forecast(state, h, future),
  }));
  for (const { weight, distribution } of members) {
    for (let s = 0; s < h; s++) mean[s] = mean[s]! + weight * distribution.mean[s]!;
  }
  const weights = members.map(({ weight }) => weight);
  const spreads = members.map(({ distribution }) => spread(distribution));
  const sd = mean.map((_, s) =>
    blendedSpread(
      weights,
      spreads.map((own) => own[s]!),
    ),
  );
  const counting = members.filter(({ spec }) => countsPieces(spec));
  const enough = isCounted(
    blend.map(({ spec }) => spec),
    blend.map(({ weight }) => weight),
  );
  return {
    mean,
    sd,
    counted: enough ? (probabilities) => blendedQuantiles(counting, probabilities) : undefined,
  };
}
