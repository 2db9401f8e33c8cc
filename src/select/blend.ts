// Chooses the blend of models for each series: learned over its segment, then leaned towards its own record.
import type { Backtest } from '../evaluate/backtest.ts';
import { countsPieces } from '../models/fitted-blend.ts';
import type { ModelSpec } from '../models/model.ts';
import { specName } from '../models/registry.ts';
import { blendLoss, type Cells, greedyWeights, type Loss } from './greedy.ts';
import { isUntold } from './sight.ts';

export interface SegmentBlend {
  readonly segment: string;
  /** How many series it holds. */
  readonly series: number;
  /** One weight a candidate, summing to 1. */
  readonly weights: Float64Array;
  /** How far a series' own record moves its weights away from the segment's: 0 not at all, 1 wholly. */
  readonly lean: number;
  /** Whether what is forecast with it is the first to know the season twice, so that the windows tell little of it. */
  readonly untold: boolean;
}

export interface Blend {
  readonly models: readonly ModelSpec[];
  /** Series-major: the weight of model j for series i is weights[i · models.length + j]. Rows sum to 1. */
  readonly weights: Float64Array;
  readonly segments: readonly SegmentBlend[];
}

/** A series' own record is trusted this far where too few windows exist to find out. */
const DEFAULT_LEAN = 0.25;
const LEANS = [0, 0.15, 0.3, 0.5, 0.75];
/** Weights below this are dropped: they cost a fit and change nothing. */
const LEAST_WEIGHT = 0.05;
/** A segment's weights settle long before this many series; more would only cost time. */
const SAMPLE = 1000;

/**
 * Where every choice starts, in equal parts, and where it stays unless the record says otherwise: combinations that are
 * hard to beat in forecasting competitions (the first is that of Petropoulos and Svetunkov 2020).
 */
const PRIOR: Readonly<Record<Loss, readonly string[]>> = {
  absolute: ['ets', 'arima', 'ces', 'dynamic-optimised-theta'],
  squared: ['tsb', 'imapa', 'count-demand'],
};
/**
 * What is forecast with where a season is seen twice for the first time, so that no window of the past tells who makes most of
 * it: those that do on other panels.
 */
const SEASONED: readonly string[] = ['ets', 'shape-level', 'boosted'];
/** How often each member of the prior counts at the start: one step then moves an eighth of the weight. */
const PRIOR_COUNT = 2;
/** A step away from the prior must save this share of the loss; smaller savings are luck more often than skill. */
const SEGMENT_TOLERANCE = 0.003;
const SEGMENT_ROUNDS = 48;
/** A hair more than half, so that rounding does not leave less. */
const COUNTED = 0.5 + 1e-9;

const lossOf = (segment: string): Loss => (/^(intermittent|lumpy)/.test(segment) ? 'squared' : 'absolute');

/** What the choice is made from. */
interface TrackRecord {
  readonly backtest: Backtest;
  /** Whether model j may be chosen for series i, at i · models.length + j; the same for all of a segment. */
  readonly choosable: Uint8Array;
}

/**
 * What the errors of a series are counted in: the scale of its season, which a season that was hardly seen twice makes
 * small by chance; so never less than a tenth of its usual step, or one series decides for all.
 */
const unitOf = (scale: number, rootScale: number): number => {
  const floor = rootScale > 0 ? rootScale / 10 : 0;
  if (scale > 0) return Math.max(scale, floor);
  return rootScale > 0 ? rootScale : 1;
};

/** The candidates' forecasts of the given series on the given windows, divided by each series' scale. */
function cellsOf(
  { backtest, choosable }: TrackRecord,
  series: readonly number[],
  windows: readonly number[],
): Cells {
  const { windows: W, h, models, mean, actual, scale, rootScale } = backtest;
  const M = models.length;
  let n = 0;
  for (const i of series) {
    for (const w of windows) {
      const from = (i * W + w) * h;
      for (let s = 0; s < h; s++) if (!Number.isNaN(actual[from + s]!)) n++;
    }
  }
  const first = (series[0] ?? 0) * M;
  const cells: Cells = {
    actual: new Float64Array(n),
    forecasts: new Float64Array(M * n),
    usable: choosable.slice(first, first + M),
  };
  let c = 0;
  for (const i of series) {
    const unit = unitOf(scale[i]!, rootScale[i]!);
    for (const w of windows) {
      const row = i * W + w;
      for (let s = 0; s < h; s++) {
        const y = actual[row * h + s]!;
        if (Number.isNaN(y)) continue;
        cells.actual[c] = y / unit;
        for (let j = 0; j < M; j++) {
          const f = mean[(row * M + j) * h + s]!;
          cells.forecasts[j * n + c] = f / unit;
          if (Number.isNaN(f)) cells.usable[j] = 0;
        }
        c++;
      }
    }
  }
  return cells;
}

