// The whole way on one page: observations → panel → backtest → blend → calibration → scores → forecast.
import { type Checkpoint, resumed, within } from './core/checkpoint.ts';
import { bounds } from './core/distribution.ts';
import { refuseUnknownOptions, UsageError } from './core/errors.ts';
import type { Executor, MapOptions } from './core/executor.ts';
import type { Observations } from './core/observations.ts';
import { lengthOf, type Panel } from './core/panel.ts';
import type { ProgressListener } from './core/progress.ts';
import type { Support } from './core/support.ts';
import type { Backtest } from './evaluate/backtest.ts';
import { LONG } from './evaluate/cost.ts';
import { BASELINE, type Contender, scoreTable } from './evaluate/score-table.ts';
import type { ScoreRow } from './evaluate/scores.ts';
import { TALLY_PROBABILITIES } from './evaluate/tally.ts';
import { historyBeforeReported } from './evaluate/windows.ts';
import { forecastPanel } from './forecast/forecast-part.ts';
import type { ForecastTable } from './forecast/forecast-table.ts';
import { forecastGlobally, type GlobalFit, type GlobalForecasts } from './forecast/global-forecast.ts';
import { requireHistory, requireKnownFuture } from './forecast/requirements.ts';
import type { FittedBlend } from './models/fitted-blend.ts';
import type { ModelSpec } from './models/model.ts';
import { createModel, specName } from './models/registry.ts';
import type { Prepared } from './prepare/preparation.ts';
import { type PrepareOptions, prepare } from './prepare/prepare.ts';
import { segments as segmentsOf } from './prepare/segments.ts';
import { inline } from './run/inline.ts';
import type { Blend } from './select/blend.ts';
import { defaultCandidates, eligibility, NETWORK } from './select/candidates.ts';
import type { Calibration } from './select/conformal.ts';
import { type Effort, weighedSentences } from './select/effort.ts';
import type { Findings } from './select/findings.ts';
import { planGlobals, withGlobal } from './select/global-candidates.ts';
import { type NetworkPlan, planNetwork } from './select/network-candidate.ts';
import { assessPanel, type PanelQuestion } from './select/panel-assessment.ts';
import type { Trial } from './select/trial.ts';

export interface ForecastOptions {
  /** Periods to forecast, 1 or more. */
  readonly h: number;
  /** Interval levels in percent; defaults to [80, 95]. */
  readonly level?: readonly number[];
  /** The models to weigh, by name or spec; `auto`, the default, is the whole pool. One model alone is used as it is. */
  readonly models?: readonly (string | ModelSpec)[];
  /** Periods in one season; defaults to the frequency's: 7 for days, 52 for weeks, 12 for months. */
  readonly season_length?: number;
  /** Backtest windows, the reported one included; defaults to 4. */
  readonly windows?: number;
  /** Periods between the cutoffs of earlier windows; defaults to half the horizon. */
  readonly step?: number;
  /**
   * Seconds of nominal CPU time for choosing, all threads together; defaults to 150, or to 5 a thousand series where that
   * is more, and to no limit for models that were named. What does not fit is tried on a sample, and only what proved useful there on the other series.
   * More than that lets a network in, for up to a third of what is more.
   */
  readonly budget?: number;
  /** Limits of the target; by default series that were never negative stay so. */
  readonly support?: Support;
  /** Defaults to 1. */
  readonly seed?: number;
  /** Where the work runs; defaults to the calling thread. */
  readonly executor?: Executor;
  /** Whether to return the fitted models, so that a run can be forecast again; defaults to false. */
  readonly keep?: boolean;
  /** Where finished pieces of long work are kept, so that it can be taken up again; defaults to nowhere. */
  readonly checkpoint?: Checkpoint;
  readonly prepare?: PrepareOptions;
  readonly onProgress?: ProgressListener;
  readonly signal?: AbortSignal;
}

const OPTIONS = [
  'h',
  'level',
  'models',
  'season_length',
  'windows',
  'step',
  'budget',
  'support',
  'seed',
  'executor',
  'keep',
  'checkpoint',
  'prepare',
  'onProgress',
  'signal',
] as const satisfies readonly (keyof ForecastOptions)[];

/** What was learned of a panel: which models serve it, how far they can be trusted, and how good they were. */
export interface Evaluation {
  /** The segment of each series: its kind of demand. */
  readonly segments: readonly string[];
  readonly season_length: number;
  readonly blend: Blend;
  /** For the forecast: learned from every window, the reported one included. */
  readonly calibration: Calibration;
  /** In-sample error scale, one a series. */
  readonly scale: Float64Array;
  /** Scores on the reported window, which neither blend nor intervals had seen; `auto` is what is used. */
  readonly scores: readonly ScoreRow[];
  readonly trial: Trial;
  /** What was tried on how many series, and why not all on all. */
  readonly effort: Effort;
  /** Errors by series, for scores by other groups. */
  readonly errors: Errors;
  /** The forecasts behind the scores; absent where the panel was worked in blocks. */
  readonly backtest?: Backtest;
}

