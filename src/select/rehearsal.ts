// The rehearsal: what the chosen blend would have forecast on each backtest window, weights learned elsewhere.
import type { Backtest } from '../evaluate/backtest.ts';
import { type Blend, chooseBlend } from './blend.ts';

/** Blended forecasts of a backtest: step s of window w of series i at (i·W + w)·h + s; NaN where none. */
export interface Rehearsal {
  readonly windows: number;
  readonly h: number;
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  readonly actual: Float64Array;
}

/** Blends the candidates' forecasts of one window with the weights of `blend`, into `out`. */
function blendWindow(backtest: Backtest, blend: Blend, w: number, out: Rehearsal): void {
  const { windows: W, h, models, mean, sd } = backtest;
  const M = models.length;
  const n = blend.weights.length / M;
  for (let i = 0; i < n; i++) {
    for (let s = 0; s < h; s++) {
      const at = (i * W + w) * h + s;
      let centre = 0;
      for (let j = 0; j < M; j++) {
        const weight = blend.weights[i * M + j]!;
        if (weight > 0) centre += weight * mean[((i * W + w) * M + j) * h + s]!;
      }
      if (Number.isNaN(centre)) continue;
      out.mean[at] = centre;
      let variance = 0;
      for (let j = 0; j < M; j++) {
        const weight = blend.weights[i * M + j]!;
        if (weight > 0) variance += weight * sd[((i * W + w) * M + j) * h + s]! ** 2;
      }
      // The members' own variances alone: how far they disagree says more of the season than of the error.
      out.sd[at] = Math.sqrt(variance);
    }
  }
}

/** Whether any series has a window. */
const isUsed = ({ hidden, windows: W }: Backtest, w: number): boolean =>
  hidden.some((cells, row) => row % W === w && cells > 0);

/**
 * Rehearses every window. The weights for the reported window (0) come from all earlier windows (they are
 * `blend`); the weights for an earlier window come from the other earlier ones, so that no window is forecast
 * with weights that have seen it. Where there is one earlier window only, its own weights have to do: a few weights
 * shared by a segment fit thousands of errors no better than they would new ones.
 */
export function rehearse(
  backtest: Backtest,
  segments: readonly string[],
  choosable: Uint8Array,
  blend: Blend,
): Rehearsal {
  const { windows: W, h } = backtest;
  const size = backtest.actual.length;
  const out: Rehearsal = {
    windows: W,
    h,
    mean: new Float64Array(size).fill(Number.NaN),
    sd: new Float64Array(size).fill(Number.NaN),
    actual: backtest.actual,
  };
  blendWindow(backtest, blend, 0, out);
  const earlier = Array.from({ length: W - 1 }, (_, k) => k + 1);
  for (const w of earlier) {
    const others = earlier.filter((other) => other !== w && isUsed(backtest, other));
    const blended = others.length > 0 ? chooseBlend(backtest, segments, choosable, others) : blend;
    blendWindow(backtest, blended, w, out);
  }
  return out;
}
