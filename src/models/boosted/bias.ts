// The bias of medians: what forecasts must be multiplied by for their sum to be the sum of what was sold, the ratio estimator of
// Snowdon (1991), A ratio estimator for bias correction in logarithmic regressions.

/** The most that forecasts are moved by, up or down; beyond it something else than skewness is at work. */
const MOST = 1.25;

/** Σy over Σf of the rows, within bounds; 1 where one of them is not above 0. */
export function biasRatio(y: ArrayLike<number>, forecast: ArrayLike<number>): number {
  let [sold, told] = [0, 0];
  for (let r = 0; r < y.length; r++) {
    sold += y[r]!;
    told += forecast[r]!;
  }
  return sold > 0 && told > 0 ? Math.min(MOST, Math.max(1 / MOST, sold / told)) : 1;
}

/** How forecasts are multiplied; plain data. */
export interface Correction {
  /** The part of the bias, in logarithms, that is made good. */
  readonly share: number;
  readonly ratio: number;
}

/** The forecasts of one window, as they are multiplied: total error as the loss has it, and Σf / Σy − 1. */
export interface WindowBias {
  readonly error: number;
  readonly bias: number;
}

/** What the bias of a window must fall by on the mean, and what the error may rise by at most. */
const GAIN = 0.01;
const PRICE = 0.005;

const SHARES = [1, 0.5];

/**
 * The largest share of the bias that is worth making good on the windows: on the mean they are a percent less off in sum, and
 * the error is at most half a percent larger. 0 for none. `judge` gives the windows, each multiplied by its ratio to the power of the share.
 */
export function worthwhileShare(judge: (share: number) => readonly WindowBias[]): number {
  const sum = (windows: readonly WindowBias[], of: (window: WindowBias) => number): number =>
    windows.reduce((total, window) => total + of(window), 0);
  const off = ({ bias }: WindowBias): number => Math.abs(bias);
  const wrong = ({ error }: WindowBias): number => error;
  const before = judge(0);
  const isWorthIt = (share: number): boolean => {
    const after = judge(share);
    const gained = sum(before, off) - sum(after, off);
    return gained >= GAIN * before.length && sum(after, wrong) <= (1 + PRICE) * sum(before, wrong);
  };
  return SHARES.find(isWorthIt) ?? 0;
}
