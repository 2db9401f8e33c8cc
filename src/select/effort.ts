// The effort: what was tried on how many series, and why not everything on all of them.
import type { ModelSpec } from '../models/model.ts';
import { specName } from '../models/registry.ts';
import { membersOf } from './blend.ts';
import { familiesOf } from './candidates.ts';
import type { GlobalPlan } from './global-candidates.ts';
import type { NetworkPlan } from './network-candidate.ts';
import type { Shortlist, Workload, WorkPlan } from './work-plan.ts';

export interface SegmentEffort {
  readonly segment: string;
  readonly series: number;
  /** Series on which all of `tried` were tried. */
  readonly pilot: number;
  readonly tried: readonly string[];
  /** Models that were tried on the other series. */
  readonly shortlist: readonly string[];
}

/** Plain data. Times are nominal seconds of CPU time: the same on every machine. */
export interface Effort {
  /** What trying every model on every series would take. */
  readonly wanted: number;
  readonly budget: number;
  /** Whether all was tried on all. */
  readonly whole: boolean;
  /** Models left out: no kind of series could pay for them on all of its series, or not even the pilot could. */
  readonly dropped: readonly string[];
  readonly segments: readonly SegmentEffort[];
  /** The families of models that `auto` weighed, each once; absent where models were named without it. */
  readonly families?: readonly string[];
  /** A clause that says why no network is among them; absent where one is. */
  readonly unweighed?: string;
}

/** What `auto` weighed, in a sentence; nothing where models were named without it. */
export function weighedSentences({ families, unweighed }: Pick<Effort, 'families' | 'unweighed'>): string[] {
  if (!families) return [];
  const list = [families.slice(0, -1).join(', '), ...families.slice(-1)].filter(Boolean).join(' and ');
  return [`Weighed by backtest: ${list}${unweighed === undefined ? '' : `; no network, as ${unweighed}`}.`];
}

export function effortOf(
  load: Workload,
  work: WorkPlan,
  models: readonly ModelSpec[],
  shortlists: readonly Shortlist[] | undefined,
  globals: GlobalPlan,
  network: NetworkPlan | undefined,
): Effort {
  const { segments, eligible } = load;
  const M = models.length;
  const names = (may: (j: number) => boolean): string[] => models.filter((_, j) => may(j)).map(specName);
  const isTried = (j: number): boolean =>
    !work.dropped.includes(j) && segments.some((_, i) => eligible[i * M + j] === 1);
  const pilots = new Map(membersOf(Array.from(work.pilot, (i) => segments[i]!)));
  return {
    wanted: (work.fullCost + globals.cost) / 1000,
    budget: (load.budget + globals.cost) / 1000,
    whole: work.affordable && work.blocks.length === 0 && globals.dropped.length === 0,
    dropped: names((j) => work.dropped.includes(j) || globals.dropped.includes(j)),
    ...(network ? { families: familiesOf(models.filter((_, j) => isTried(j))) } : {}),
    ...(network?.why === undefined ? {} : { unweighed: network.why }),
    segments: membersOf(segments).map(([segment, series]) => {
      const tried = names((j) => eligible[series[0]! * M + j] === 1 && !work.dropped.includes(j));
      const list = shortlists?.find((own) => own.segment === segment);
      return {
        segment,
        series: series.length,
        pilot: pilots.get(segment)?.length ?? 0,
        tried,
        shortlist: list ? names((j) => list.models[j] === 1) : tried,
      };
    }),
  };
}
