// Scores of yes/no predictions (will this visitor buy?): from a confusion matrix, from ranks, from probabilities.

type Values = ArrayLike<number>;

/** Counts of the four outcomes; "positive" is label 1. */
export interface ConfusionMatrix {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly trueNegative: number;
  readonly falseNegative: number;
}

/**
 * Counts outcomes of labels (0 or 1) against scores; a score at or above `threshold` predicts 1.
 * `threshold` defaults to 0.5, so predicted labels may be passed as scores.
 */
export function confusionMatrix(labels: Values, scores: Values, threshold = 0.5): ConfusionMatrix {
  let truePositive = 0;
  let falsePositive = 0;
  let trueNegative = 0;
  let falseNegative = 0;
  for (let i = 0; i < labels.length; i++) {
    const positive = scores[i]! >= threshold;
    if (labels[i] === 1) positive ? truePositive++ : falseNegative++;
    else positive ? falsePositive++ : trueNegative++;
  }
  return { truePositive, falsePositive, trueNegative, falseNegative };
}

/** Share of predictions that are right; NaN where there are none. */
export function accuracy(c: ConfusionMatrix): number {
  const all = c.truePositive + c.falsePositive + c.trueNegative + c.falseNegative;
  return (c.truePositive + c.trueNegative) / all;
}

/** Share of predicted positives that are positive; NaN where nothing was predicted positive. */
export function precision(c: ConfusionMatrix): number {
  return c.truePositive / (c.truePositive + c.falsePositive);
}

/** Share of positives that were found; NaN where there are none. */
export function recall(c: ConfusionMatrix): number {
  return c.truePositive / (c.truePositive + c.falseNegative);
}

/** Harmonic mean of precision and recall, 2TP / (2TP + FP + FN); NaN where there is no positive on either side. */
export function f1(c: ConfusionMatrix): number {
  return (2 * c.truePositive) / (2 * c.truePositive + c.falsePositive + c.falseNegative);
}

/**
 * Area under the ROC curve: the chance that a positive scores above a negative, ties counting half
 * (Mann and Whitney's U over n₁·n₀, with mid-ranks). NaN where one of the classes is absent.
 */
export function rocAuc(labels: Values, scores: Values): number {
  const order = Uint32Array.from({ length: labels.length }, (_, i) => i).sort(
    (a, b) => scores[a]! - scores[b]!,
  );
  let positives = 0;
  let rankSum = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    // Ranks from + 1 … to share their mean.
    const rank = (from + 1 + to) / 2;
    for (let k = from; k < to; k++) {
      if (labels[order[k]!] === 1) {
        positives++;
        rankSum += rank;
      }
    }
    from = to;
  }
  const negatives = labels.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/**
 * Mean −log of the probability given to what happened, in nats. Probabilities are held inside
 * [1e-15, 1 − 1e-15], so that one certain mistake costs 34.5 rather than infinity.
 */
export function logLoss(labels: Values, probabilities: Values): number {
  let total = 0;
  for (let i = 0; i < labels.length; i++) {
    const p = Math.min(Math.max(probabilities[i]!, 1e-15), 1 - 1e-15);
    total -= labels[i] === 1 ? Math.log(p) : Math.log1p(-p);
  }
  return total / labels.length;
}
