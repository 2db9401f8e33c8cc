// The forecast of models that learn from the whole panel, made before series are forecast one by one.
import type { Executor, MapOptions, Part } from '../core/executor.ts';
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
interface GlobalForecast {
  readonly state: unknown;
  readonly shares: readonly Share[];
}

interface GlobalTask extends Record<string, unknown> {
  readonly specs: readonly ModelSpec[];
  readonly h: number;
  readonly season_length: number;
  readonly seed: number;
}

/** The task that executors run: fits the models of one piece to all of the panel, and forecasts it. */
export function foresee(
  panel: Panel,
  { from, to }: Part,
  { specs, h, season_length, seed }: GlobalTask,
): GlobalForecast[] {
  return specs.slice(from, to).map((spec) => {
    const model = createGlobal(spec)!;
    const state = model.fitAll(panel, { h, season_length, seed });
    return { state, shares: model.forecastAll(state, panel, h, { gaps: true }).map(shareOf) };
  });
}

/** Fits and forecasts several global models, each a piece of its own. */
export async function forecastGlobally(
  panel: Panel,
  task: GlobalTask,
  executor: Executor,
  options: MapOptions = {},
): Promise<GlobalForecast[]> {
  if (task.specs.length === 0) return [];
  const parts = await executor.map<GlobalForecast[]>('foresee', panel, task, {
    ...options,
    pieces: task.specs.length,
  });
  return parts.flat();
}