/** Every k-th of the items, so that at most `most` are left, spread evenly. */
function thin<T>(items: readonly T[], most: number): T[] {
  const stride = Math.ceil(items.length / most);
  return items.filter((_, k) => k % stride === 0);
}

/** Equal weights of the named models that may be chosen for a series; of all of them where none is named. */
function prior({ backtest, choosable }: TrackRecord, names: readonly string[], series: number): Float64Array {
  const M = backtest.models.length;
  const named = (j: number): boolean => names.includes(backtest.models[j]!.model);
  const tried = backtest.models.map((_, j) => choosable[series * M + j] === 1);
  const any = tried.some((yes, j) => yes && named(j));
  const weights = Float64Array.from(tried, (yes, j) => (yes && (!any || named(j)) ? 1 : 0));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
}

/** Whether several of those may be chosen that make most of two seasons. */
const isServed = ({ backtest: { models }, choosable }: TrackRecord, series: number): boolean =>
  models.filter(({ model }, j) => SEASONED.includes(model) && choosable[series * models.length + j] === 1)
    .length > 1;

/** The weights of one segment: steps away from the prior that the record of all its series has earned. */
function segmentWeights(
  record: TrackRecord,
  series: readonly number[],
  windows: readonly number[],
  loss: Loss,
): Float64Array {
  const start = record.backtest.models.map(({ model }) => (PRIOR[loss].includes(model) ? PRIOR_COUNT : 0));
  const weights = greedyWeights(cellsOf(record, thin(series, SAMPLE), windows), loss, {
    start,
    tolerance: SEGMENT_TOLERANCE,
    rounds: SEGMENT_ROUNDS,
  });
  if (weights.every((w) => w === 0)) return prior(record, PRIOR[loss], series[0]!);
  return loss === 'squared' ? withCounts(record, weights, series[0]!) : weights;
}

/**
 * Sparse demand: the weights moved towards the prior until models that count pieces hold half, whose quantiles then are those of the
 * blend (`models/fitted-blend.ts`). The record tells of means alone, where trees may be better, and of no interval.
 */
function withCounts(record: TrackRecord, weights: Float64Array, series: number): Float64Array {
  const { models } = record.backtest;
  const counting = models.map(countsPieces);
  const start = prior(record, PRIOR.squared, series);
  const held = (of: Float64Array): number => of.reduce((sum, w, j) => sum + (counting[j] ? w : 0), 0);
  const [own, most] = [held(weights), held(start)];
  if (own >= COUNTED || most < 1) return weights;
  const share = (COUNTED - own) / (1 - own);
  return weights.map((w, j) => (1 - share) * w + share * start[j]!);
}

/** Drops small weights and makes the rest sum to 1, in place. */
function tidy(weights: Float64Array): void {
  const most = Math.max(...weights);
  let total = 0;
  for (let j = 0; j < weights.length; j++) {
    if (weights[j]! < LEAST_WEIGHT && weights[j]! < most) weights[j] = 0;
    total += weights[j]!;
  }
  for (let j = 0; j < weights.length; j++) weights[j] = weights[j]! / total;
}

function mixed(own: Float64Array, segment: Float64Array, lean: number): Float64Array {
  // A series without a record of its own has all-zero weights and takes its segment's.
  if (lean === 0 || own.every((w) => w === 0)) return segment;
  return segment.map((w, j) => (1 - lean) * w + lean * own[j]!);
}

/** Whether no series has a cell in both windows. None has in the reported window (0) and in another one. */
function isApart(
  { backtest: { hidden, windows: W } }: TrackRecord,
  series: readonly number[],
  w: number,
  newer: number,
): boolean {
  const hiddenBy = (i: number, window: number): number => hidden[i * W + window]!;
  // Windows but the newest earlier one are as long as the reported one.
  return (
    newer === 0 ||
    series.every((i) => hiddenBy(i, w) === 0 || hiddenBy(i, w) - hiddenBy(i, 0) >= hiddenBy(i, newer))
  );
}

