// The search for a strategy, judged on earlier windows: successive halving (Jamieson and Talwalkar 2016) over targets and trees,
// then trees of pools, a second opinion, feedback and a correction of bias, where they help.
import type { FeatureTable } from '../../features/feature-table.ts';
import type { TreeOptions } from '../../learn/trees/options.ts';
import { biasRatio, type WindowBias, worthwhileShare } from './bias.ts';
import { type Forest, type GroundTable, growForest, predictForest, type Recipe, withPool } from './forest.ts';
import type { Loss, Strategy } from './options.ts';
import { chooseBase, knownBase, type SeasonBase } from './season-base.ts';
import type { Transform } from './target.ts';
import type { DateWindow } from './windows.ts';

/** Rows of the shared table: to learn from before a window's cutoff, and to be tried on. */
export interface Fold {
  readonly window: DateWindow;
  readonly learn: Uint32Array;
  readonly test: Uint32Array;
}

/** Trees worth trying, the first the usual ones. Few rows and much noise want small trees, many rows large ones. */
const SHAPES: readonly TreeOptions[] = [
  { leaves: 15, learning_rate: 0.1, rounds: 100, min_child_samples: 40 },
  { leaves: 31, learning_rate: 0.08, rounds: 140, min_child_samples: 40 },
  { leaves: 63, learning_rate: 0.06, rounds: 200, min_child_samples: 20 },
];

/** What all trees share: each sees some of the rows and features, so that they err differently. */
const SHARED: TreeOptions = { row_share: 0.6, feature_share: 0.4, bins: 127, lambda_l2: 1 };

/** The recipes of a search in the order in which they deserve trying. */
export function recipes(
  transforms: readonly Transform[],
  about: Pick<Recipe, 'loss' | 'pools'>,
  given: TreeOptions,
  count: number,
  seed: number,
): Recipe[] {
  const all = SHAPES.flatMap((shape) =>
    transforms.map(
      (transform): Recipe => ({ transform, ...about, trees: { ...SHARED, ...shape, ...given, seed } }),
    ),
  );
  // Shapes whose options are all given are the same recipe.
  const distinct = new Map(all.map((recipe) => [JSON.stringify(recipe), recipe]));
  return [...distinct.values()].slice(0, count);
}

/** At most so many of the rows, evenly. */
export const thinned = (rows: Uint32Array, most: number): Uint32Array => {
  const every = Math.ceil(rows.length / most);
  return every > 1 ? rows.filter((_, k) => k % every === 0) : rows;
};

/** Some rows of a table as a table of their own. */
export function pickRows(table: FeatureTable, rows: Uint32Array): FeatureTable {
  const numbers = (x: Float64Array): Float64Array => Float64Array.from(rows, (r) => x[r]!);
  const whole = (x: Int32Array): Int32Array => Int32Array.from(rows, (r) => x[r]!);
  return {
    rows: { series: whole(table.rows.series), known: whole(table.rows.known), step: whole(table.rows.step) },
    features: table.features.map((f) => ({ ...f, values: Float32Array.from(rows, (r) => f.values[r]!) })),
    drivers: table.drivers,
    y: numbers(table.y),
    level: numbers(table.level),
  };
}

/** The error of a forecast of one row, in units that make rows of different series compare. */
export function rowError(loss: Loss, y: number, forecast: number, level: number, step: number): number {
  const off = Math.abs(y - forecast);
  if (loss === 'mape') return y === 0 ? 0 : off / Math.abs(y);
  if (loss === 'mae') return off / (step > 0 ? step : level);
  return Math.min(off / level, 1e3) ** 2;
}

export interface Search {
  readonly ground: GroundTable;
  readonly folds: readonly Fold[];
  /** What errors are measured by. */
  readonly loss: Loss;
  readonly season: number | undefined;
  /** Static categories that may be worth trees of their own. */
  readonly pools: readonly string[];
  /** Recipes whose mean is forecast at most. */
  readonly opinions: number;
  /** Whether trees that are asked for means may be heard too. */
  readonly means: boolean;
  /**
   * Forecasts of a recipe's trees of one step, fed back, for the rows that a fold is tried on; undefined where it has nothing to
   * learn from. Absent where feedback is not to be tried.
   */
  readonly fedBack?: ((recipe: Recipe, fold: Fold) => Float64Array | undefined) | undefined;
  /** Whether the bias of medians may be corrected: of sales that are never negative. */
  readonly corrected: boolean;
  /** The typical step of each series. */
  readonly steps: Float64Array;
}

/** What a recipe learns from: rows, and what changes are changes of. */
export interface Learning {
  readonly rows: Uint32Array;
  readonly base: SeasonBase | undefined;
}

/** The rows whose base is known, and the base, where the recipe is of changes; all rows where it is not. */
export function learningOf(
  { transform }: Pick<Recipe, 'transform'>,
  { ground: { table }, season }: Pick<Search, 'ground' | 'season'>,
  rows: Uint32Array,
): Learning {
  if (transform !== 'difference' || season === undefined) return { rows, base: undefined };
  const base = chooseBase(table, season, rows);
  const isKnown = knownBase(table, base);
  return { rows: rows.filter(isKnown), base };
}

