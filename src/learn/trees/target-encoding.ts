// Categories as numbers: the mean of y over rows that came before, so that no row is told its own answer. Ordered target
// statistics of Prokhorenkova et al. (2018), "CatBoost: unbiased boosting with categorical features", section 3.2.
import { UsageError } from '../../core/errors.ts';
import { random } from '../../core/random.ts';
import { type Feature, refuseCode } from './bins.ts';
import type { TreeSettings } from './options.ts';

/** The numbers that stand for the codes of a category in predictions: plain data. */
export interface TargetEncoding {
  /** Whose mean it is: the class of `softmax`; 0 where there is one mean, that of y. */
  readonly output: number;
  /** The number of each code, from all training rows; `prior` for those that were not there. Single precision is all there is. */
  readonly means: Float32Array;
  /** The mean over all training rows, which stands for what is missing or beyond the codes. */
  readonly prior: number;
}

/** The number that stands for a code, as predictions have it. */
export const encoded = ({ means, prior }: TargetEncoding, code: number): number => means[code] ?? prior;

/** What is to be predicted of each row, and how much the row counts. */
interface Answers {
  readonly y: Float64Array;
  readonly weights?: Float64Array | undefined;
}

/** Rows as they are told of one another: a row hears of those before `from` if it stands in from … to − 1. */
interface Telling {
  readonly order: Uint32Array;
  /** The end of the stretch that begins at `from`. */
  readonly endOf: (from: number) => number;
}

/** By time, rows of the same time in one stretch; in a drawn order where there is no time. */
function tellingOf(rows: Uint32Array, time: Float64Array | undefined, seed: number): Telling {
  const order = rows.slice();
  if (time) {
    const odd = order.find((i) => Number.isNaN(time[i] ?? Number.NaN));
    if (odd !== undefined) throw new UsageError(`trees: row ${odd} has no time; give one for every row.`);
    order.sort((a, b) => time[a]! - time[b]! || a - b);
    const endOf = (from: number): number => {
      let to = from + 1;
      while (to < order.length && time[order[to]!] === time[order[from]!]) to++;
      return to;
    };
    return { order, endOf };
  }
  const draw = random(seed, 'target encoding');
  for (let k = order.length - 1; k > 0; k--) {
    const other = draw.below(k + 1);
    [order[k], order[other]] = [order[other]!, order[k]!];
  }
  return { order, endOf: (from) => from + 1 };
}

/** Writes what each row may know of its category into `out` and returns what is known after all rows. */
function encodeRows(
  { values, levels = 0 }: Feature,
  { y, weights }: Answers,
  output: number | undefined,
  { order, endOf }: Telling,
  strength: number,
  out: Float32Array,
): TargetEncoding {
  const sums = new Float64Array(levels);
  const counts = new Float64Array(levels);
  let [total, weight] = [0, 0];
  // Not even the prior may know of later rows: the first row's is missing.
  const mean = (code: number): number => {
    const prior = total / weight;
    return code >= 0 ? (sums[code]! + strength * prior) / (counts[code]! + strength) : prior;
  };
  for (let from = 0; from < order.length; ) {
    const to = endOf(from);
    for (let r = from; r < to; r++) out[order[r]!] = mean(values[order[r]!]!);
    for (; from < to; from++) {
      const i = order[from]!;
      const code = values[i]!;
      const w = weights?.[i] ?? 1;
      const told = w * (output === undefined ? y[i]! : y[i] === output ? 1 : 0);
      total += told;
      weight += w;
      if (!(code >= 0)) continue;
      sums[code]! += told;
      counts[code]! += w;
    }
  }
  const means = Float32Array.from(sums, (_, code) => mean(code));
  return { output: output ?? 0, means, prior: Math.fround(total / weight) };
}

/** The columns that trees are grown on, and the encodings of those that are means of the target. */
export interface Encoded {
  readonly columns: readonly Feature[];
  readonly encodings: readonly (TargetEncoding | undefined)[];
}

/**
 * Encodes those features for which `wanted` says so. Rows that are learned from hear of earlier ones alone; the others hear
 * what predictions will. A class of `softmax` has a column of its own.
 */
export function encodeByTarget(
  features: readonly Feature[],
  wanted: (feature: Feature) => boolean,
  targets: Answers,
  rows: Uint32Array,
  time: Float64Array | undefined,
  { cat_prior, objective, classes, seed }: TreeSettings,
): Encoded {
  if (!features.some(wanted)) return { columns: features, encodings: features.map(() => undefined) };
  const columns: Feature[] = [];
  const encodings: (TargetEncoding | undefined)[] = [];
  const outputs = objective === 'softmax' ? Array.from({ length: classes }, (_, k) => k) : [undefined];
  let telling: Telling | undefined;
  const isLearned = new Uint8Array(targets.y.length);
  for (const i of rows) isLearned[i] = 1;
  for (const feature of features) {
    if (!wanted(feature)) {
      columns.push(feature);
      encodings.push(undefined);
      continue;
    }
    telling ??= tellingOf(rows, time, seed);
    const { name, values, levels = 0 } = feature;
    for (let i = 0; i < values.length; i++) refuseCode(name, levels, values[i]!, i);
    for (const output of outputs) {
      const numbers = new Float32Array(values.length);
      const encoding = encodeRows(feature, targets, output, telling, cat_prior, numbers);
      for (let i = 0; i < values.length; i++)
        if (isLearned[i] !== 1) numbers[i] = encoded(encoding, values[i]!);
      columns.push({ name, values: numbers });
      encodings.push(encoding);
    }
  }
  return { columns, encodings };
}
