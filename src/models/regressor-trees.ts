// What trees find in the effects of holidays and known columns beside a regression: thresholds, and columns that work together.
import type { Frequency } from '../core/frequency.ts';
import type { Feature } from '../learn/trees/bins.ts';
import type { TreeModel } from '../learn/trees/model.ts';
import type { TreeOptions } from '../learn/trees/options.ts';
import { predictTrees } from '../learn/trees/predict.ts';
import { trainTrees } from '../learn/trees/train.ts';
import { additiveColumns } from './additive/design.ts';
import { type AdditiveFit, additivePath, type Path } from './additive/fit.ts';

export interface RegressorTrees {
  readonly trees: TreeModel;
  /** What the trees say on average over the rows they were grown on. */
  readonly usual: number;
  /** The share of what they say that came true on rows they had not seen; above 0, at most 1. */
  readonly share: number;
}

/** Small trees: a series has hundreds of rows at best, and the regression has told most of it already. */
const OPTIONS: TreeOptions = { rounds: 60, learning_rate: 0.1, leaves: 6, lambda_l2: 3 };
/** Stretches of time of which each is foretold from the others. */
const FOLDS = 4;
/** Fewest rows: below them what trees find is luck. */
const LEAST_ROWS = 60;
/** What holds for less than this share on unseen rows is taken for luck. */
const LEAST_SHARE = 0.1;

/** The regression's own columns of holidays, calendar and known columns. */
function featuresOf(
  { plan }: AdditiveFit,
  freq: Frequency,
  start: number,
  n: number,
  known: readonly Float64Array[],
): Feature[] {
  const { columns, parts } = additiveColumns(plan, freq, start, n, known);
  return columns
    .filter((_, j) => parts[j] === 'regressors')
    .map((values, j) => ({ name: `column ${j}`, values }));
}

/**
 * Grows trees on what a regression leaves of y in the rows that it used, as shares where its effects multiply; undefined where
 * there are too few rows, or where what the trees say does not hold on stretches of time that they have not seen.
 */
export function growRegressorTrees(
  fit: AdditiveFit,
  freq: Frequency,
  start: number,
  y: Float64Array,
  known: readonly Float64Array[],
  used: Uint8Array,
): RegressorTrees | undefined {
  const n = y.length;
  const rows = Uint32Array.from(used.keys()).filter((t) => used[t] === 1);
  if (rows.length < LEAST_ROWS) return undefined;
  const features = featuresOf(fit, freq, start, n, known);
  if (features.length === 0) return undefined;
  const { trend, seasonal, regressors, factor } = additivePath(fit, freq, start, n, known);
  const rest = new Float64Array(n);
  const weights = new Float64Array(n);
  for (const t of rows) {
    rest[t] = (y[t]! / fit.unit - trend[t]!) / factor[t]! - seasonal[t]! - regressors[t]!;
    // The larger the trend, the better a share is known.
    weights[t] = factor[t]! ** (2 - fit.power);
  }
  const options = { ...OPTIONS, min_child_samples: Math.max(5, Math.round(rows.length / 30)) };
  const train = (own: Uint32Array): TreeModel =>
    trainTrees({ features, y: rest, weights, rows: own }, options);
  let [together, size] = [0, 0];
  for (let k = 0; k < FOLDS; k++) {
    const [from, to] = [k, k + 1].map((fold) => Math.floor((fold * rows.length) / FOLDS));
    const seen = Uint32Array.from([...rows.subarray(0, from), ...rows.subarray(to)]);
    const said = predictTrees(train(seen), features);
    for (const t of rows.subarray(from, to)) {
      together += weights[t]! * said[t]! * rest[t]!;
      size += weights[t]! * said[t]! ** 2;
    }
  }
  const share = size > 0 ? Math.min(1, together / size) : 0;
  if (!(share > LEAST_SHARE)) return undefined;
  const trees = train(rows);
  const said = predictTrees(trees, features);
  let usual = 0;
  for (const t of rows) usual += said[t]! / rows.length;
  return { trees, usual, share };
}

/** The path of a regression with what the trees add to its regressors, and what each period's addition is. */
export function pathWithTrees(
  fit: AdditiveFit,
  grown: RegressorTrees | undefined,
  freq: Frequency,
  start: number,
  n: number,
  known: readonly Float64Array[],
): Path & { readonly added: Float64Array } {
  const path = additivePath(fit, freq, start, n, known);
  if (!grown) return { ...path, added: new Float64Array(n) };
  const said = predictTrees(grown.trees, featuresOf(fit, freq, start, n, known));
  const added = said.map((value) => grown.share * (value - grown.usual));
  return { ...path, regressors: path.regressors.map((value, t) => value + added[t]!), added };
}
