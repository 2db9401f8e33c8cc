// Gradient boosted trees over a whole panel: one model learns from all series what lags, seasons, prices, promotions and the
// calendar do. After what won the M5 (Makridakis et al. 2022) and Januschowski et al. (2022), Forecasting with trees.
import type { QuantileDistribution } from '../core/distribution.ts';
import { DataError } from '../core/errors.ts';
import { label } from '../core/frequency.ts';
import { lengthOf, type Panel } from '../core/panel.ts';
import { random } from '../core/random.ts';
import { type ClosingFlag, closingFlags, shutReader, withClosings } from '../features/closing-flags.ts';
import { type FeatureRows, rowsAhead, type Setting, settingOf } from '../features/feature-rows.ts';
import { type FeatureTable, featureTable, RECENT } from '../features/feature-table.ts';
import { historyOf } from '../features/history.ts';
import { isLong } from '../features/long-season.ts';
import { binTable } from '../learn/trees/bins.ts';
import { asLevel, attribute, averaged } from './boosted/attribution.ts';
import { biasRatio, type Correction } from './boosted/bias.ts';
import { applyCalibration, type QuantileCalibration } from './boosted/calibration.ts';
import { tablesWithoutEvents } from './boosted/eventless.ts';
import { type Forest, type GroundTable, predictForest, type Recipe } from './boosted/forest.ts';
import { type BoostedOptions, type BoostedSettings, boostedSettings, type Loss } from './boosted/options.ts';
import { growPoints, predictPoints } from './boosted/points.ts';
import { calibrationOf, growSpread, moveQuantiles, PLAIN, repeated } from './boosted/quantiles.ts';
import { fedBack, forecastRecursively, growOneStep, isCheap } from './boosted/recursive.ts';
import { joinRows, learningRows, rowWeights, targetPeriods, typicalSteps } from './boosted/rows.ts';
import {
  type Choice,
  choose,
  type Fold,
  learningOf,
  pickRows,
  ratioRows,
  recipes,
  type Search,
} from './boosted/search.ts';
import type { Transform } from './boosted/target.ts';
import { dateWindows, panelEnd, windowRows } from './boosted/windows.ts';
import { liftsFor } from './events/undone.ts';
import type { Effect, GlobalContext, GlobalForecastOptions, GlobalModel } from './global-model.ts';
import { planEffects, planOf } from './usual-plan.ts';

export type { BoostedOptions } from './boosted/options.ts';

/** Plain data: what was chosen, and the trees. */
export interface BoostedState {
  readonly settings: BoostedSettings;
  readonly setting: Setting;
  /** When nothing is sold because the shop is shut. */
  readonly closing: readonly ClosingFlag[];
  readonly loss: Loss;
  readonly h: number;
  /** The targets and the trees that were chosen, the best first. */
  readonly recipes: readonly Recipe[];
  /** One a recipe; the mean of them is forecast. */
  readonly points: readonly Forest[];
  /** Trees of one step, for the strategies that feed forecasts back. */
  readonly oneStep?: Forest;
  /** How the direct forecast is multiplied, lest the sum of all be too low; absent where that did not help. */
  readonly correction?: Correction;
  /** Absent where no quantiles are learned: errors of the point forecast then stand for them. */
  readonly spread?: Forest;
  /** Absent where the past is too short for an earlier window. */
  readonly calibration?: QuantileCalibration;
  /** What was said of the choice, in words. */
  readonly notes: readonly string[];
}

/** Shares of zeros from which counts are forecast with the Tweedie loss. */
const MANY_ZEROS = 1 / 3;
/** Share of values of 0 or below up to which logarithms are tried. */
const FEW_ZEROS = 0.02;

/** Share of the rows that a target must be known for: changes against a season that few rows have teach too little. */
const LEAST_USABLE = 1 / 4;

/** Rows that each earlier window is tried on at most. */
const WINDOW_ROWS = 25_000;

/** Rows that are forecast at one time, so that the table of many series does not grow with them. */
const AHEAD_ROWS = 130_000;

/** Shares of observed values that are zero, and that are negative. */
function signs({ y }: Panel): { zero: number; negative: number } {
  let [zero, negative, count] = [0, 0, 0];
  for (const value of y) {
    if (Number.isNaN(value)) continue;
    count++;
    if (value === 0) zero++;
    if (value < 0) negative++;
  }
  return { zero: zero / count, negative: negative / count };
}