/**
 * Finds how far to lean on single series' records: weights learned on older windows are tried on the newest, for each of a few
 * leans. Windows that share cells with the newest would make each series' own record look better than it is.
 */
function findLean(
  record: TrackRecord,
  series: readonly number[],
  windows: readonly number[],
  loss: Loss,
): number {
  const [newest = 0, ...others] = windows;
  const older = others.filter((w) => isApart(record, series, w, newest));
  if (older.length === 0) return DEFAULT_LEAN;
  const sample = thin(series, SAMPLE);
  const common = segmentWeights(record, series, older, loss);
  const totals = LEANS.map(() => 0);
  let counted = 0;
  for (const i of sample) {
    const past = cellsOf(record, [i], older);
    const trial = cellsOf(record, [i], [newest]);
    if (past.actual.length === 0 || trial.actual.length === 0) continue;
    counted++;
    const own = greedyWeights(past, loss);
    for (const [k, lean] of LEANS.entries()) totals[k]! += blendLoss(trial, mixed(own, common, lean), loss);
  }
  // With few series the trial is noise.
  if (counted < 10) return DEFAULT_LEAN;
  return LEANS[totals.indexOf(Math.min(...totals))]!;
}

/** The series of each segment, segments in the order of their names. */
export function membersOf(segments: readonly string[]): [segment: string, series: number[]][] {
  const members = new Map<string, number[]>();
  for (const [i, segment] of segments.entries()) {
    const list = members.get(segment);
    if (list) list.push(i);
    else members.set(segment, [i]);
  }
  return [...members].sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * Learns what the series of each segment share, from the given windows of a backtest and from nothing else.
 * `segments` names the segment of each series; `choosable` marks (as `eligibility` does) what may be chosen. `target` is the
 * window that is forecast with it; undefined for what comes after the last cell.
 */
export function poolBlends(
  backtest: Backtest,
  segments: readonly string[],
  choosable: Uint8Array,
  windows: readonly number[],
  target: number | undefined,
): SegmentBlend[] {
  const record: TrackRecord = { backtest, choosable };
  return membersOf(segments).map(([segment, series]) => {
    const loss = lossOf(segment);
    // Sparse demand has hardly a season to see.
    const untold = loss === 'absolute' && isUntold(backtest, series, windows, target);
    if (untold && isServed(record, series[0]!)) {
      return {
        segment,
        series: series.length,
        weights: prior(record, SEASONED, series[0]!),
        lean: 0,
        untold,
      };
    }
    const common = segmentWeights(record, series, windows, loss);
    const lean = backtest.models.length > 1 ? findLean(record, series, windows, loss) : 0;
    return { segment, series: series.length, weights: common, lean, untold };
  });
}

/** The weights of series `i`: its segment's, leaned towards its own record on the given windows. */
export function seriesWeights(
  backtest: Backtest,
  choosable: Uint8Array,
  i: number,
  { segment, weights: common, lean }: SegmentBlend,
  windows: readonly number[],
): Float64Array {
  const record: TrackRecord = { backtest, choosable };
  const loss = lossOf(segment);
  const own = lean > 0 ? greedyWeights(cellsOf(record, [i], windows), loss) : common;
  const row = Float64Array.from(mixed(own, common, lean));
  tidy(row);
  return loss === 'squared' ? withCounts(record, row, i) : row;
}

/** A blend in words, heaviest first: "0.6 theta + 0.4 ses", or the model's name alone. */
export function blendName(models: readonly ModelSpec[], weights: ArrayLike<number>): string {
  // One fallback may serve in place of several members.
  const total = new Map<string, number>();
  for (const [j, spec] of models.entries()) {
    const name = specName(spec);
    if (weights[j]! > 0) total.set(name, (total.get(name) ?? 0) + weights[j]!);
  }
  const used = [...total].sort(([, a], [, b]) => b - a);
  if (used.length === 1) return used[0]![0];
  return used.map(([name, weight]) => `${weight.toFixed(2)} ${name}`).join(' + ');
}