/** Rows that trials learn from at most: enough to tell recipes apart. */
export const TRIAL_ROWS = 30_000;

/** A recipe as it was tried: rows, trees, forecasts and mean error of each window. */
interface Trial {
  readonly recipe: Recipe;
  readonly rows: readonly Uint32Array[];
  readonly forests: readonly Forest[];
  readonly forecasts: readonly Float64Array[];
  readonly errors: readonly number[];
}

const total = (errors: readonly number[]): number => errors.reduce((sum, error) => sum + error, 0);

/** The total error of the forecasts of one window. */
function windowError({ ground: { table }, folds, loss, steps }: Search, w: number, forecast: Float64Array) {
  let error = 0;
  for (const [k, r] of folds[w]!.test.entries()) {
    const step = steps[table.rows.series[r]!]!;
    error += rowError(loss, table.y[r]!, forecast[k]!, table.level[r]!, step);
  }
  return error;
}

/** What becomes of forests, one a window. */
function tried(
  recipe: Recipe,
  search: Search,
  rows: readonly Uint32Array[],
  forests: readonly Forest[],
): Trial {
  const { ground, folds } = search;
  const forecasts = forests.map((forest, w) => predictForest(forest, pickRows(ground.table, folds[w]!.test)));
  return { recipe, rows, forests, forecasts, errors: forecasts.map((own, w) => windowError(search, w, own)) };
}

/** Tries a recipe on all windows, each learned from a share of so many rows; undefined where there are none. */
function tryRecipe(recipe: Recipe, search: Search, share: number): Trial | undefined {
  const { ground, folds } = search;
  const learned = folds.map(({ learn }): Learning => {
    const { rows: all, base } = learningOf(recipe, search, learn);
    const every = Math.max(1, Math.round(all.length / Math.min(all.length, TRIAL_ROWS) / share));
    return { rows: all.filter((_, k) => k % every === 0), base };
  });
  const rows = learned.map((own) => own.rows);
  if (rows.some((own) => own.length === 0)) return undefined;
  const forests = learned.map((own) => growForest(ground, recipe, own.rows, own.base));
  return tried(recipe, search, rows, forests);
}

/** Recipes kept from round to round, as a share, and the rows of the first round beside those of the last. */
const KEPT = 1 / 3;
const FIRST_SHARE = 1 / 3;

/**
 * Tries all recipes on a part of the rows, then the best third on all of them, with the best of another target beside them; the
 * best first.
 */
function halve(candidates: readonly Recipe[], search: Search): Trial[] {
  const judge = (recipes: readonly Recipe[], share: number): Trial[] =>
    recipes
      .flatMap((recipe) => tryRecipe(recipe, search, share) ?? [])
      .sort((a, b) => total(a.errors) - total(b.errors));
  const ranked = judge(candidates, FIRST_SHARE).map(({ recipe }) => recipe);
  const kept = ranked.slice(0, Math.max(2, Math.ceil(candidates.length * KEPT)));
  const other = ranked.find(({ transform }) => transform !== kept[0]!.transform);
  return judge([...new Set(other ? [...kept, other] : kept)], 1);
}

/** Static categories that are tried as pools, the values that they may have, and the rows there must be for each. */
const POOLS = 2;
const MOST_POOLS = 30;
const ROWS_EACH = 500;
/** What pools must gain: they take their time, and a few categories are tried. */
const POOL_GAIN = 0.015;

/** The trial with trees for each value of a category where all windows say so. */
function pooled(best: Trial, search: Search): Trial {
  const { ground } = search;
  const names = search.pools.filter((name) => {
    const { levels = 0 } = ground.table.features.find((feature) => feature.name === name)!;
    const isFew = levels > 1 && levels <= MOST_POOLS;
    return isFew && best.rows.every((own) => own.length >= ROWS_EACH * levels);
  });
  let found = best;
  for (const name of names.slice(0, POOLS)) {
    const recipe = { ...best.recipe, pools: [name] };
    const forests: Forest[] = [];
    for (const [w, forest] of best.forests.entries()) {
      forests.push(withPool(ground, recipe, best.rows[w]!, forest, name));
      // What does not help before one window need not be tried before the next.
      const own = predictForest(forests[w]!, pickRows(ground.table, search.folds[w]!.test));
      if (windowError(search, w, own) > best.errors[w]!) break;
    }
    if (forests.length < best.forests.length) continue;
    const trial = tried(recipe, search, best.rows, forests);
    const isBetter = trial.errors.every((error, w) => error <= best.errors[w]!);
    if (isBetter && total(trial.errors) < Math.min((1 - POOL_GAIN) * total(best.errors), total(found.errors)))
      found = trial;
  }
  return found;
}

/** What a second opinion must gain. */
const SECOND_GAIN = 0.005;

