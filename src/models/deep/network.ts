// The whole network of a forecaster: a body that reads windows, then quantiles that do not cross.

import type { Examples } from '../../learn/network/examples.ts';
import type { Value } from '../../learn/network/graph.ts';
import { same } from '../../learn/network/initialisers.ts';
import { dense } from '../../learn/network/layers/dense.ts';
import { embedding } from '../../learn/network/layers/embedding.ts';
import { pinball } from '../../learn/network/losses.ts';
import { concat, expand, reshape } from '../../learn/network/operators/shape.ts';
import type { Scope } from '../../learn/network/parameters.ts';
import { type Network, predict } from '../../learn/network/predict.ts';
import type { Runtime } from '../../learn/network/runtime.ts';
import type { Objective, Weights } from '../../learn/network/train.ts';
import { fan } from './fan.ts';
import type { Ground } from './ground.ts';
import type { DeepSettings } from './options.ts';
import { type Sizes, type VariableSizes, variableSizes } from './windows.ts';

/** What the body of a network gets: a batch of windows. */
export interface Windows {
  /** [batch, window, past] */
  readonly past: Value;
  /** [batch, h, future] */
  readonly future: Value;
  /** [batch, statics]: attributes, and what was learned of categories. */
  readonly statics: Value;
  /** How many numbers each variable among them consists of, in order: for networks that tell variables apart. */
  readonly variables: VariableSizes;
}

/** The part in which networks differ: features of every step of the horizon, [batch, h, any], from a batch of windows. */
export type Body = (windows: Windows, scope: Scope, settings: DeepSettings) => Value;

/** The fields of a batch of windows, with what is learned of categories. */
export function windowsOf(
  fields: Readonly<Record<string, Value>>,
  { inputs }: Pick<Ground, 'inputs'>,
  sizes: Sizes,
  scope: Scope,
): Windows {
  const told = variableSizes(inputs, sizes);
  const batch = fields.past!.shape[0]!;
  const learned = sizes.categories.map((count, k) => {
    const width = Math.min(8, Math.ceil(Math.sqrt(count)));
    const row = embedding(count, width, { name: `category_${k}` })(fields[`code_${k}`]!, scope);
    return reshape(row, [batch, width]);
  });
  return {
    past: fields.past!,
    future: fields.future!,
    statics: concat([fields.statics!, ...learned], -1),
    variables: { ...told, statics: [...told.statics, ...learned.map(({ shape }) => shape[1]!)] },
  };
}

/** The whole network: body, then quantiles that do not cross. What it forecasts is what comes beyond the plain forecast. */
export function networkOf(
  body: Body,
  ground: Pick<Ground, 'inputs'>,
  sizes: Sizes,
  settings: DeepSettings,
): Network {
  return (fields, scope) => {
    const features = body(windowsOf(fields, ground, sizes, scope), scope, settings);
    const head = dense(settings.quantiles.length, { name: 'quantiles', start: same(0) });
    return { quantiles: fan(head(features, scope), settings.quantiles) };
  };
}

/** How far the quantiles are off, by the pinball loss; cells that are not known do not count. */
export const objectiveOf =
  (network: Network, { quantiles }: DeepSettings): Objective =>
  (fields, scope) => ({
    losses: pinball(network(fields, scope).quantiles!, fields.y!, quantiles),
    weights: expand(fields.weight!, [...fields.weight!.shape.slice(0, -1), quantiles.length]),
  });

/** What several networks say of examples, number by number, in the mean of them. */
export async function saidByAll(
  network: Network,
  networks: readonly Pick<Weights, 'theta' | 'memory'>[],
  examples: Examples,
  runtime: Runtime,
): Promise<(k: number) => number> {
  const all: Float32Array[] = [];
  for (const weights of networks) all.push((await predict(network, weights, examples, runtime)).quantiles!);
  return (k) => all.reduce((sum, own) => sum + own[k]!, 0) / all.length;
}
