// What trees make small: first and second derivatives of a loss, where to start, and what a leaf says where steps are not Newton's.
import { quantileSorted } from '../../math/statistics.ts';
import type { Slope } from './kernels/kernels.ts';
import type { TreeSettings } from './options.ts';

/** What a loss is told of the rows; `score` is the prediction so far before the link, row-major over outputs. */
export interface Targets {
  readonly y: Float64Array;
  readonly weights: Float64Array | undefined;
  /** Added to the score of every output of a row before anything is learned. */
  readonly offset: Float64Array | undefined;
  /** Rows of each query, in order; for ranking. */
  readonly groups: Int32Array | undefined;
}

export interface Objective {
  /** Trees a round. */
  readonly outputs: number;
  /** The score of output k that serves all of `rows` best; offsets are added to it. */
  start(targets: Targets, rows: Uint32Array, k: number): number;
  /** The derivatives, where each row has its own and the kernels know them; else `derive` is there. */
  readonly slope?: Slope;
  /** Writes g and h of the rows for output k into pairs: g of row i at 2i. Weights are not in yet. */
  readonly derive?: (
    targets: Targets,
    score: Float64Array,
    k: number,
    rows: Uint32Array,
    pairs: Float32Array,
  ) => void;
  /** Replaces Newton's step of a leaf by what its rows ask for; absent where the step is right. */
  readonly renew?: (targets: Targets, score: Float64Array, k: number, rows: Uint32Array) => number;
  /** Mean loss over rows: what early stopping looks at. */
  loss(targets: Targets, score: Float64Array, rows: Uint32Array): number;
  /** From scores to predictions, in place, row-major; absent where they are the same. */
  readonly link?: (score: Float64Array) => void;
}

/** Scores beyond this make e^score useless. */
export const MOST_SCORE = 50;
const exp = (x: number): number => Math.exp(Math.min(Math.max(x, -MOST_SCORE), MOST_SCORE));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Weighted quantile of values: the least one up to which the weights reach share p of them all. */
function weightedQuantile(values: Float64Array, weights: Float64Array | undefined, p: number): number {
  if (values.length === 0) return 0;
  if (!weights) return quantileSorted(values.sort(), p);
  return weightedSelect(values, weights, p);
}

/**
 * The least value up to which the weights reach share p of them all, by quickselect (Hoare 1961): leaves ask in every round,
 * and sorting pairs took longer than growing the tree. Both arrays are put in another order.
 */
function weightedSelect(values: Float64Array, weights: Float64Array, p: number): number {
  let [total, before] = [0, 0];
  for (const w of weights) total += w;
  const swap = (a: number, b: number): void => {
    [values[a], values[b]] = [values[b]!, values[a]!];
    [weights[a], weights[b]] = [weights[b]!, weights[a]!];
  };
  let [from, to] = [0, values.length];
  for (;;) {
    const ends = [values[from]!, values[(from + to) >> 1]!, values[to - 1]!].sort((a, b) => a - b);
    const pivot = ends[1]!;
    // [from, low) is below the pivot, [low, k) equal to it, [high, to) above.
    let [low, high, below, equal] = [from, to, 0, 0];
    for (let k = from; k < high; ) {
      if (values[k]! < pivot) {
        below += weights[k]!;
        swap(low++, k++);
      } else if (values[k]! > pivot) swap(k, --high);
      else equal += weights[k++]!;
    }
    if (low > from && before + below >= p * total) to = low;
    else if (before + below + equal >= p * total || high === to) return pivot;
    else {
      before += below + equal;
      from = high;
    }
  }
}

function residualQuantile(
  { y, weights }: Targets,
  score: Float64Array | undefined,
  offset: Float64Array | undefined,
  outputs: number,
  k: number,
  rows: Uint32Array,
  p: number,
): number {
  const values = new Float64Array(rows.length);
  for (let r = 0; r < rows.length; r++) {
    const i = rows[r]!;
    values[r] = y[i]! - (score ? score[i * outputs + k]! : (offset?.[i] ?? 0));
  }
  return weightedQuantile(values, weights && Float64Array.from(rows, (i) => weights[i]!), p);
}

/** A loss of one row and one score. */
type RowLoss = (y: number, s: number) => number;

function meanLoss(loss: RowLoss, { y, weights }: Targets, score: Float64Array, rows: Uint32Array): number {
  let [total, weight] = [0, 0];
  for (const i of rows) {
    const w = weights?.[i] ?? 1;
    total += w * loss(y[i]!, score[i]!);
    weight += w;
  }
  return total / weight;
}

