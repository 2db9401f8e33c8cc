// The assessment of a panel: a pilot learns, and the other series follow it block by block, within a budget.
import { type Checkpoint, resumed, within } from '../core/checkpoint.ts';
import type { Executor, MapOptions } from '../core/executor.ts';
import { lengthOf, type Panel, selectSeries } from '../core/panel.ts';
import type { Backtest, Tracks } from '../evaluate/backtest.ts';
import { bytesPerSeries, LONG, tryingCosts } from '../evaluate/cost.ts';
import { track } from '../evaluate/global-backtest.ts';
import { follow, type Group, type Lesson, learn, type Narrowing, type Question } from './assessment.ts';
import { type Blend, membersOf } from './blend.ts';
import type { Calibration } from './conformal.ts';
import { type Effort, effortOf } from './effort.ts';
import { allocateFindings, type Findings, placeFindings } from './findings.ts';
import type { GlobalPlan } from './global-candidates.ts';
import type { NetworkPlan } from './network-candidate.ts';
import { payable, planWork, type Shortlist, shortlists, type Workload } from './work-plan.ts';

export interface PanelQuestion extends Question {
  /** The segment of each series. */
  readonly segments: readonly string[];
  /** Whether model j is tried on series i, at i · models.length + j. */
  readonly eligible: Uint8Array;
  /** How many of the models, from the first on, may be chosen; the others run along for comparison. */
  readonly choosable: number;
  /** The model that everything is compared with; it is always tried. */
  readonly baseline: string;
  /** Nominal seconds of CPU time; Infinity for no limit. */
  readonly budget: number;
  /** How models of the whole panel are tried within it. */
  readonly globals: GlobalPlan;
  /** Whether a network joined the pool of `auto`, or why not; absent where the pool is not asked for. */
  readonly network?: NetworkPlan;
}

export interface PanelAssessment {
  readonly findings: Findings;
  readonly blend: Blend;
  readonly calibration: Calibration;
  readonly effort: Effort;
  /** The forecasts behind the findings; absent where there were blocks, or where they came from a checkpoint. */
  readonly backtest?: Backtest;
}

/** What the pilot hands on; plain data. */
interface Pilot {
  readonly lesson: Lesson;
  readonly findings: Findings;
  readonly shortlists: readonly Shortlist[] | undefined;
}

/** Assesses all series. Where that takes long, finished pieces are kept in the checkpoint. */
export async function assessPanel(
  panel: Panel,
  question: PanelQuestion,
  executor: Executor,
  { onProgress, signal }: MapOptions = {},
  checkpoint?: Checkpoint,
): Promise<PanelAssessment> {
  const { models, plan, segments, eligible, choosable, baseline, budget, globals, network } = question;
  const [n, M] = [panel.ids.length, models.length];
  const load: Workload = {
    segments,
    lengths: Int32Array.from(segments, (_, i) => lengthOf(panel, i)),
    candidates: M,
    eligible: eligible.map((yes, at) => (globals.dropped.includes(at % M) ? 0 : yes)),
    costs: tryingCosts(panel, models, plan),
    budget: 1000 * budget - globals.cost,
    bytesPerSeries: bytesPerSeries(M, plan),
    baseline: models.findIndex(({ model }) => model === baseline),
  };
  const work = planWork(load);
  const keeper = work.blocks.length > 0 || work.fullCost + globals.cost > LONG ? checkpoint : undefined;
  // They go on beside the series: a fit to the whole panel keeps one thread busy for long.
  const tracks: Tracks['tracks'] = globals.specs.map((spec, j) => {
    const { seed, support } = question;
    return (
      spec &&
      resumed(keeper, `track-${j}`, () =>
        track(panel, spec, { plan, seed, support }, executor, {
          onProgress,
          signal,
          checkpoint: within(keeper, `track-${j}`),
        }),
      )
    );
  });

  const mayChoose = (marks: Uint8Array): Uint8Array => marks.map((yes, at) => (at % M < choosable ? yes : 0));
  const groupOf = (series: Int32Array, allowed: (segment: string, j: number) => boolean): Group => {
    const own = Array.from(series, (i) => segments[i]!);
    const tried = Uint8Array.from({ length: series.length * M }, (_, at) => {
      const k = Math.floor(at / M);
      return load.eligible[series[k]! * M + (at % M)] === 1 && allowed(own[k]!, at % M) ? 1 : 0;
    });
    return {
      panel: selectSeries(panel, series),
      segments: own,
      eligible: tried,
      choosable: mayChoose(tried),
      global: { tracks, places: series },
    };
  };
  let done = 0;
  const mapOptions = (): MapOptions => {
    const before = done;
    return {
      signal,
      onProgress: onProgress && ((own) => onProgress({ ...own, done: before + own.done, total: n })),
    };
  };

  let tested: Backtest | undefined;
  const assessPilot = async (): Promise<Pilot> => {
    const group = groupOf(work.pilot, (_, j) => !work.dropped.includes(j));
    let lists: Shortlist[] | undefined;
    const narrowing: Narrowing = {
      before: payable(load, work, group.choosable),
      after: (weights) => {
        lists = shortlists(load, work, weights, group.choosable);
        const listed = new Map(lists.map((list) => [list.segment, list.models]));
        return group.choosable.map(
          (yes, at) => yes & listed.get(group.segments[Math.floor(at / M)]!)![at % M]!,
        );
      },
    };
    const few = work.blocks.length > 0;
    const learned = await learn(group, question, executor, mapOptions(), few ? narrowing : undefined);
    if (!few) tested = learned.backtest;
    return { lesson: learned.lesson, findings: learned.findings, shortlists: lists };
  };
  const [pilot] = await Promise.all([resumed(keeper, 'pilot', assessPilot), ...tracks]);
  done += work.pilot.length;

  const listed = new Map(pilot.shortlists?.map((list) => [list.segment, list.models]));
  const isWanted = (j: number): boolean =>
    !pilot.shortlists || [...listed.values()].some((marks) => marks[j] === 1);
  const findings = allocateFindings(n, plan.h, models, isWanted);
  placeFindings(findings, pilot.findings, work.pilot);
  for (const [k, block] of work.blocks.entries()) {
    const own = await resumed<Findings>(keeper, `block-${k}`, () => {
      const group = groupOf(
        block,
        (segment, j) => listed.get(segment)![j] === 1 && !work.dropped.includes(j),
      );
      return follow(group, question, pilot.lesson, executor, mapOptions());
    });
    placeFindings(findings, own, block);
    done += block.length;
    onProgress?.({ stage: 'backtest', done, total: n });
  }

  const { blends, after } = pilot.lesson;
  const counts = new Map(membersOf(segments).map(([segment, series]) => [segment, series.length]));
  const summary = blends.forecast.segments.map((own) => ({ ...own, series: counts.get(own.segment)! }));
  return {
    findings,
    blend: { models, weights: findings.weights, segments: summary },
    calibration: {
      ...after,
      segment: Uint16Array.from(segments, (name) => after.segments.indexOf(name)),
      factor: findings.factor,
      proven: findings.trial.sd,
    },
    effort: effortOf(load, work, models, pilot.shortlists, globals, network),
    ...(tested ? { backtest: tested } : {}),
  };
}
