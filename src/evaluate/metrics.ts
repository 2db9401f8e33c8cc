// Accuracy of forecasts, as pure functions (definitions: Hyndman and Koehler 2006; Gneiting and Raftery 2007).

// One rule for all of them: a cell whose actual is NaN was not observed and is passed over; a forecast that is
// NaN in an observed cell makes the score NaN, so that a model cannot gain by not answering. With no cell to
// score, or a denominator of 0, a score is NaN: it is then left out of an average and counted (see `average`).

type Values = ArrayLike<number>;

/** Mean of a loss over the cells whose actual is observed. */
function meanOver(actual: Values, loss: (y: number, t: number) => number): number {
  let total = 0;
  let cells = 0;
  for (let t = 0; t < actual.length; t++) {
    const y = actual[t]!;
    if (Number.isNaN(y)) continue;
    total += loss(y, t);
    cells++;
  }
  return cells > 0 ? total / cells : Number.NaN;
}

/** Share of two sums over the observed cells; NaN where the lower one is 0. */
function ratioOver(actual: Values, above: (y: number, t: number) => number): number {
  let top = 0;
  let bottom = 0;
  for (let t = 0; t < actual.length; t++) {
    const y = actual[t]!;
    if (Number.isNaN(y)) continue;
    top += above(y, t);
    bottom += Math.abs(y);
  }
  return bottom > 0 ? top / bottom : Number.NaN;
}

/** Mean absolute error, mean |y − f|, in units of y. */
export function mae(actual: Values, forecast: Values): number {
  return meanOver(actual, (y, t) => Math.abs(y - forecast[t]!));
}

/** Mean squared error, mean (y − f)², in squared units of y. */
export function mse(actual: Values, forecast: Values): number {
  return meanOver(actual, (y, t) => (y - forecast[t]!) ** 2);
}

/** Root mean squared error, √MSE, in units of y. */
export function rmse(actual: Values, forecast: Values): number {
  return Math.sqrt(mse(actual, forecast));
}

/**
 * Mean absolute percentage error, mean 100·|y − f| / |y|, in percent.
 * Cells with y = 0 have no percentage and are left out; NaN where every cell is 0.
 * It rewards forecasts that are too low: read WAPE beside it.
 */
export function mape(actual: Values, forecast: Values): number {
  let total = 0;
  let cells = 0;
  for (let t = 0; t < actual.length; t++) {
    const y = actual[t]!;
    if (Number.isNaN(y) || y === 0) continue;
    total += Math.abs((y - forecast[t]!) / y);
    cells++;
  }
  return cells > 0 ? (100 * total) / cells : Number.NaN;
}

/**
 * Symmetric MAPE, mean 200·|y − f| / (|y| + |f|), in percent from 0 to 200 (Makridakis and Hibon 2000).
 * A cell in which actual and forecast are both 0 counts as 0, as in the M4 competition.
 */
export function smape(actual: Values, forecast: Values): number {
  return meanOver(actual, (y, t) => {
    const f = forecast[t]!;
    const size = Math.abs(y) + Math.abs(f);
    return size === 0 ? 0 : (200 * Math.abs(y - f)) / size;
  });
}

/** Weighted absolute percentage error, Σ|y − f| / Σ|y|, as a share; NaN where all actuals are 0. */
export function wape(actual: Values, forecast: Values): number {
  return ratioOver(actual, (y, t) => Math.abs(y - forecast[t]!));
}

/** Relative bias, Σ(f − y) / Σ|y|, as a share: above 0 the forecast is too high. NaN where all actuals are 0. */
export function bias(actual: Values, forecast: Values): number {
  return ratioOver(actual, (y, t) => forecast[t]! - y);
}

/**
 * The scale of MASE: mean |y_t − y_{t−m}| over the pairs of the training part of which both are observed.
 * With power 2 the scale of RMSSE, √ mean (y_t − y_{t−m})². Defaults to m = 1 and power 1. It is 0 for a
 * constant series and NaN where there is no pair. M5 starts at the first sale: pass `y.subarray(firstSale)`.
 */