/** An objective of one output made from a loss of single rows. */
const pointwise = (slope: Slope, loss: RowLoss): Pick<Objective, 'outputs' | 'slope' | 'loss'> => ({
  outputs: 1,
  slope,
  loss: (targets, score, rows) => meanLoss(loss, targets, score, rows),
});

function weightedMean({ y, weights, offset }: Targets, rows: Uint32Array): number {
  let [total, weight] = [0, 0];
  for (let r = 0; r < rows.length; r++) {
    const i = rows[r]!;
    const w = weights ? weights[i]! : 1;
    total += w * (offset ? y[i]! - offset[i]! : y[i]!);
    weight += w;
  }
  return total / weight;
}

/** The log rate that serves all rows best: total over total exposure. */
function logRate({ y, weights, offset }: Targets, rows: Uint32Array): number {
  let [total, exposure] = [0, 0];
  for (const i of rows) {
    const w = weights?.[i] ?? 1;
    total += w * y[i]!;
    exposure += w * exp(offset?.[i] ?? 0);
  }
  return Math.log(Math.max(total / exposure, 1e-9));
}

const exponential = (score: Float64Array): void => {
  for (let i = 0; i < score.length; i++) score[i] = exp(score[i]!);
};

/** From LightGBM's `poisson_max_delta_step` of 0.7: keeps steps small where almost nothing was predicted. */
const POISSON_CAUTION = Math.exp(0.7);

function quantileObjective(quantiles: readonly number[]): Objective {
  const K = quantiles.length;
  return {
    outputs: K,
    start: (targets, rows, k) =>
      residualQuantile(targets, undefined, targets.offset, K, k, rows, quantiles[k]!),
    derive({ y }, score, k, rows, pairs) {
      const p = quantiles[k]!;
      for (const i of rows) {
        pairs[2 * i] = score[i * K + k]! > y[i]! ? 1 - p : -p;
        pairs[2 * i + 1] = 1;
      }
    },
    renew: (targets, score, k, rows) =>
      residualQuantile(targets, score, undefined, K, k, rows, quantiles[k]!),
    loss({ y, weights }, score, rows) {
      let [total, weight] = [0, 0];
      for (const i of rows) {
        const w = weights?.[i] ?? 1;
        weight += w;
        for (let k = 0; k < K; k++) {
          const miss = y[i]! - score[i * K + k]!;
          total += (w * Math.max(quantiles[k]! * miss, (quantiles[k]! - 1) * miss)) / K;
        }
      }
      return total / weight;
    },
    // Each quantile has trees of its own; where they cross they are put in order (Chernozhukov et al. 2010).
    ...(K > 1
      ? {
          link: (score) => {
            for (let from = 0; from < score.length; from += K) score.subarray(from, from + K).sort();
          },
        }
      : {}),
  };
}

function softmax(K: number): Objective {
  const probabilities = (score: Float64Array, from: number, out: Float64Array): void => {
    let most = -Infinity;
    for (let k = 0; k < K; k++) most = Math.max(most, score[from + k]!);
    let total = 0;
    for (let k = 0; k < K; k++) {
      out[k] = Math.exp(score[from + k]! - most);
      total += out[k]!;
    }
    for (let k = 0; k < K; k++) out[k] = out[k]! / total;
  };
  const p = new Float64Array(K);
  return {
    outputs: K,
    start({ y, weights }, rows, k) {
      let [own, all] = [0, 0];
      for (const i of rows) {
        const w = weights?.[i] ?? 1;
        all += w;
        if (y[i] === k) own += w;
      }
      return Math.log(Math.max(own / all, 1e-9));
    },
    derive({ y }, score, k, rows, pairs) {
      for (const i of rows) {
        probabilities(score, i * K, p);
        pairs[2 * i] = p[k]! - (y[i] === k ? 1 : 0);
        // K / (K − 1) as in Friedman (2001), section 4.6.
        pairs[2 * i + 1] = Math.max((K / (K - 1)) * p[k]! * (1 - p[k]!), 1e-16);
      }
    },
    loss({ y, weights }, score, rows) {
      let [total, weight] = [0, 0];
      for (const i of rows) {
        const w = weights?.[i] ?? 1;
        probabilities(score, i * K, p);
        total -= w * Math.log(Math.max(p[y[i]!]!, 1e-15));
        weight += w;
      }
      return total / weight;
    },
    link: (score) => {
      for (let from = 0; from < score.length; from += K) {
        probabilities(score, from, p);
        score.set(p, from);
      }
    },
  };
}

const gain = (y: number): number => 2 ** y - 1;
const discount = (place: number): number => 1 / Math.log2(place + 2);