/** The transforms worth trying: changes where there is a long season, logarithms where hardly anything is 0. */
function transformsFor(loss: Loss, panel: Panel, setting: Setting): Transform[] {
  if (loss === 'tweedie') return ['scale'];
  const { zero, negative } = signs(panel);
  const hasYear = isLong(setting.seasons.at(-1) ?? 0, setting.freq);
  const out: Transform[] = hasYear ? ['difference', 'scale'] : ['scale', 'difference'];
  if (setting.seasons.length === 0) out.splice(out.indexOf('difference'), 1);
  // The mean of a logarithm is not that of what it is taken of.
  return loss !== 'mse' && zero + negative <= FEW_ZEROS ? [...out, 'log'] : out;
}

/**
 * Refuses a horizon in which a column stops that had a value in every known period of a series. Series that ended before the
 * panel did are let through: nobody prices what is no longer sold, and trees know what to do with a gap.
 */
function requireColumns(panel: Panel, h: number): void {
  const end = panelEnd(panel);
  for (const { name, values } of panel.knownFuture) {
    for (let i = 0; i < panel.ids.length; i++) {
      const from = panel.offsets[i]! + i * panel.reach;
      const n = lengthOf(panel, i);
      if (panel.start[i]! + n < end) continue;
      if (values.subarray(from, from + n).some(Number.isNaN)) continue;
      for (let s = 0; s < h; s++) {
        if (s < panel.reach && !Number.isNaN(values[from + n + s]!)) continue;
        const date = label(panel.freq, panel.start[i]! + n + s);
        throw new DataError(
          `series "${panel.ids[i]}" has no value of "${name}" for ${date}; give its future, or declare the column past-only.`,
        );
      }
    }
  }
}

/** A recipe in words. */
const inWords = ({ transform, loss, pools, trees }: Recipe): string =>
  `target ${transform}, loss ${loss}, ${trees.leaves} leaves, ${trees.rounds} rounds` +
  `${pools.length > 0 ? `, also by ${pools.join(', ')}` : ''}`;

/** Rows of periods in which the shop is shut. */
function shutRows(
  panel: Panel,
  closing: readonly ClosingFlag[],
  { series, known, step }: FeatureRows,
): number[] {
  if (closing.length === 0) return [];
  const isShut = shutReader(panel, closing);
  return [...series.keys()].filter((r) => isShut(series[r]!, known[r]! + step[r]! - 1));
}

const UNCORRECTED: Correction = { share: 0, ratio: 1 };

/** What a direct forecast is made of. */
type Forecasting = Pick<BoostedState, 'settings' | 'loss' | 'points' | 'spread' | 'correction'>;

/** The output of the quantile trees that is a second opinion on the point forecast; −1 where there is none. */
const medianOf = ({ loss, spread, settings }: Forecasting): number =>
  loss === 'mae' && spread ? settings.quantiles.indexOf(0.5) : -1;

/** The direct forecast of every row: points, and quantiles before they are calibrated, their middle where the point is. */
function direct(
  state: Forecasting,
  table: FeatureTable,
): { readonly mean: Float64Array; readonly quantiles: Float64Array } {
  const { points, spread, settings, correction: { ratio } = UNCORRECTED } = state;
  const mean = predictPoints(points, table);
  const width = (spread ? settings.quantiles : PLAIN).length;
  const quantiles = spread ? predictForest(spread, table) : repeated(mean, width);
  const median = medianOf(state);
  // The trees of the median are one more opinion on the same question.
  for (let r = 0; median >= 0 && r < mean.length; r++) {
    const middle = quantiles[r * width + median]!;
    mean[r] = (points.length * mean[r]! + middle) / (points.length + 1);
    moveQuantiles(quantiles.subarray(r * width, (r + 1) * width), middle, mean[r]!);
  }
  return { mean: mean.map((value) => ratio * value), quantiles: quantiles.map((value) => ratio * value) };
}

/** What the direct forecast lacks in sum over the rows that it learned from. */
function ratioOf(forecast: Forecasting, table: FeatureTable, rows: Uint32Array): number {
  const learned = pickRows(table, ratioRows(table, rows));
  return biasRatio(learned.y, direct(forecast, learned).mean);
}

/** One distribution a series from the point forecasts and quantiles of rows that are ordered by series and step. */
function distributions(
  point: Float64Array,
  quantiles: Float64Array,
  probabilities: readonly number[],
  h: number,
  count: number,
): QuantileDistribution[] {
  const width = probabilities.length;
  return Array.from({ length: count }, (_, i) => ({
    kind: 'quantiles',
    mean: point.slice(i * h, (i + 1) * h),
    probabilities: Float64Array.from(probabilities),
    values: quantiles.slice(i * h * width, (i + 1) * h * width),
  }));
}

