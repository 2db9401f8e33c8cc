// The assessment of a group of series: backtest, weights, rehearsal, calibration and trial, in the order of the way.
// A group either learns what series share from itself, or follows what another has learned.
import type { Executor, MapOptions } from '../core/executor.ts';
import type { Panel } from '../core/panel.ts';
import type { Support } from '../core/support.ts';
import { type Backtest, backtest, type Tracks } from '../evaluate/backtest.ts';
import { talliesOf } from '../evaluate/score-table.ts';
import { TALLY_PROBABILITIES } from '../evaluate/tally.ts';
import type { WindowPlan } from '../evaluate/windows.ts';
import type { ModelSpec } from '../models/model.ts';
import type { SegmentBlend } from './blend.ts';
import { calibrateSeries, type PooledCalibration, poolErrors } from './conformal.ts';
import type { Findings } from './findings.ts';
import { type Blends, earlierWindows, learnBlends, rehearse, type WeighedRehearsal } from './rehearsal.ts';
import { tryOut } from './trial.ts';

/** What is asked of every series. */
export interface Question {
  readonly models: readonly ModelSpec[];
  readonly plan: Required<WindowPlan>;
  readonly seed: number;
  readonly support: Support;
  /** The probabilities at which the forecast is wanted. */
  readonly probabilities: readonly number[];
}

/** Series that are worked on together; what is tried and chosen is series-major, 1 for yes. */
export interface Group {
  readonly panel: Panel;
  readonly segments: readonly string[];
  readonly eligible: Uint8Array;
  readonly choosable: Uint8Array;
  /** What models of the whole panel forecast of them. */
  readonly global: Tracks;
}

/** What the series of each segment share; plain data. */
export interface Lesson {
  readonly blends: Blends;
  /** From the windows before the reported one, for the trial. */
  readonly before: PooledCalibration;
  /** From all windows, for the forecast. */
  readonly after: PooledCalibration;
}

const tryAll = (group: Group, question: Question, executor: Executor, options: MapOptions) =>
  backtest(group.panel, { ...question, eligible: group.eligible }, executor, options, group.global);

/** Calibrates and tries out what was rehearsed. */
async function find(
  { panel, segments, eligible }: Group,
  { models, support, plan, seed }: Question,
  tested: Backtest,
  rehearsal: WeighedRehearsal,
  { before, after }: Lesson,
  executor: Executor,
  { signal }: MapOptions,
): Promise<Findings> {
  const { scale, rootScale, windows } = tested;
  const earlier = earlierWindows(windows);
  const calibration = calibrateSeries(before, rehearsal, segments, scale, earlier);
  const { season_length } = plan;
  const about = { backtest: tested, rehearsal, calibration, support, season_length, seed };
  const trial = await tryOut(panel, about, executor, { signal });
  const { factor } = calibrateSeries(after, rehearsal, segments, scale, [0, ...earlier]);
  const tallies = (over: readonly number[]): (Float64Array | undefined)[] =>
    models.map((_, j) =>
      eligible.some((yes, at) => yes === 1 && at % models.length === j)
        ? talliesOf(tested, j, over)
        : undefined,
    );
  return {
    weights: rehearsal.weights,
    factor,
    scale,
    rootScale,
    trial,
    reported: tallies([0]),
    everywhere: tallies([0, ...earlier]),
  };
}

/** How a group that others will follow narrows what may be chosen: before weights are known, and by them. */
export interface Narrowing {
  readonly before: Uint8Array;
  after(weights: Float64Array): Uint8Array;
}

/** Assesses a group that learns from itself. Where it narrows what may be chosen, the weights are learned anew. */
export async function learn(
  group: Group,
  question: Question,
  executor: Executor,
  options: MapOptions = {},
  narrowing?: Narrowing,
): Promise<{ lesson: Lesson; findings: Findings; backtest: Backtest }> {
  const { panel, segments } = group;
  const { signal } = options;
  const tested = await tryAll(group, question, executor, options);
  const rehearsed = async (choosable: Uint8Array) => {
    const blends = learnBlends(tested, segments, choosable);
    const about = { backtest: tested, segments, choosable, blends };
    return { blends, rehearsal: await rehearse(panel, about, executor, { signal }) };
  };
  let { blends, rehearsal } = await rehearsed(narrowing?.before ?? group.choosable);
  if (narrowing) ({ blends, rehearsal } = await rehearsed(narrowing.after(rehearsal.weights)));
  const earlier = earlierWindows(tested.windows);
  const pool = (
    windows: readonly number[],
    probabilities: readonly number[],
    by: readonly SegmentBlend[],
  ): PooledCalibration => {
    const untold = by.filter((own) => own.untold).map(({ segment }) => segment);
    return poolErrors(rehearsal, segments, tested.scale, windows, probabilities, untold);
  };
  const lesson: Lesson = {
    blends,
    before: pool(earlier, TALLY_PROBABILITIES, blends.windows[0]!.segments),
    after: pool([0, ...earlier], question.probabilities, blends.forecast.segments),
  };
  const findings = await find(group, question, tested, rehearsal, lesson, executor, options);
  return { lesson, findings, backtest: tested };
}

/** Assesses a group with what another has learned; all its segments must have been there. */
export async function follow(
  group: Group,
  question: Question,
  lesson: Lesson,
  executor: Executor,
  options: MapOptions = {},
): Promise<Findings> {
  const { panel, segments, choosable } = group;
  const tested = await tryAll(group, question, executor, options);
  const about = { backtest: tested, segments, choosable, blends: lesson.blends };
  const rehearsal = await rehearse(panel, about, executor, { signal: options.signal });
  return find(group, question, tested, rehearsal, lesson, executor, options);
}
