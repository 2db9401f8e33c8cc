// The options of the boosted trees forecaster, with their defaults.
import { didYouMean, refuseUnknownOptions, UsageError } from '../../core/errors.ts';
import { checkHolidays, type HolidayOptions } from '../../features/holidays/holiday-columns.ts';
import type { TreeOptions } from '../../learn/trees/options.ts';
import { TRANSFORMS, type Transform } from './target.ts';

/** What the point forecast makes small. `mae` is right for WAPE and MASE, `mape` forecasts low, `tweedie` is for counts with zeros. */
export const LOSSES = ['mae', 'mse', 'mape', 'tweedie'] as const;
export type Loss = (typeof LOSSES)[number];

export const STRATEGIES = ['direct', 'recursive', 'mixed'] as const;
/**
 * `direct`: one model for all steps, which knows the step. `recursive`: a model of one step that takes its own forecasts for
 * what happened. `mixed`: their mean.
 */
export type Strategy = (typeof STRATEGIES)[number];

export interface BoostedOptions {
  /** Defaults to `mae`, or `tweedie` where more than a third of the values are zero and none is negative. */
  readonly loss?: Loss;
  /** Defaults to the best on earlier windows. */
  readonly transform?: Transform;
  /** Defaults to `mixed` where that errs less on earlier windows and costs little, else `direct`. */
  readonly strategy?: Strategy;
  /**
   * Static categories for each value of which further trees are grown; all are averaged with those of the whole panel. Defaults
   * to the one that helps on earlier windows, if any.
   */
  readonly pools?: readonly string[];
  /** Periods after which a row weighs half; defaults to no fading. */
  readonly half_life?: number;
  /** Holidays and events of the calendar, as `holidays` of the regressions has them; none by default. */
  readonly holidays?: HolidayOptions;
  /** Rows to learn from at most, drawn evenly; defaults to 150,000. */
  readonly rows?: number;
  /** How many settings of transform and trees are tried on earlier windows; defaults to 6. 1 takes the first. */
  readonly trials?: number;
  /** Recipes whose mean is forecast at most, 1 or 2; defaults to 2, the second only where it helps on earlier windows. */
  readonly opinions?: number;
  /** Probabilities of the quantiles that are learned; empty for none: spreads then come from errors alone. */
  readonly quantiles?: readonly number[];
  /** Options of the trees; what is given here is not searched. */
  readonly trees?: Pick<
    TreeOptions,
    | 'rounds'
    | 'learning_rate'
    | 'leaves'
    | 'min_child_samples'
    | 'lambda_l2'
    | 'row_share'
    | 'feature_share'
    | 'bins'
  >;
}

export interface BoostedSettings {
  readonly loss: Loss | undefined;
  readonly transform: Transform | undefined;
  readonly strategy: Strategy | undefined;
  readonly pools: readonly string[] | undefined;
  readonly half_life: number;
  readonly holidays: HolidayOptions | undefined;
  readonly rows: number;
  readonly trials: number;
  readonly opinions: number;
  readonly quantiles: readonly number[];
  readonly trees: NonNullable<BoostedOptions['trees']>;
}

const OPTIONS = [
  'loss',
  'transform',
  'strategy',
  'pools',
  'half_life',
  'holidays',
  'rows',
  'trials',
  'opinions',
  'quantiles',
  'trees',
];

function choice<T extends string>(what: string, value: T, among: readonly T[]): void {
  if (!among.includes(value))
    throw new UsageError(`boosted: ${what} is "${value}".${didYouMean(value, among)}`);
}

/** The options with their defaults; throws a UsageError for unknown or impossible ones. */
export function boostedSettings(options: BoostedOptions): BoostedSettings {
  refuseUnknownOptions('boosted', options, OPTIONS);
  const {
    loss,
    transform,
    strategy,
    pools,
    half_life = Infinity,
    holidays,
    rows = 150_000,
    trials = 6,
    opinions = 2,
    quantiles = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975],
    trees = {},
  } = options;
  if (loss !== undefined) choice('loss', loss, LOSSES);
  if (transform !== undefined) choice('transform', transform, TRANSFORMS);
  if (strategy !== undefined) choice('strategy', strategy, STRATEGIES);
  if (!(half_life > 0)) throw new UsageError(`boosted: half_life is ${half_life}; give periods above 0.`);
  if (!(Number.isInteger(rows) && rows >= 100))
    throw new UsageError(`boosted: rows is ${rows}; give a whole number, 100 or more.`);
  if (!(Number.isInteger(trials) && trials >= 1))
    throw new UsageError(`boosted: trials is ${trials}; give a whole number, 1 or more.`);
  if (opinions !== 1 && opinions !== 2)
    throw new UsageError(`boosted: opinions is ${opinions}; give 1 or 2.`);
  if (quantiles.some((p, k) => !(p > 0 && p < 1) || p <= (quantiles[k - 1] ?? 0)))
    throw new UsageError(
      `boosted: quantiles are ${quantiles.join(', ')}; give probabilities between 0 and 1, ascending.`,
    );
  if (holidays) checkHolidays(holidays);
  return { loss, transform, strategy, pools, half_life, holidays, rows, trials, opinions, quantiles, trees };
}
