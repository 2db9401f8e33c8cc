// Which features a model of trees rests on: by what their splits gained, by what is lost without them, and how they act.
import { didYouMean, UsageError } from '../../core/errors.ts';
import { random } from '../../core/random.ts';
import type { Feature } from './bins.ts';
import { featuresOf, inOrder } from './columns.ts';
import type { TreeModel } from './model.ts';
import { predictTrees } from './predict.ts';

/** Share of all that splits gained, one a feature of the training table; all 0 where there was no split. */
export function gainImportance({ features, trees }: TreeModel): Float64Array {
  const owner = featuresOf(features);
  const out = new Float64Array(owner.at(-1)! + 1);
  let total = 0;
  for (const { feature, gain } of trees) {
    for (let k = 0; k < feature.length; k++) {
      out[owner[feature[k]!]!]! += gain[k]!;
      total += gain[k]!;
    }
  }
  return total > 0 ? out.map((value) => value / total) : out;
}

/**
 * By how much the loss grows when a feature's values are shuffled among the rows (Breiman 2001), one a feature of the model.
 * `loss` judges predictions as `predictTrees` gives them.
 */
export function permutationImportance(
  model: TreeModel,
  given: readonly Feature[],
  loss: (predicted: Float64Array) => number,
  { seed = 1, repeats = 3 }: { readonly seed?: number; readonly repeats?: number } = {},
): Float64Array {
  const features = inOrder(model.features, given);
  const before = loss(predictTrees(model, features));
  return Float64Array.from(features, (feature, f) => {
    let total = 0;
    for (let k = 0; k < repeats; k++) {
      const draw = random(seed, `permutation ${f} ${k}`);
      const values = feature.values.slice();
      for (let i = values.length - 1; i > 0; i--) {
        const j = draw.below(i + 1);
        [values[i], values[j]] = [values[j]!, values[i]!];
      }
      total += loss(predictTrees(model, features.with(f, { ...feature, values }))) - before;
    }
    return total / repeats;
  });
}

/**
 * The mean prediction with one feature set to each of `grid` in all rows (Friedman 2001), row-major: a value of the grid by
 * the model's outputs.
 */
export function partialDependence(
  model: TreeModel,
  given: readonly Feature[],
  name: string,
  grid: readonly number[],
): Float64Array {
  const features = inOrder(model.features, given);
  const f = features.findIndex((feature) => feature.name === name);
  const out = new Float64Array(grid.length * model.outputs);
  if (f < 0) {
    throw new UsageError(
      `the trees have no feature "${name}".${didYouMean(
        name,
        features.map((x) => x.name),
      )}`,
    );
  }
  const rows = features[0]!.values.length;
  for (const [g, value] of grid.entries()) {
    const fixed = { ...features[f]!, values: new Float64Array(rows).fill(value) };
    const p = predictTrees(model, features.with(f, fixed));
    for (let at = 0; at < p.length; at++) out[g * model.outputs + (at % model.outputs)]! += p[at]! / rows;
  }
  return out;
}