/** The recipe whose mean with the best one errs least; undefined where none gains enough. */
function secondOpinion(best: Trial, others: readonly Trial[], search: Search): Trial | undefined {
  let least = (1 - SECOND_GAIN) * total(best.errors);
  let found: Trial | undefined;
  for (const other of others) {
    const errors = best.forecasts.map((own, w) =>
      windowError(
        search,
        w,
        own.map((value, k) => (value + other.forecasts[w]![k]!) / 2),
      ),
    );
    if (total(errors) < least) [least, found] = [total(errors), other];
  }
  return found;
}

/** Rows that the ratio of sums is taken over at most. */
const RATIO_ROWS = 20_000;

/** Some of the rows learned from that a ratio of sums is taken over: launches, of which there are too many among them, left out. */
export const ratioRows = ({ rows }: FeatureTable, learned: Uint32Array): Uint32Array =>
  thinned(
    learned.filter((r) => rows.known[r]! > 0),
    RATIO_ROWS,
  );

/** The mean of what is found of each trial. */
function meanOf(trials: readonly Trial[], of: (trial: Trial) => Float64Array): Float64Array {
  const all = trials.map(of);
  return all[0]!.map((_, k) => all.reduce((sum, own) => sum + own[k]!, 0) / all.length);
}

const halfway = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, k) => (value + b[k]!) / 2);

/** What feedback must gain: it builds tables anew for each step. */
const FEEDBACK_GAIN = 0.005;

/** What feedback forecasts of each window, where the mean with it errs less on all of them; undefined where it does not. */
function feedback(trials: readonly Trial[], search: Search): Float64Array[] | undefined {
  if (!search.fedBack) return undefined;
  const found: Float64Array[] = [];
  let [before, after] = [0, 0];
  for (const [w, fold] of search.folds.entries()) {
    const chained = search.fedBack(trials[0]!.recipe, fold);
    if (!chained) return undefined;
    const direct = meanOf(trials, ({ forecasts }) => forecasts[w]!);
    const [own, mixed] = [direct, halfway(direct, chained)].map((forecast) =>
      windowError(search, w, forecast),
    ) as [number, number];
    // What does not help before one window need not be tried before the next.
    if (mixed > own) return undefined;
    before += own;
    after += mixed;
    found.push(chained);
  }
  return after < (1 - FEEDBACK_GAIN) * before ? found : undefined;
}

/** The share of what direct forecasts of the trials lack in training that they are to be multiplied by. */
function correctedShare(
  trials: readonly Trial[],
  chained: readonly Float64Array[] | undefined,
  search: Search,
): number {
  const { table } = search.ground;
  const windows = search.folds.map(({ test }, w) => {
    const learned = pickRows(table, ratioRows(table, trials[0]!.rows[w]!));
    const told = meanOf(trials, ({ forests }) => predictForest(forests[w]!, learned));
    const sold = test.reduce((sum, r) => sum + table.y[r]!, 0);
    return {
      ratio: biasRatio(learned.y, told),
      direct: meanOf(trials, ({ forecasts }) => forecasts[w]!),
      sold,
    };
  });
  return worthwhileShare((share) =>
    windows.map(({ ratio, direct, sold }, w): WindowBias => {
      const corrected = direct.map((value) => ratio ** share * value);
      const own = chained ? halfway(corrected, chained[w]!) : corrected;
      return {
        error: windowError(search, w, own),
        bias: own.reduce((sum, value) => sum + value, 0) / sold - 1,
      };
    }),
  );
}

/** What a search found. */
export interface Choice {
  /** Their mean is to be forecast. */
  readonly recipes: readonly Recipe[];
  readonly strategy: Strategy;
  /** The share of what its sum lacks over the rows learned from that is to be made good; 0 for none. */
  readonly share: number;
}

/**
 * The best recipe on the earlier windows, and another where their mean is better. Trees that are asked for means are heard too:
 * medians of skewed sales are low. Then feedback is tried, and what the sum lacks is made good.
 */
export function choose(candidates: readonly Recipe[], search: Search): Choice {
  const unsearched: Choice = { recipes: [candidates[0]!], strategy: 'direct', share: 0 };
  if (candidates.length === 1 || search.folds.length === 0) return unsearched;
  const [first, ...others] = halve(candidates, search);
  if (!first) return unsearched;
  const best = pooled(first, search);
  const trials = [best];
  if (search.opinions > 1) {
    const asked: Recipe = { ...first.recipe, transform: 'scale', loss: 'tweedie' };
    const means = search.means ? tryRecipe(asked, search, 1) : undefined;
    const second = secondOpinion(best, means ? [...others, means] : others, search);
    if (second) trials.push(second);
  }
  const chained = feedback(trials, search);
  return {
    recipes: trials.map(({ recipe }) => recipe),
    strategy: chained ? 'mixed' : 'direct',
    share: search.corrected ? correctedShare(trials, chained, search) : 0,
  };
}
