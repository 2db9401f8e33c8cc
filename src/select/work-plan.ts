// The plan of work within a budget: the pilot, on which everything is tried, and what is tried on the other series.
import { membersOf } from './blend.ts';

/** What trying all candidates on all series would take. */
export interface Workload {
  /** The segment of each series. */
  readonly segments: readonly string[];
  /** Cells of each series. */
  readonly lengths: ArrayLike<number>;
  /** Candidates; the figures of candidate j for series i are at i · candidates + j. */
  readonly candidates: number;
  /** Whether a candidate is to be tried on a series. */
  readonly eligible: Uint8Array;
  /** Nominal milliseconds of trying it. */
  readonly costs: Float64Array;
  /** Nominal milliseconds that may be spent in all; Infinity for no limit. */
  readonly budget: number;
  /** Memory that a series takes while it is tried. */
  readonly bytesPerSeries: number;
  /** The candidate that everything is compared with: it is always tried. */
  readonly baseline: number;
}

export interface WorkPlan {
  /** The series on which all candidates are tried, ascending: all of them where budget and memory allow. */
  readonly pilot: Int32Array;
  /** The other series, ascending, in blocks of bounded memory. */
  readonly blocks: readonly Int32Array[];
  /** Candidates that are too costly even for the pilot. */
  readonly dropped: readonly number[];
  /** Whether all candidates can be tried on all series within the budget. */
  readonly affordable: boolean;
  /** Nominal milliseconds of trying all on all, and all on the pilot. */
  readonly fullCost: number;
  readonly pilotCost: number;
}

/** Memory for what is at work at one time: the pilot, and a block. */
const PILOT_BYTES = 1e9;
const BLOCK_BYTES = 2.5e8;
/** What is lost where work is cut short is a block: about a twentieth, but not so few that threads wait for each other. */
const BLOCKS = 20;
const BLOCK_SERIES = [250, 5000] as const;
/**
 * Series of a segment in the pilot, the most that fit being taken. Weights and quantiles settle before the first;
 * with fewer than the last they would be luck.
 */
const PILOT_SIZES = [2000, 1500, 1000, 700, 500, 350, 250, 150, 100, 60];
/** The share of the budget that the pilot may take. */
const PILOT_SHARE = 1 / 3;
/** A blend of one is no blend. */
const LEAST_MODELS = 2;

/** So many series of each segment, spread evenly over short and long ones and over the order of the panel. */
function sample({ segments, lengths }: Workload, size: number): Int32Array {
  const chosen = membersOf(segments).flatMap(([, series]) => {
    if (series.length <= size) return series;
    const byLength = series.toSorted((a, b) => lengths[a]! - lengths[b]! || a - b);
    return Array.from({ length: size }, (_, k) => byLength[Math.floor(((k + 0.5) * series.length) / size)]!);
  });
  return Int32Array.from(chosen).sort();
}

/** The cost of each candidate over the given series. */
function costOf({ candidates: M, eligible, costs }: Workload, series: Iterable<number>): Float64Array {
  const total = new Float64Array(M);
  for (const i of series) {
    for (let j = 0; j < M; j++) if (eligible[i * M + j] === 1) total[j]! += costs[i * M + j]!;
  }
  return total;
}

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

/**
 * Candidates that no segment could pay for on all of its series, were its whole part of the budget theirs. Nothing that the pilot
 * learns of them could be used, and what it spends on them it lacks in series: too few leave its weights to luck.
 */
function beyondMeans(load: Workload): number[] {
  const { segments, candidates: M, budget, baseline } = load;
  const all = segments.map((_, i) => i);
  const full = sum(costOf(load, all));
  if (full <= budget) return [];
  const groups = membersOf(segments).map(([, series]) => costOf(load, series));
  const isBeyond = (j: number): boolean =>
    groups.every((costs) => costs[j] === 0 || costs[j]! > budget * (sum(costs) / full));
  return Array.from({ length: M }, (_, j) => j).filter(
    (j) => j !== baseline && groups.some((costs) => costs[j]! > 0) && isBeyond(j),
  );
}

