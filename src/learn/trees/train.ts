// Gradient boosting (Friedman 2001): tree after tree on the derivatives of what is still wrong.
import { UsageError } from '../../core/errors.ts';
import { type BinnedFeature, type BinnedTable, binAs, binWithin, type Feature, isByTarget } from './bins.ts';
import { columnsOf, featuresOf, inOrder } from './columns.ts';
import { grower, rowsOfLeaf } from './grower.ts';
import type { Kernels } from './kernels/kernels.ts';
import { fastKernels } from './kernels/wasm.ts';
import type { TreeModel } from './model.ts';
import { type Objective, objectiveOf, type Targets } from './objectives.ts';
import { settingsOf, type TreeOptions, type TreeSettings } from './options.ts';
import { addBinned } from './predict.ts';
import { sampledRows } from './sampling.ts';
import { encodeByTarget } from './target-encoding.ts';
import type { Tree } from './tree.ts';

/** The rows to learn from. */
export interface Training {
  /** The columns, or the table that `binTable` made of them, which may serve many trainings. */
  readonly features: readonly Feature[] | BinnedTable;
  /** One value a row: an amount, 0 or 1 (`logistic`), a class (`softmax`), a grade from 0 on (`lambdarank`). */
  readonly y: Float64Array;
  readonly weights?: Float64Array;
  /** Added to the score of each row, such as the logarithm of an exposure. */
  readonly offset?: Float64Array;
  /** Rows of each query, in order; for `lambdarank`. */
  readonly groups?: Int32Array;
  /**
   * When each row was, in any unit: encodings by the target then look at rows of earlier times; without it at rows that come
   * earlier in a drawn order.
   */
  readonly time?: Float64Array;
  /** Which rows are learned from, ascending; defaults to all. */
  readonly rows?: Uint32Array;
  /** Rows of the same table that early stopping looks at instead of a table of their own. */
  readonly validRows?: Uint32Array;
  /** Other rows that early stopping looks at. */
  readonly valid?: {
    readonly features: readonly Feature[];
    readonly y: Float64Array;
    readonly weights?: Float64Array;
    readonly offset?: Float64Array;
    readonly groups?: Int32Array;
  };
}

const isTable = (features: Training['features']): features is BinnedTable => !Array.isArray(features);

function refuseTargets(objective: TreeSettings, { y, weights, offset, groups }: Targets, rows: number): void {
  const { objective: name, classes } = objective;
  for (const [what, values] of [
    ['y', y],
    ['weights', weights],
    ['offset', offset],
  ] as const) {
    if (values && values.length !== rows)
      throw new UsageError(
        `trees: ${what} has ${values.length} values where the features have ${rows} rows.`,
      );
  }
  const wrong = (is: (value: number) => boolean, needs: string): void => {
    const i = y.findIndex((value) => !is(value));
    if (i >= 0) throw new UsageError(`trees: y is ${y[i]} in row ${i}; ${name} needs ${needs}.`);
  };
  const positive = ['poisson', 'tweedie'].includes(name);
  if (positive) wrong((v) => v >= 0 && v < Infinity, 'values of 0 or more');
  else if (name === 'gamma') wrong((v) => v > 0 && v < Infinity, 'values above 0');
  else if (name === 'logistic') wrong((v) => v >= 0 && v <= 1, '0, 1, or a share between');
  else if (name === 'softmax')
    wrong((v) => Number.isInteger(v) && v >= 0 && v < classes, `classes 0 to ${classes - 1}`);
  else if (name === 'lambdarank') wrong((v) => v >= 0 && v <= 30, 'grades from 0 to 30');
  else wrong(Number.isFinite, 'numbers');
  const odd = weights?.findIndex((w) => !(w >= 0 && w < Infinity)) ?? -1;
  if (odd >= 0) throw new UsageError(`trees: weight ${weights![odd]} in row ${odd}; give 0 or more.`);
  if (name === 'lambdarank') {
    const total = groups?.reduce((a, b) => a + b, 0);
    if (total !== rows)
      throw new UsageError(
        `trees: lambdarank needs groups that sum to the ${rows} rows; they sum to ${total ?? 'nothing'}.`,
      );
  }
}

