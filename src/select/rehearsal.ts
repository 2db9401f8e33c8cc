// The rehearsal: what the chosen blend would have forecast on each backtest window, weights learned elsewhere.
import { sharedFloat64 } from '../core/buffer.ts';
import type { Executor, MapOptions, Part } from '../core/executor.ts';
import type { Panel } from '../core/panel.ts';
import type { Backtest } from '../evaluate/backtest.ts';
import { blendedSpread } from '../models/fitted-blend.ts';
import { poolBlends, type SegmentBlend, seriesWeights } from './blend.ts';

/** What a window is forecast with: the blends of the segments, and the windows that they were learned from. */
export interface WindowBlends {
  readonly windows: readonly number[];
  readonly segments: readonly SegmentBlend[];
}

/** The blends of every window (undefined for those that no series has), and those of the forecast. */
export interface Blends {
  readonly windows: readonly (WindowBlends | undefined)[];
  readonly forecast: WindowBlends;
}

/** Blended forecasts of a backtest: step s of window w of series i at (i·W + w)·h + s; NaN where none. */
export interface Rehearsal {
  readonly windows: number;
  readonly h: number;
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  readonly actual: Float64Array;
}

/** A rehearsal with the weights of the forecast that follows it. */
export interface WeighedRehearsal extends Rehearsal {
  /** The weight of model j for series i at i · models.length + j. Rows sum to 1. */
  readonly weights: Float64Array;
  /** The weights with which the reported window was rehearsed, shaped likewise. */
  readonly tried: Float64Array;
}

/** What a thread receives: the backtest and the rehearsal too, shared, each part writing its own series' rows. */
interface RehearsalTask extends Record<string, unknown> {
  readonly backtest: Backtest;
  readonly segments: readonly string[];
  readonly choosable: Uint8Array;
  readonly blends: Blends;
  readonly out: WeighedRehearsal;
}

/** Whether any series has a window. */
const isUsed = ({ hidden, windows: W }: Backtest, w: number): boolean =>
  hidden.some((cells, row) => row % W === w && cells > 0);

/** The windows before the reported one. */
export const earlierWindows = (count: number): number[] => Array.from({ length: count - 1 }, (_, k) => k + 1);

/**
 * Learns the blends of every window. Those of the reported window (0) come from all earlier windows; those of an
 * earlier window come from the other earlier ones, so that no window is forecast with weights that have seen it. Where
 * there is one earlier window only, its own weights have to do: a few weights shared by a segment fit thousands of
 * errors no better than they would new ones. Once the reported window is scored the forecast may learn from it too, as
 * models are fitted to it: it is the window most like what comes.
 */
export function learnBlends(backtest: Backtest, segments: readonly string[], choosable: Uint8Array): Blends {
  const earlier = earlierWindows(backtest.windows);
  const learned = (windows: readonly number[], target: number | undefined): WindowBlends => ({
    windows,
    segments: poolBlends(backtest, segments, choosable, windows, target),
  });
  const last = learned(earlier, 0);
  const used = earlier.filter((w) => isUsed(backtest, w));
  const windows = [0, ...earlier].map((w) => {
    if (w === 0) return last;
    if (!used.includes(w)) return undefined;
    const others = used.filter((other) => other !== w);
    return learned(others.length > 0 ? others : earlier, w);
  });
  return { windows, forecast: learned([0, ...earlier], undefined) };
}

/** Blends the candidates' forecasts of window `w` of series `i` into `out`. */
function blendWindow(backtest: Backtest, weights: Float64Array, i: number, w: number, out: Rehearsal): void {
  const { windows: W, h, models, mean, sd } = backtest;
  const M = models.length;
  const spreads = new Float64Array(M);
  for (let s = 0; s < h; s++) {
    const at = (i * W + w) * h + s;
    let centre = 0;
    for (let j = 0; j < M; j++) {
      const weight = weights[j]!;
      if (weight > 0) centre += weight * mean[((i * W + w) * M + j) * h + s]!;
    }
    if (Number.isNaN(centre)) continue;
    out.mean[at] = centre;
    for (let j = 0; j < M; j++) spreads[j] = sd[((i * W + w) * M + j) * h + s]!;
    // The members' own spreads alone: how far they disagree says more of the season than of the error.
    out.sd[at] = blendedSpread(weights, spreads);
  }
}

/** The task that executors run: rehearses every window of the series of one part. */
export function rehearsePart(
  _: Panel,
  part: Part,
  { backtest, segments, choosable, blends, out }: RehearsalTask,
): void {
  const { windows: W, h, hidden, models } = backtest;
  const bySegment = (blend: WindowBlends | undefined): Map<string, SegmentBlend> =>
    new Map(blend?.segments.map((own) => [own.segment, own]));
  const ofWindows = blends.windows.map(bySegment);
  const ofForecast = bySegment(blends.forecast);
  for (const column of [out.mean, out.sd]) column.fill(Number.NaN, part.from * W * h, part.to * W * h);
  for (let i = part.from; i < part.to; i++) {
    const weightsOf = (own: SegmentBlend, windows: readonly number[]): Float64Array =>
      seriesWeights(backtest, choosable, i, own, windows);
    for (const [w, blend] of blends.windows.entries()) {
      if (!blend || (w > 0 && hidden[i * W + w] === 0)) continue;
      const weights = weightsOf(ofWindows[w]!.get(segments[i]!)!, blend.windows);
      if (w === 0) out.tried.set(weights, i * models.length);
      blendWindow(backtest, weights, i, w, out);
    }
    const weights = weightsOf(ofForecast.get(segments[i]!)!, blends.forecast.windows);
    out.weights.set(weights, i * models.length);
  }
}

/** Rehearses every window of every series with blends that have not seen it. */
export async function rehearse(
  panel: Panel,
  about: Pick<RehearsalTask, 'backtest' | 'segments' | 'choosable' | 'blends'>,
  executor: Executor,
  options: MapOptions = {},
): Promise<WeighedRehearsal> {
  const { windows, h, actual, models, scale } = about.backtest;
  const out: WeighedRehearsal = {
    windows,
    h,
    mean: sharedFloat64(actual.length),
    sd: sharedFloat64(actual.length),
    actual,
    weights: sharedFloat64(scale.length * models.length),
    tried: sharedFloat64(scale.length * models.length),
  };
  const task: RehearsalTask = { ...about, out };
  await executor.map<void>('rehearse', panel, task, options);
  return out;
}
