// The models by name. Adding a model adds one line here.
import { didYouMean, UsageError } from '../core/errors.ts';
import type { Model, ModelSpec } from './model.ts';

export interface ModelEntry {
  // The options of each factory are its own; the factory refuses those it does not know.
  // biome-ignore lint/suspicious/noExplicitAny: a registry of factories with different options
  readonly create: (options?: any) => Model<any>;
  /** What it is, in one sentence, for `bellwether models`. */
  readonly summary: string;
}

export const MODELS: Readonly<Record<string, ModelEntry>> = {};

/** Makes the model that a name or a spec describes. */
export function createModel(spec: ModelSpec | string): Model {
  const { model, options } = typeof spec === 'string' ? { model: spec, options: undefined } : spec;
  const entry = MODELS[model];
  if (!entry) throw new UsageError(`model "${model}" is not known.${didYouMean(model, Object.keys(MODELS))}`);
  return entry.create(options);
}