/** One set of rows with what is said of it so far. */
interface Side {
  readonly table: BinnedTable;
  readonly targets: Targets;
  readonly rows: Uint32Array;
  readonly score: Float64Array;
}

function sideOf(
  table: BinnedTable,
  targets: Targets,
  rows: Uint32Array,
  outputs: number,
  start: Float64Array,
  kernels: Kernels,
): Side {
  const score = kernels.sums(table.rows * outputs);
  const { offset } = targets;
  if (outputs === 1 && !offset) return { table, targets, rows, score: score.fill(start[0]!) };
  for (let k = 0; k < outputs; k++) {
    for (let i = 0; i < table.rows; i++) score[i * outputs + k] = start[k]! + (offset ? offset[i]! : 0);
  }
  return { table, targets, rows, score };
}

function allRows(rows: number): Uint32Array {
  const all = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) all[i] = i;
  return all;
}

const targetsOf = ({ y, weights, offset, groups }: Omit<Training, 'features'>): Targets => ({
  y,
  weights,
  offset,
  groups,
});

/** The rows early stopping looks at, where there are any. */
function validSide(
  { valid, validRows, ...training }: Training,
  table: BinnedTable,
  settings: TreeSettings,
  outputs: number,
  start: Float64Array,
  kernels: Kernels,
): Side | undefined {
  if (validRows) return sideOf(table, targetsOf(training), validRows, outputs, start, kernels);
  if (!valid) return undefined;
  const own = binAs(table.features, columnsOf(table.features, valid.features), kernels);
  const targets = targetsOf(valid);
  refuseTargets(settings, targets, own.rows);
  return sideOf(own, targets, allRows(own.rows), outputs, start, kernels);
}

/** The rows to learn from in bins: of their own, or those of the model to go on from. */
function tableOf(
  training: Training,
  settings: TreeSettings,
  before: TreeModel | undefined,
  kernels: Kernels,
): BinnedTable {
  const { features: given, time } = training;
  const told = new Set(before?.features.filter(({ encoding }) => encoding).map(({ name }) => name));
  if (isTable(given)) {
    const [name] = told;
    if (name === undefined) return given;
    throw new UsageError(
      `trees: the model to go on from encodes "${name}" by its target, which a binned table cannot; give the features.`,
    );
  }
  const features = before ? inOrder(before.features, given) : given;
  const rows = training.rows ?? allRows(features[0]?.values.length ?? 0);
  const wanted = before ? ({ name }: Feature): boolean => told.has(name) : isByTarget;
  const { columns, encodings } = encodeByTarget(features, wanted, training, rows, time, settings);
  const table = before ? binAs(before.features, columns, kernels) : binWithin(columns, settings, kernels);
  if (encodings.every((encoding) => !encoding)) return table;
  const binned = table.features.map((column, c): BinnedFeature => {
    const encoding = encodings[c];
    return encoding ? { ...column, encoding } : column;
  });
  return { ...table, features: binned };
}

/** What was asked of features, asked of their columns. */
function columnSettings(settings: TreeSettings, columns: readonly BinnedFeature[]): TreeSettings {
  const { monotone, interactions } = settings;
  const owner = Array.from(featuresOf(columns));
  return {
    ...settings,
    ...(monotone ? { monotone: owner.map((f) => monotone[f]!) } : {}),
    ...(interactions
      ? {
          interactions: interactions.map((group) =>
            owner.flatMap((f, column) => (group.includes(f) ? [column] : [])),
          ),
        }
      : {}),
  };
}

/** Grows one round's tree of output k, adds it to the scores of all sides and returns it, shrunk. */
function boost(
  objective: Objective,
  settings: TreeSettings,
  grow: ReturnType<typeof grower>,
  side: Side,
  pairs: Float32Array,
  sampled: Uint32Array,
  round: number,
  k: number,
  kernels: Kernels,
): Tree {
  const { outputs, renew } = objective;
  const { targets, rows, score } = side;
  const { tree, rows: ordered, offsets, limits } = grow(sampled, pairs, round * outputs + k);
  const value = tree.value.slice();
  for (let l = 0; l < value.length; l++) {
    if (renew) {
      const own = rowsOfLeaf(ordered, offsets, value.length, l);
      const { low, high } = limits[l]!;
      if (own.length > 0) value[l] = Math.min(Math.max(renew(targets, score, k, own), low), high);
    }
    value[l] = value[l]! * settings.learning_rate;
  }
  const grown: Tree = { ...tree, value };
  if (sampled.length === rows.length) {
    kernels.raise(score, outputs, k, ordered, offsets, value);
  } else addBinned(grown, side.table, rows, score, k, outputs);
  return grown;
}

