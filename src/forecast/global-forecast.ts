// The forecast of models that learn from the whole panel; series that are forecast one by one take their shares of it.
import { within } from '../core/checkpoint.ts';
import type { Executor, MapOptions, Part, Surroundings } from '../core/executor.ts';
import type { Panel } from '../core/panel.ts';
import type { ModelSpec } from '../models/model.ts';
import { createGlobal } from '../models/registry.ts';
import { type Share, shareOf } from '../models/share.ts';

/** A model of the whole panel, named as in the blend, with its fit; plain data. */
export interface GlobalFit {
  readonly spec: ModelSpec;
  readonly state: unknown;
}

/** A fit to all of the panel, and what each series holds of it. */
export interface GlobalForecast {
  readonly state: unknown;
  readonly shares: readonly Share[];
  /** What a user must hear of it. */
  readonly remarks: readonly string[];
}

interface GlobalQuestion {
  /** One a model, as it was tried; undefined for models of single series. */
  readonly specs: readonly (ModelSpec | undefined)[];
  /** One a model: a fit to earlier data to go on from; undefined for models that begin anew. */
  readonly from?: readonly unknown[];
  readonly h: number;
  readonly season_length: number;
  readonly seed: number;
}

/** What a thread receives. */
interface GlobalTask extends GlobalQuestion, Record<string, unknown> {
  readonly specs: readonly ModelSpec[];
}

/** The task that executors run: fits the models of one piece to all of the panel, and forecasts it. */
export async function foresee(
  panel: Panel,
  { from, to }: Part,
  { specs, from: earlier = [], h, season_length, seed }: GlobalTask,
  { onProgress, checkpoint, signal }: Surroundings = {},
): Promise<GlobalForecast[]> {
  const out: GlobalForecast[] = [];
  for (const [k, spec] of specs.slice(from, to).entries()) {
    const model = createGlobal(spec)!;
    const around: Surroundings = {
      onProgress: (own) => onProgress?.({ ...own, stage: `${own.stage}, forecast` }),
      checkpoint: within(checkpoint, `model-${from + k}`),
      signal,
    };
    const context = { h, season_length, seed, ...around };
    const before = earlier[from + k];
    // What cannot go on takes over what was chosen.
    const state =
      before !== undefined && model.fineTune
        ? await model.fineTune(before, panel, context)
        : await model.fitAll(panel, context, before);
    const forecasts = await model.forecastAll(state, panel, h, { gaps: true });
    out.push({ state, shares: forecasts.map(shareOf), remarks: model.remarksOf?.(state) ?? [] });
  }
  return out;
}

/** One a model: a fit to the panel and its forecast; undefined for models of single series. */
export type GlobalForecasts = readonly (GlobalForecast | undefined)[];

/** Fits and forecasts global models, each a piece of its own. */
export async function forecastGlobally(
  panel: Panel,
  { specs, from, h, season_length, seed }: GlobalQuestion,
  executor: Executor,
  options: MapOptions = {},
): Promise<GlobalForecasts> {
  const own = specs.filter((spec) => spec !== undefined);
  if (own.length === 0) return specs.map(() => undefined);
  const task: GlobalTask = {
    specs: own,
    ...(from ? { from: from.filter((_, j) => specs[j] !== undefined) } : {}),
    h,
    season_length,
    seed,
  };
  const made = await executor.map<GlobalForecast[]>('foresee', panel, task, {
    ...options,
    pieces: own.length,
  });
  return specs.map((spec) => spec && made[own.indexOf(spec)]![0]);
}