/** Calls back with the rows of each query. */
function eachQuery(groups: Int32Array, use: (from: number, to: number) => void): void {
  let from = 0;
  for (const rows of groups) {
    use(from, from + rows);
    from += rows;
  }
}

/** The best DCG of a query at the truncation. */
function idealDcg(y: Float64Array, from: number, to: number, truncation: number): number {
  const best = y.slice(from, to).sort().reverse();
  let total = 0;
  for (let k = 0; k < Math.min(truncation, best.length); k++) total += gain(best[k]!) * discount(k);
  return total;
}

/** LambdaMART (Burges 2010): pairs of a query, weighed by what swapping them changes in NDCG. */
function lambdarank(truncation: number): Objective {
  const placesOf = (score: Float64Array, from: number, to: number): Uint32Array =>
    Uint32Array.from({ length: to - from }, (_, k) => from + k).sort(
      (a, b) => score[b]! - score[a]! || a - b,
    );
  return {
    outputs: 1,
    start: () => 0,
    derive({ y, groups }, score, _, rows, pairs) {
      for (const i of rows) pairs[2 * i] = pairs[2 * i + 1] = 0;
      eachQuery(groups!, (from, to) => {
        const best = idealDcg(y, from, to, truncation);
        if (best === 0) return;
        const order = placesOf(score, from, to);
        for (let a = 0; a < Math.min(truncation, order.length); a++) {
          for (let b = a + 1; b < order.length; b++) {
            const [i, j] = [order[a]!, order[b]!];
            if (y[i] === y[j]) continue;
            const [better, worse] = y[i]! > y[j]! ? [i, j] : [j, i];
            const change = (Math.abs(gain(y[i]!) - gain(y[j]!)) * Math.abs(discount(a) - discount(b))) / best;
            const rho = sigmoid(score[worse]! - score[better]!);
            pairs[2 * better]! -= change * rho;
            pairs[2 * worse]! += change * rho;
            pairs[2 * better + 1]! += change * rho * (1 - rho);
            pairs[2 * worse + 1]! += change * rho * (1 - rho);
          }
        }
      });
    },
    /** 1 − NDCG at the truncation. */
    loss({ y, groups }, score) {
      let [total, queries] = [0, 0];
      eachQuery(groups!, (from, to) => {
        const best = idealDcg(y, from, to, truncation);
        if (best === 0) return;
        const order = placesOf(score, from, to);
        let dcg = 0;
        for (let k = 0; k < Math.min(truncation, order.length); k++) dcg += gain(y[order[k]!]!) * discount(k);
        total += 1 - dcg / best;
        queries++;
      });
      return total / Math.max(1, queries);
    },
  };
}

/** The objective of the settings. */
export function objectiveOf(settings: TreeSettings): Objective {
  const { objective, quantiles, tweedie_power: p, huber_delta: d, classes, truncation } = settings;
  switch (objective) {
    case 'l2':
      return { ...pointwise(['l2', 0], (y, s) => (y - s) ** 2), start: weightedMean };
    case 'l1':
      return quantileObjective([0.5]);
    case 'huber':
      return {
        ...pointwise(['huber', d], (y, s) => {
          const miss = Math.abs(y - s);
          return miss <= d ? 0.5 * miss * miss : d * (miss - 0.5 * d);
        }),
        start: (targets, rows) => residualQuantile(targets, undefined, targets.offset, 1, 0, rows, 0.5),
      };
    case 'poisson':
      return {
        ...pointwise(['poisson', POISSON_CAUTION], (y, s) => exp(s) - y * s),
        start: logRate,
        link: exponential,
      };
    case 'tweedie':
      return {
        ...pointwise(
          ['tweedie', p],
          (y, s) => (-y * exp((1 - p) * s)) / (1 - p) + exp((2 - p) * s) / (2 - p),
        ),
        start: logRate,
        link: exponential,
      };
    case 'gamma':
      return {
        ...pointwise(['gamma', 0], (y, s) => y * exp(-s) + s),
        start: logRate,
        link: exponential,
      };
    case 'quantile':
      return quantileObjective(quantiles);
    case 'logistic':
      return {
        ...pointwise(['logistic', 0], (y, s) => Math.max(s, 0) - y * s + Math.log1p(Math.exp(-Math.abs(s)))),
        start: (targets, rows) => {
          const mean = Math.min(
            Math.max(weightedMean({ ...targets, offset: undefined }, rows), 1e-9),
            1 - 1e-9,
          );
          return Math.log(mean / (1 - mean));
        },
        link: (score) => {
          for (let i = 0; i < score.length; i++) score[i] = sigmoid(score[i]!);
        },
      };
    case 'softmax':
      return softmax(classes);
    case 'lambdarank':
      return lambdarank(truncation);
  }
}