export function insampleScale(training: Values, m = 1, power: 1 | 2 = 1): number {
  let total = 0;
  let pairs = 0;
  for (let t = m; t < training.length; t++) {
    const step = Math.abs(training[t]! - training[t - m]!);
    if (Number.isNaN(step)) continue;
    total += power === 2 ? step * step : step;
    pairs++;
  }
  if (pairs === 0) return Number.NaN;
  return power === 2 ? Math.sqrt(total / pairs) : total / pairs;
}

const scaled = (value: number, scale: number): number => (scale > 0 ? value / scale : Number.NaN);

/** Mean absolute scaled error, MAE / `insampleScale` (Hyndman and Koehler 2006); NaN where the scale is 0. */
export function mase(actual: Values, forecast: Values, scale: number): number {
  return scaled(mae(actual, forecast), scale);
}

/** Root mean squared scaled error, RMSE / `insampleScale` of power 2 (Makridakis et al. 2022, M5); NaN where the scale is 0. */
export function rmsse(actual: Values, forecast: Values, scale: number): number {
  return scaled(rmse(actual, forecast), scale);
}

/**
 * Mean pinball (quantile) loss of the p-quantile: p·(y − q) where y ≥ q, else (1 − p)·(q − y).
 * In units of y, without the factor 2 that some packages add; the median's is MAE / 2.
 */
export function pinball(actual: Values, quantile: Values, p: number): number {
  return meanOver(actual, (y, t) => {
    const e = y - quantile[t]!;
    return e >= 0 ? p * e : (p - 1) * e;
  });
}

/** Twice the mean pinball loss over the given probabilities: an estimate of the CRPS, in units of y. */
function quantileScore(actual: Values, quantiles: readonly Values[], probabilities: Values): number {
  let total = 0;
  for (let k = 0; k < probabilities.length; k++) total += pinball(actual, quantiles[k]!, probabilities[k]!);
  return (2 * total) / probabilities.length;
}

/**
 * Scaled CRPS: twice the mean pinball loss over the probabilities, divided by mean |y|, as a share. With
 * probabilities 0.1 … 0.9 this is the weighted quantile loss (WQL) of GluonTS. `quantiles` holds one array a
 * probability. NaN where all actuals are 0.
 */
export function scaledCrps(actual: Values, quantiles: readonly Values[], probabilities: Values): number {
  const size = meanOver(actual, Math.abs);
  return scaled(quantileScore(actual, quantiles, probabilities), size);
}

/** Scaled quantile loss: as `scaledCrps`, but divided by `insampleScale`, so that it can be averaged over series. */
export function sql(
  actual: Values,
  quantiles: readonly Values[],
  probabilities: Values,
  scale: number,
): number {
  return scaled(quantileScore(actual, quantiles, probabilities), scale);
}

/** Share of observed actuals with lo ≤ y ≤ hi; a NaN bound makes it NaN. */
export function coverage(actual: Values, lo: Values, hi: Values): number {
  return meanOver(actual, (y, t) => {
    const low = lo[t]!;
    const high = hi[t]!;
    if (Number.isNaN(low) || Number.isNaN(high)) return Number.NaN;
    return y >= low && y <= high ? 1 : 0;
  });
}

/** Mean hi − lo over the cells whose actual is observed, in units of y. */
export function intervalWidth(actual: Values, lo: Values, hi: Values): number {
  return meanOver(actual, (_, t) => hi[t]! - lo[t]!);
}

/**
 * Mean scaled interval score (Gneiting and Raftery 2007; M4): the width, plus 2/α times how far y lies outside,
 * with α = 1 − level/100, divided by `insampleScale`. `level` is in percent.
 */
export function msis(actual: Values, lo: Values, hi: Values, level: number, scale: number): number {
  const penalty = 2 / (1 - level / 100);
  const score = meanOver(actual, (y, t) => {
    const low = lo[t]!;
    const high = hi[t]!;
    return high - low + penalty * (Math.max(low - y, 0) + Math.max(y - high, 0));
  });
  return scaled(score, scale);
}

/** An average over series, with how many could not be scored (a constant series has no MASE). */
export interface Average {
  readonly mean: number;
  readonly counted: number;
  readonly excluded: number;
}

/** Averages scores over series; NaN scores are left out and counted. */
export function average(scores: Values): Average {
  let total = 0;
  let counted = 0;
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i]!)) continue;
    total += scores[i]!;
    counted++;
  }
  return { mean: counted > 0 ? total / counted : Number.NaN, counted, excluded: scores.length - counted };
}
