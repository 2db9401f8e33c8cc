// What models of the whole panel say of series: exact for as many as time allows, by the example of those for the rest.
import { UsageError } from '../core/errors.ts';
import type { Effect } from '../models/global-model.ts';
import type { ModelSpec } from '../models/model.ts';
import { createGlobal } from '../models/registry.ts';
import type { Share } from '../models/share.ts';
import type { Explainable } from './contributions.ts';

/** What tells models of the same name with different options apart. */
export const keyOf = (spec: ModelSpec): string => JSON.stringify(spec);

/** Forecast cells that are taken apart exactly: a few seconds. */
const CELLS = 3000;

/** The share of a series in a global model's forecast; undefined where it has none. */
const shareIn = ({ fitted }: Explainable, i: number, model: ModelSpec): Share | undefined =>
  fitted[i]!.find(({ spec }) => keyOf(spec) === keyOf(model))?.state as Share | undefined;

/** Models of the whole panel that serve some of the given series and cannot tell what their forecasts are made of. */
export const untoldModels = (subject: Explainable, series: readonly number[]): string[] =>
  subject.global
    .filter(({ spec }) => !createGlobal(spec)?.effectsOf && series.some((i) => shareIn(subject, i, spec)))
    .map(({ spec }) => spec.model);

/**
 * Effects of a series that was not taken apart: each step's forecast divided as the steps of the others are together. They add
 * up to the forecast as theirs do.
 */
function alike(mean: Float64Array, examples: readonly (readonly Effect[])[], totals: Float64Array): Effect[] {
  const sums = new Map<string, Effect>();
  for (const effects of examples) {
    for (const { name, part, values } of effects) {
      const own = sums.get(`${part} ${name}`) ?? { name, part, values: new Float64Array(mean.length) };
      sums.set(`${part} ${name}`, own);
      for (let s = 0; s < mean.length; s++) own.values[s]! += values[s]!;
    }
  }
  return [...sums.values()].map((own) => ({
    ...own,
    values: mean.map((value, s) => (totals[s] === 0 ? 0 : (value * own.values[s]!) / totals[s]!)),
  }));
}

/**
 * The effects of each model of the whole panel on each of the given series, by the key of the model. Of many series, those
 * with the largest forecasts are taken apart exactly, up to so many forecast `cells` and at least one.
 */
export async function effectsOf(
  subject: Explainable,
  series: readonly number[],
  cells: number = CELLS,
): Promise<ReadonlyMap<string, readonly Effect[]>[]> {
  const { panel, forecast, global } = subject;
  const { h } = forecast;
  const out = series.map(() => new Map<string, readonly Effect[]>());
  for (const { spec, state } of global) {
    const model = createGlobal(spec);
    if (!model) throw new UsageError(`${spec.model} is not a model of a whole panel.`);
    // What a model cannot tell is its level.
    if (!model.effectsOf) continue;
    const served = [...series.keys()].filter((k) => shareIn(subject, series[k]!, spec));
    const size = (k: number): number =>
      forecast.mean.subarray(series[k]! * h, (series[k]! + 1) * h).reduce((a, b) => a + b, 0);
    const exact = served.toSorted((a, b) => size(b) - size(a)).slice(0, Math.max(1, Math.floor(cells / h)));
    const found = await model.effectsOf(
      state,
      panel,
      h,
      exact.map((k) => series[k]!),
    );
    for (const [n, k] of exact.entries()) out[k]!.set(keyOf(spec), found[n]!);
    if (exact.length === served.length) continue;
    const totals = new Float64Array(h);
    for (const effects of found)
      for (const { values } of effects) for (let s = 0; s < h; s++) totals[s]! += values[s]!;
    for (const k of served) {
      if (out[k]!.has(keyOf(spec))) continue;
      const { mean } = shareIn(subject, series[k]!, spec)!;
      out[k]!.set(keyOf(spec), alike(mean.slice(0, h), found, totals));
    }
  }
  return out;
}