/** Sums of errors of `auto` and of each model that was tried on all series of a segment. */
export interface Errors {
  readonly windows: number;
  /** On the reported window. */
  readonly reported: readonly Contender[];
  /** On all windows, from the earlier ones of which `auto` was chosen. */
  readonly everywhere: readonly Contender[];
  readonly scale: Float64Array;
  readonly rootScale: Float64Array;
}

export interface Outcome extends Prepared, Omit<Evaluation, 'backtest' | 'errors'> {
  readonly forecast: ForecastTable;
  /** The fitted models, one blend a series; empty unless `keep` was asked for. */
  readonly fitted: readonly FittedBlend[];
  /** The models of the whole panel that have a part in it, fitted. */
  readonly global: readonly GlobalFit[];
}

/** Nominal seconds that are spent on choosing where nobody said how many: less than a minute of two threads, or minutes. */
const usualBudget = (series: number): number => Math.max(150, series / 200);

/** The probabilities a forecast is made at: the deciles and the bounds of the wanted levels. */
function probabilitiesFor(level: readonly number[]): number[] {
  const wanted = [...TALLY_PROBABILITIES, ...level.flatMap(bounds)].map((p) => Math.round(p * 1e9) / 1e9);
  return [...new Set(wanted)].sort((a, b) => a - b);
}

/** Whether a name stands for the default pool. */
const isPool = (spec: string | ModelSpec): boolean => spec === 'auto' || (spec as ModelSpec).model === 'auto';

/** The models that were named, `auto` being all of the default pool that are not named beside it; the pool where none are. */
function modelsOf(panel: Panel, season_length: number, named: ForecastOptions['models']): ModelSpec[] {
  const own =
    named?.filter((spec) => !isPool(spec)).map((m) => (typeof m === 'string' ? { model: m } : m)) ?? [];
  if (named && own.length === named.length) return own;
  const pool = defaultCandidates(season_length, panel);
  return [...pool.filter(({ model }) => own.every((spec) => spec.model !== model)), ...own];
}

function checked(
  { ids }: Panel,
  options: ForecastOptions,
): Required<Pick<ForecastOptions, 'h' | 'level' | 'seed' | 'support' | 'budget'>> {
  refuseUnknownOptions('forecast', options, OPTIONS);
  const { h, level = [80, 95], seed = 1, support = {} } = options;
  const isNamed = options.models !== undefined && !options.models.some(isPool);
  const { budget = isNamed ? Infinity : usualBudget(ids.length) } = options;
  if (!Number.isInteger(h) || h < 1)
    throw new UsageError(`h is ${h}; give a whole number of periods, 1 or more.`);
  for (const l of level) {
    if (!(l > 0 && l < 100))
      throw new UsageError(`level ${l} is not between 0 and 100; give percents such as 80.`);
  }
  if (!(budget > 0)) throw new UsageError(`budget is ${budget}; give seconds above 0, such as 100.`);
  return { h, level: [...level].sort((a, b) => a - b), seed, support, budget };
}

/** What is asked of a panel: the models, the windows, and how much of it the budget pays for. */
async function ask(panel: Panel, options: ForecastOptions): Promise<PanelQuestion> {
  const { h, level, seed, support, budget } = checked(panel, options);
  requireHistory(panel, h);
  const season_length = options.season_length ?? panel.freq.seasons[0]!;
  const pooled = options.models?.some(isPool) ?? true;
  const models = modelsOf(panel, season_length, options.models);
  // Everything is compared with the seasonal naive, so it always runs along.
  const tried = models.some((m) => m.model === BASELINE) ? models : [...models, { model: BASELINE }];
  tried.forEach(createModel);

  // Even the kind of demand is judged without the cells that will be reported on.
  const segments = segmentsOf(panel, { hidden: h });
  const { windows = 4, step = Math.max(1, Math.floor(h / 2)) } = options;
  const plan = { h, windows, step, season_length };
  // What is named beside auto is wanted whatever it costs, unless a budget is given too.
  const asked = (spec: ModelSpec): boolean =>
    pooled &&
    options.budget === undefined &&
    (options.models?.some((m) => (typeof m === 'string' ? m : m.model) === spec.model) ?? false);
  const globals = planGlobals(panel, tried, plan, 1000 * budget, asked);
  const histories = panel.ids.map((_, i) => historyBeforeReported(lengthOf(panel, i), plan));
  const eligibleOf = (models: readonly ModelSpec[]): Uint8Array =>
    eligibility(models, { segments, histories, season_length }, !pooled);
  const company = { plan, segments, models: tried, eligible: eligibleOf(tried), globals: globals.cost };
  const means = {
    budget: 1000 * budget + globals.granted,
    usual: 1000 * usualBudget(panel.ids.length) + globals.granted,
  };
  const isNetworkNamed = models.some(({ model }) => model === NETWORK.spec.model);
  const network: NetworkPlan = pooled && !isNetworkNamed ? await planNetwork(panel, company, means) : {};
  const joined = network.effort ? [NETWORK.spec] : [];
  const all = [...tried, ...joined];
  return {
    models: all,
    plan,
    seed,
    support,
    probabilities: probabilitiesFor(level),
    segments,
    eligible: eligibleOf(all),
    // A model that only runs along for comparison is tried but never chosen.
    choosable: models.length + joined.length,
    baseline: BASELINE,
    budget: budget + globals.granted / 1000,
    globals: network.effort ? withGlobal(globals, NETWORK.spec, network.effort) : globals,
    ...(pooled ? { network } : {}),
  };
}