/** Trees need nothing that is not there at once. */
export interface Boosted extends GlobalModel<BoostedState> {
  fitAll(panel: Panel, context: GlobalContext, like?: BoostedState): BoostedState;
  forecastAll(
    state: BoostedState,
    panel: Panel,
    h: number,
    options?: GlobalForecastOptions,
  ): QuantileDistribution[];
  effectsOf(state: BoostedState, panel: Panel, h: number, series: ArrayLike<number>): Effect[][];
}

/**
 * Boosted trees for a whole panel. Fitted to h periods ahead; forecasts of fewer are served too. Throws a UsageError for
 * options it does not know, a DataError where a known-future column stops within the horizon.
 */
export function boosted(options: BoostedOptions = {}): Boosted {
  const settings = boostedSettings(options);
  return {
    name: 'boosted',
    fitAll(given: Panel, { h, season_length, seed }: GlobalContext, like?: BoostedState): BoostedState {
      const closing = closingFlags(given);
      const panel = withClosings(given, closing);
      const { zero, negative } = signs(panel);
      const loss = settings.loss ?? (zero > MANY_ZEROS && negative === 0 ? 'tweedie' : 'mae');
      const setting = settingOf(panel, season_length);
      const season = setting.seasons.at(-1);
      const windows = dateWindows(panel, h, season ?? 1);
      const tests = windows.map((window, w) =>
        windowRows(panel, window, WINDOW_ROWS, random(seed, `window ${w}`)),
      );
      const learning = learningRows(panel, h, settings.rows, setting, seed);
      const liftsBefore = liftsFor(panel, setting.seasons);
      const table = featureTable(panel, joinRows(learning, ...tests), setting, { ...settings, liftsBefore });
      const periods = targetPeriods(panel, learning);
      const all = Uint32Array.from(periods, (_, r) => r);
      let from = learning.series.length;
      const folds: Fold[] = windows.map((window, w) => {
        const test = Uint32Array.from(tests[w]!.series, (_, k) => from + k);
        from += test.length;
        return { window, learn: all.filter((r) => periods[r]! < window.origin), test };
      });
      const ground: GroundTable = {
        table,
        bins: binTable(table.features, { bins: settings.trees.bins ?? 127, seed }),
        weightsOf: (asked) => rowWeights(panel, table, asked, settings.half_life, panelEnd(panel)),
      };
      const search: Search = {
        ground,
        folds: folds.filter(({ learn, test }) => learn.length > 0 && test.length > 0),
        loss,
        season,
        pools: settings.pools ? [] : panel.statics.flatMap(({ name, levels }) => (levels ? [name] : [])),
        opinions: settings.opinions,
        means: loss === 'mae' && negative === 0 && (settings.transform ?? 'scale') === 'scale',
        fedBack:
          settings.strategy === undefined && isCheap(panel, h)
            ? (recipe, fold) => fedBack(panel, ground, fold, recipe, { setting, settings, seed })
            : undefined,
        corrected: loss === 'mae' && negative === 0 && settings.strategy !== 'recursive',
        steps: typicalSteps(panel),
      };
      const isWorkable = (transform: Transform): boolean =>
        learningOf({ transform }, search, all).rows.length >= LEAST_USABLE * all.length;
      const wanted = settings.transform ? [settings.transform] : transformsFor(loss, panel, setting);
      const transforms = wanted.some(isWorkable) ? wanted.filter(isWorkable) : (['scale'] as const);
      const taken = like?.recipes.filter(({ transform }) => isWorkable(transform)) ?? [];
      const asked = { loss, pools: settings.pools ?? [] };
      const {
        recipes: chosen,
        strategy,
        share,
      }: Choice = like && taken.length > 0
        ? {
            recipes: taken,
            strategy: like.oneStep ? 'mixed' : 'direct',
            share: like.correction?.share ?? 0,
          }
        : choose(recipes(transforms, asked, settings.trees, like ? 1 : settings.trials, seed), search);
      const points = growPoints(ground, chosen, search, all);
      const spread = growSpread(ground, search, chosen[0]!, all, settings.quantiles);
      const forecast = { settings, loss, points, ...(spread ? { spread } : {}) };
      const ratio = share > 0 ? ratioOf(forecast, table, all) ** share : 1;
      const calibration =
        like?.calibration ?? calibrationOf(ground, search, chosen, settings.quantiles, ratio);
      const oneStep =
        (settings.strategy ?? strategy) === 'direct'
          ? undefined
          : growOneStep(panel, chosen[0]!, { setting, settings, seed });
      const notes = [
        `${chosen.map(inWords).join(' and ')}, ${all.length} rows of ${table.features.length} features` +
          `${settings.trials > 1 && search.folds.length > 0 ? ', chosen on earlier windows' : ''}` +
          `${settings.strategy === undefined && oneStep ? '; mixed with forecasts that are fed back' : ''}` +
          `${share === 0 ? '' : `; times ${ratio.toFixed(3)} for the bias of medians`}`,
      ];
      return {
        settings,
        setting,
        closing,
        loss,
        h,
        recipes: chosen,
        points,
        ...(share > 0 ? { correction: { share, ratio } } : {}),
        ...(oneStep ? { oneStep } : {}),
        ...(spread ? { spread } : {}),
        ...(calibration ? { calibration } : {}),
        notes,
      };
    },
    forecastAll(
      state: BoostedState,
      given: Panel,
      h: number,
      { gaps = false }: GlobalForecastOptions = {},
    ): QuantileDistribution[] {
      if (!gaps) requireColumns(given, h);
      const { spread, calibration, closing, oneStep, setting, settings } = state;
      const panel = withClosings(given, closing);
      const probabilities = spread ? settings.quantiles : PLAIN;
      const width = probabilities.length;
      const chained = oneStep && forecastRecursively(oneStep, panel, h, setting, settings);
      const share = settings.strategy === 'recursive' ? 1 : 0.5;
      const out: QuantileDistribution[] = [];
      const history = historyOf(panel);
      const liftsBefore = liftsFor(panel, setting.seasons);
      const size = Math.max(1, Math.floor(AHEAD_ROWS / h));
      for (let from = 0; from < panel.ids.length; from += size) {
        const count = Math.min(size, panel.ids.length - from);
        const series = Int32Array.from({ length: count }, (_, k) => from + k);
        const table = featureTable(
          panel,
          rowsAhead(panel, h, series),
          setting,
          { ...settings, liftsBefore },
          history,
        );
        const { mean, quantiles } = direct(state, table);
        if (calibration) applyCalibration(calibration, table, quantiles);
        for (let r = 0; chained && r < mean.length; r++) {
          const mixed = mean[r]! + share * (chained[from * h + r]! - mean[r]!);
          // Quantiles are learned for the direct forecast; they move with it.
          moveQuantiles(quantiles.subarray(r * width, (r + 1) * width), mean[r]!, mixed);
          mean[r] = mixed;
        }
        for (const r of shutRows(panel, closing, table.rows)) {
          mean[r] = 0;
          quantiles.fill(0, r * width, (r + 1) * width);
        }
        for (const own of distributions(mean, quantiles, probabilities, h, count)) out.push(own);
      }
      return out;
    },
    effectsOf(state: BoostedState, given: Panel, h: number, series: ArrayLike<number>): Effect[][] {
      const { points, spread, closing, oneStep, correction: { ratio } = UNCORRECTED } = state;
      const panel = withClosings(given, closing);
      const rows = rowsAhead(panel, h, series);
      const tableOf = tablesWithoutEvents(panel, rows, state);
      // The trees are taken apart with all columns as usual, which is the level; what a plan adds is told by undoing it.
      const plan = planOf(panel, h, series);
      const table = tableOf(plan.withUsual(plan.names.map(() => false)));
      const opinions = points.map((forest) => attribute(forest, table));
      const median = medianOf(state);
      if (spread && median >= 0) opinions.push(attribute(spread, table, median));
      const planned = planEffects(plan, (as) => direct(state, tableOf(as)).mean);
      const all = [
        ...asLevel(
          averaged(...opinions).map((own) => ({ ...own, values: own.values.map((value) => ratio * value) })),
          panel.knownFuture.map(({ name }) => name),
        ),
        ...plan.names.map((name, k): Effect => ({ name, part: 'regressors', values: planned[k]! })),
      ];
      const { mean } = direct(state, tableOf(panel));
      for (const r of shutRows(panel, closing, rows)) {
        mean[r] = 0;
        for (const { values } of all) values[r] = 0;
      }
      // What a forecast that is fed back adds to the direct one cannot be told feature by feature.
      const shown = oneStep
        ? this.forecastAll(state, panel, h, { gaps: true })
        : distributions(mean, new Float64Array(0), [], h, series.length);
      return Array.from({ length: series.length }, (_, k) => {
        const own = all.map((effect) => ({ ...effect, values: effect.values.slice(k * h, (k + 1) * h) }));
        const rest = shown[oneStep ? series[k]! : k]!.mean.map((value, s) =>
          own.reduce((left, { values }) => left - values[s]!, value),
        );
        const recent = own.find(({ name }) => name === RECENT.name)!;
        for (const [s, value] of rest.entries()) recent.values[s]! += value;
        return own;
      });
    },
  };
}