/**
 * Trains trees, or goes on from `before`, whose trees stay as they are (it must have the same features and objective);
 * encodings by the target are always those of the rows given.
 * The same input and seed give the same bytes. Throws a UsageError for impossible options and values.
 */
export function trainTrees(
  training: Training,
  options: TreeOptions = {},
  { before, kernels = fastKernels() }: { readonly before?: TreeModel; readonly kernels?: Kernels } = {},
): TreeModel {
  return kernels.scope(() => trainWithin(training, options, before, kernels));
}

function trainWithin(
  training: Training,
  options: TreeOptions,
  before: TreeModel | undefined,
  kernels: Kernels,
): TreeModel {
  const width = (isTable(training.features) ? training.features.features : training.features).length;
  const settings = settingsOf(options, width);
  const objective = objectiveOf(settings);
  const { outputs, slope } = objective;
  if (before && (before.outputs !== outputs || before.settings.objective !== settings.objective)) {
    throw new UsageError(
      `trees: the model to go on from was trained for ${before.settings.objective}, not ${settings.objective}.`,
    );
  }
  const table = tableOf(training, settings, before, kernels);
  const y = kernels.sums(training.y.length);
  y.set(training.y);
  const targets = { ...targetsOf(training), y };
  refuseTargets(settings, targets, table.rows);
  const chosen = training.rows ?? allRows(table.rows);
  const rows = kernels.places(chosen.length);
  rows.set(chosen);
  if (rows.length === 0) throw new UsageError('trees: there are no rows to learn from.');
  const start =
    before?.start ?? Float64Array.from({ length: outputs }, (_, k) => objective.start(targets, rows, k));
  const side = sideOf(table, targets, rows, outputs, start, kernels);
  const valid = validSide(training, table, settings, outputs, start, kernels);
  const sides = valid ? [side, valid] : [side];
  const trees: Tree[] = [...(before?.trees ?? [])];
  for (const [t, tree] of trees.entries()) {
    for (const { table: own, rows: r, score } of sides) addBinned(tree, own, r, score, t % outputs, outputs);
  }

  const grow = grower(table, columnSettings(settings, table.features), kernels);
  const pairs = kernels.pairs(2 * table.rows);
  const validation: number[] = [];
  let [best, bestRound] = [Infinity, 0];
  const first = trees.length / outputs;
  for (let round = first; round < first + settings.rounds; round++) {
    // All trees of a round see the same scores, so that classes do not depend on their order.
    const scores = outputs > 1 ? side.score.slice() : side.score;
    for (let k = 0; k < outputs; k++) {
      if (slope) kernels.slopes(slope, targets.y, scores, rows, pairs);
      else objective.derive?.(targets, scores, k, rows, pairs);
      if (targets.weights) {
        for (const i of rows) {
          pairs[2 * i] = pairs[2 * i]! * targets.weights[i]!;
          pairs[2 * i + 1] = pairs[2 * i + 1]! * targets.weights[i]!;
        }
      }
      const sampled = sampledRows(rows, pairs, settings, round);
      const tree = boost(objective, settings, grow, side, pairs, sampled, round, k, kernels);
      if (valid) addBinned(tree, valid.table, valid.rows, valid.score, k, outputs);
      trees.push(tree);
    }
    if (!valid) continue;
    validation.push(objective.loss(valid.targets, valid.score, valid.rows));
    if (validation.at(-1)! < best) [best, bestRound] = [validation.at(-1)!, round + 1];
    if (round + 1 - bestRound >= settings.early_stopping) break;
  }
  const kept = valid && settings.early_stopping < Infinity ? trees.slice(0, bestRound * outputs) : trees;
  return {
    settings,
    features: table.features,
    outputs,
    start,
    trees: kept,
    validation: Float64Array.from(validation),
  };
}