/** Where pieces are kept: those of work with a network that joined apart, since its runtime may be installed or removed in between. */
const keeperOf = (
  { network }: PanelQuestion,
  { checkpoint }: Pick<ForecastOptions, 'checkpoint'>,
): Checkpoint | undefined => (network?.effort ? within(checkpoint, 'network') : checkpoint);

/**
 * Backtests the models, chooses the blend, calibrates its intervals, and scores it on a window it has not seen:
 * on a pilot first, which is the whole panel where budget and memory allow, then block by block on other series.
 */
async function assess(
  panel: Panel,
  question: PanelQuestion,
  options: ForecastOptions,
  executor: Executor,
): Promise<Evaluation> {
  const { segments, plan, models: tried } = question;
  const { findings, backtest, ...assessment } = await assessPanel(
    panel,
    question,
    executor,
    progressOf(options),
    keeperOf(question, options),
  );

  const { trial, scale, rootScale, reported, everywhere } = findings;
  const contenders = (tallies: Findings['reported']): Contender[] =>
    tried.flatMap((spec, j) => (tallies[j] ? [{ model: specName(spec), tallies: tallies[j] }] : []));
  const errors: Errors = {
    windows: plan.windows,
    reported: [{ model: 'auto', tallies: trial.tallies }, ...contenders(reported)],
    everywhere: contenders(everywhere),
    scale,
    rootScale,
  };
  const scores = scoreTable(errors.reported, segments, errors);
  return {
    ...assessment,
    segments,
    season_length: plan.season_length,
    scale,
    scores,
    trial,
    errors,
    ...(backtest ? { backtest } : {}),
  };
}

const progressOf = ({ onProgress, signal }: ForecastOptions): MapOptions => ({ onProgress, signal });

/** Evaluates the models on a panel, without a forecast of what comes. */
export async function evaluate(panel: Panel, options: ForecastOptions): Promise<Evaluation> {
  return assess(panel, await ask(panel, options), options, options.executor ?? inline());
}

/** Fits the models of the whole panel to all of it. */
function foreseeAll(
  panel: Panel,
  question: PanelQuestion,
  options: ForecastOptions,
  executor: Executor,
): Promise<GlobalForecasts> {
  const {
    globals,
    plan: { h, season_length },
    seed,
  } = question;
  const { signal, onProgress } = options;
  const keeper = globals.cost > LONG ? keeperOf(question, options) : undefined;
  return resumed(keeper, 'foresee', () =>
    forecastGlobally(panel, { specs: globals.specs, h, season_length, seed }, executor, {
      signal,
      onPart: onProgress,
      checkpoint: within(keeper, 'foresee'),
    }),
  );
}

/** Forecasts a prepared panel: evaluates, fits the chosen blend to all of each series, and looks ahead. */
export async function forecastPrepared(prepared: Prepared, options: ForecastOptions): Promise<Outcome> {
  const { panel } = prepared;
  const { h, level } = checked(panel, options);
  requireKnownFuture(panel, h);
  const executor = options.executor ?? inline();
  const question = await ask(panel, options);
  // The long fits of the forecast wait for nothing that is chosen, so they share the threads with the backtest.
  const [{ backtest: _, errors: __, ...evaluation }, foreseen] = await Promise.all([
    assess(panel, question, options, executor),
    foreseeAll(panel, question, options, executor),
  ]);
  const { blend, calibration, scale, season_length } = evaluation;
  const { models, weights } = blend;
  const { table, fitted } = await forecastPanel(
    panel,
    {
      models,
      weights,
      h,
      season_length,
      seed: question.seed,
      support: question.support,
      calibration,
      scale,
      shares: foreseen.map((own) => own?.shares),
      keep: options.keep ?? false,
    },
    level,
    executor,
    progressOf(options),
    keeperOf(question, options),
  );
  const global = foreseen.flatMap((own, j): GlobalFit[] =>
    own && weights.some((weight, at) => at % models.length === j && weight > 0)
      ? [{ spec: models[j]!, state: own.state }]
      : [],
  );
  const remarks = foreseen.flatMap((own) => own?.remarks ?? []);
  const notes = [...new Set([...prepared.notes, ...remarks, ...weighedSentences(evaluation.effort)])];
  return { ...prepared, ...evaluation, notes, forecast: table, fitted, global };
}

/** From rows to a forecast: prepares the observations and forecasts the panel that results. */
export async function forecastObservations(
  observations: Observations,
  options: ForecastOptions,
): Promise<Outcome> {
  return forecastPrepared(prepare(observations, options.prepare), options);
}