/** Plans the work so that it keeps to the budget and to bounded memory. */
export function planWork(load: Workload): WorkPlan {
  const { segments, budget, bytesPerSeries, baseline } = load;
  const n = segments.length;
  const all = Int32Array.from(segments, (_, i) => i);
  const fullCost = sum(costOf(load, all));
  const affordable = fullCost <= budget;
  if (affordable && n * bytesPerSeries <= PILOT_BYTES) {
    return { pilot: all, blocks: [], dropped: [], affordable, fullCost, pilotCost: fullCost };
  }

  // A few models that nobody could afford must not cost all others their trial on every series.
  const own = costOf(load, all);
  const overpriced = Array.from(own.keys()).filter((j) => j !== baseline && own[j]! > budget);
  const others = overpriced.reduce((rest, j) => rest - own[j]!, fullCost);
  if (overpriced.length > 0 && others <= budget && n * bytesPerSeries <= PILOT_BYTES) {
    return { pilot: all, blocks: [], dropped: overpriced, affordable, fullCost, pilotCost: others };
  }

  const share = budget * PILOT_SHARE;
  const useless = beyondMeans(load);
  let pilot: Int32Array = all;
  let each: Float64Array = new Float64Array(0);
  for (const size of PILOT_SIZES) {
    pilot = sample(load, size);
    each = costOf(load, pilot).map((cost, j) => (useless.includes(j) ? 0 : cost));
    if (sum(each) <= share && pilot.length * bytesPerSeries <= PILOT_BYTES) break;
  }
  const dropped = [...useless];
  const costliest = Array.from(each.keys())
    .filter((j) => j !== baseline && each[j]! > 0)
    .sort((a, b) => each[b]! - each[a]! || b - a);
  while (sum(each) > share && costliest.length >= LEAST_MODELS) {
    const j = costliest.shift()!;
    each[j] = 0;
    dropped.push(j);
  }

  const inPilot = new Set(pilot);
  const rest = all.filter((i) => !inPilot.has(i));
  const [least, most] = BLOCK_SERIES;
  const room = Math.max(1, Math.floor(BLOCK_BYTES / bytesPerSeries));
  const size = Math.min(room, most, Math.max(least, Math.ceil(rest.length / BLOCKS)));
  const blocks: Int32Array[] = [];
  for (let from = 0; from < rest.length; from += size) blocks.push(rest.slice(from, from + size));
  return { pilot, blocks, dropped, affordable, fullCost, pilotCost: sum(each) };
}

/** Which candidates are tried on the series of a segment outside the pilot: 1 for yes, one a candidate. */
export interface Shortlist {
  readonly segment: string;
  readonly models: Uint8Array;
}

/** What each segment outside the pilot has: its series, and the nominal milliseconds that are left for them. */
interface Share {
  readonly segment: string;
  readonly series: readonly number[];
  readonly costs: Float64Array;
  readonly left: number;
}

/** Divides what the pilot leaves of the budget: a segment's share is its share of the work. */
function sharesOf(load: Workload, { blocks, pilotCost }: WorkPlan): Map<string, Share> {
  const rest = blocks.flatMap((block) => Array.from(block));
  const fullRest = sum(costOf(load, rest));
  const groups = new Map<string, number[]>();
  for (const i of rest) {
    const list = groups.get(load.segments[i]!);
    if (list) list.push(i);
    else groups.set(load.segments[i]!, [i]);
  }
  return new Map(
    Array.from(groups, ([segment, series]) => {
      const costs = costOf(load, series);
      const left = Math.max(0, load.budget - pilotCost) * (sum(costs) / fullRest);
      return [segment, { segment, series, costs, left }];
    }),
  );
}

/**
 * Marks which candidates may be tried on the pilot's series with a view to the others: those that a segment could pay for
 * on all of its series beside the baseline. A weight that only a costly candidate earns would be lost when it is left out.
 */
export function payable(load: Workload, work: WorkPlan, choosable: Uint8Array): Uint8Array {
  const { segments, candidates: M, baseline } = load;
  if (work.affordable) return choosable;
  const shares = sharesOf(load, work);
  return choosable.map((yes, at) => {
    const share = shares.get(segments[work.pilot[Math.floor(at / M)]!]!);
    const j = at % M;
    return yes === 1 && (!share || share.costs[baseline]! + share.costs[j]! <= share.left) ? 1 : 0;
  });
}

/**
 * Shortlists, for each segment, the candidates that proved useful on the pilot, the weightiest first, as far as what
 * is left of the budget goes; the baseline always, and never fewer than two.
 *
 * `weights` and `choosable`, what may be chosen, are those of the pilot's series.
 */
export function shortlists(
  load: Workload,
  work: WorkPlan,
  weights: Float64Array,
  choosable: Uint8Array,
): Shortlist[] {
  const { segments, candidates: M, eligible, baseline } = load;
  const { pilot, affordable } = work;
  const shares = sharesOf(load, work);
  const pilotOf = new Map(membersOf(Array.from(pilot, (i) => segments[i]!)));
  return [...pilotOf].map(([segment, rows]) => {
    const first = rows[0]! * M;
    const tried = eligible.slice(pilot[rows[0]!]! * M, (pilot[rows[0]!]! + 1) * M);
    const share = shares.get(segment);
    if (affordable || !share) return { segment, models: tried };
    const { costs, left } = share;
    const weight = new Float64Array(M);
    for (const k of rows) for (let j = 0; j < M; j++) weight[j]! += weights[k * M + j]!;
    const able = Array.from({ length: M }, (_, j) => j).filter((j) => choosable[first + j] === 1);
    const value = (j: number): number => weight[j]! / costs[j]!;
    const useful = able.filter((j) => weight[j]! > 0).sort((a, b) => value(b) - value(a) || a - b);
    const cheapest = able.toSorted((a, b) => costs[a]! - costs[b]! || a - b);

    const models = new Uint8Array(M);
    models[baseline] = tried[baseline]!;
    let spent = costs[baseline]!;
    for (const j of useful) {
      if (models[j] === 1 || spent + costs[j]! > left) continue;
      models[j] = 1;
      spent += costs[j]!;
    }
    for (const j of cheapest) {
      if (able.filter((k) => models[k] === 1).length >= LEAST_MODELS) break;
      models[j] = 1;
    }
    return { segment, models };
  });
}
