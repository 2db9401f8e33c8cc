// Features as bins: each value becomes a byte, so that a tree looks at 255 sums instead of a million values.
import { didYouMean, UsageError } from '../../core/errors.ts';
import { random } from '../../core/random.ts';
import type { Kernels, Numbers } from './kernels/kernels.ts';
import { fastKernels } from './kernels/wasm.ts';
import type { TargetEncoding } from './target-encoding.ts';

/** `native`: splits by sets of categories. `ordered-target`: one number a category, the mean of y where it occurred. */
const ENCODINGS = ['native', 'ordered-target'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** One column of what trees are trained on or asked about. NaN is missing. */
export interface Feature {
  readonly name: string;
  readonly values: Numbers;
  /** How many categories the values are codes of, 0 … levels − 1; absent for numbers. */
  readonly levels?: number;
  /** How trees are told categories; defaults to `native`. What it was in training holds in predictions. */
  readonly encoding?: Encoding;
}

/** How the values of one feature became bins. Bin 0 is what is missing, or a category too rare for a bin of its own. */
export interface BinnedFeature {
  readonly name: string;
  /** Bins of values: 1 … count. */
  readonly count: number;
  /** Of a number: the largest value of bin b is at b − 1, ascending; the last is Infinity. Empty for categories. */
  readonly upper: Float64Array;
  /** Of categories: how many codes there are, and the code of bin b at b − 1. 0 and empty for numbers. */
  readonly levels: number;
  readonly codes: Int32Array;
  /** Of a number that stands for a category: which mean of the target stands for which code. */
  readonly encoding?: TargetEncoding;
}

/** Rows as bytes, twice: row by row for sums over many features, column by column for telling rows apart by one. */
export interface BinnedTable {
  readonly rows: number;
  readonly features: readonly BinnedFeature[];
  /** Feature f of row i is at i · features.length + f. */
  readonly byRow: Uint8Array;
  /** Feature f of row i is at f · rows + i. */
  readonly byColumn: Uint8Array;
}

export interface BinOptions {
  /** Bins of values of a feature, 2 to 255; defaults to 255. */
  readonly bins?: number;
  /** Seeds the sample of rows from which bins are made. */
  readonly seed?: number;
}

const NO_CODES = new Int32Array(0);

/** Rows from which the bounds of bins are learned: some 400 a bin. */
const SAMPLE = 100_000;

/** Rows from which bins are learned: all of them, or a seeded sample, ascending. */
function sampleRows(rows: number, seed: number): Uint32Array {
  if (rows <= SAMPLE) return Uint32Array.from({ length: rows }, (_, i) => i);
  const draw = random(seed, 'bins');
  const chosen = new Uint32Array(SAMPLE);
  // One row out of each of as many equal stretches.
  for (let k = 0; k < SAMPLE; k++) {
    const from = Math.floor((k * rows) / SAMPLE);
    const to = Math.floor(((k + 1) * rows) / SAMPLE);
    chosen[k] = from + draw.below(to - from);
  }
  return chosen;
}

/** Whether a feature is to be encoded by its target. */
export function isByTarget({ name, levels, encoding = 'native' }: Feature): boolean {
  if (!ENCODINGS.includes(encoding)) {
    throw new UsageError(
      `feature "${name}" has the encoding "${encoding}".${didYouMean(encoding, ENCODINGS)}`,
    );
  }
  if (encoding === 'native') return false;
  if (levels === undefined) {
    throw new UsageError(`feature "${name}" holds numbers; only categories can be encoded by their target.`);
  }
  return true;
}

/** Refuses what is neither missing nor a category. */
export function refuseCode(name: string, levels: number, code: number, row: number): void {
  if (Number.isNaN(code) || (Number.isInteger(code) && code >= 0 && code < levels)) return;
  throw new UsageError(
    `feature "${name}" has the category ${code} in row ${row}; categories are 0 to ${levels - 1}.`,
  );
}

function binCategories({ name, values, levels = 0 }: Feature, most: number): BinnedFeature {
  const counts = new Float64Array(levels);
  for (let i = 0; i < values.length; i++) {
    const code = values[i]!;
    if (Number.isNaN(code)) continue;
    refuseCode(name, levels, code, i);
    counts[code]!++;
  }
  const codes = Array.from(counts.keys()).filter((code) => counts[code]! > 0);
  codes.sort((a, b) => counts[b]! - counts[a]! || a - b);
  const kept = Int32Array.from(codes.slice(0, most));
  return { name, count: kept.length, upper: new Float64Array(0), levels, codes: kept };
}

/** The bin of each category, written into `out`. */
function binCodes({ levels, codes }: BinnedFeature, values: Numbers, out: Uint8Array): void {
  const binOf = new Uint8Array(levels);
  for (let b = 0; b < codes.length; b++) binOf[codes[b]!] = b + 1;
  // A code that was never seen has no bin, like what is missing.
  for (let i = 0; i < values.length; i++) out[i] = binOf[values[i]!] ?? 0;
}

/** Refuses what is no table, and bins that cannot be. */
function refuseTable(features: readonly Feature[], bins: number): void {
  if (features.length === 0) throw new UsageError('trees need at least one feature.');
  if (!(Number.isInteger(bins) && bins >= 2 && bins <= 255)) {
    throw new UsageError(`bins is ${bins}; give a whole number from 2 to 255.`);
  }
  const rows = features[0]!.values.length;
  const odd = features.find(({ values }) => values.length !== rows);
  if (odd) {
    throw new UsageError(
      `feature "${odd.name}" has ${odd.values.length} rows where "${features[0]!.name}" has ${rows}.`,
    );
  }
}

/**
 * Bins columns on memory of the kernels, which lasts as long as their scope: numbers by what `uppers` makes of them, a few columns
 * at a time as copies of them take room, and categories, of which alone it makes something, by what `codes` does.
 */
function binColumns(
  features: readonly Feature[],
  uppers: (columns: readonly Numbers[], places: readonly number[]) => readonly Float64Array[],
  codes: (feature: Feature, place: number) => BinnedFeature | undefined,
  kernels: Kernels,
): BinnedTable {
  const rows = features[0]?.values.length ?? 0;
  const byRow = kernels.bytes(rows * features.length);
  const byColumn = kernels.bytes(rows * features.length);
  const out = features.map((_, f) => byColumn.subarray(f * rows, (f + 1) * rows));
  const binned: BinnedFeature[] = [];
  const numbers: number[] = [];
  for (const [f, feature] of features.entries()) {
    const own = codes(feature, f);
    if (own) {
      binned[f] = own;
      binCodes(own, feature.values, out[f]!);
    } else numbers.push(f);
  }
  for (let k = 0; k < numbers.length; k += kernels.threads) {
    const own = numbers.slice(k, k + kernels.threads);
    kernels.scope(() => {
      const columns = own.map((f) => kernels.within(features[f]!.values));
      const bounds = uppers(columns, own);
      kernels.binNumbers(
        columns,
        bounds,
        own.map((f) => out[f]!),
      );
      for (const [c, f] of own.entries()) {
        const upper = bounds[c]!;
        binned[f] = { name: features[f]!.name, count: upper.length, upper, levels: 0, codes: NO_CODES };
      }
    });
  }
  kernels.transpose(byColumn, rows, byRow);
  return { rows, features: binned, byRow, byColumn };
}

/** Bins a table as another one was binned, so that a model of that one can be asked about it; on memory of the kernels. */
export function binAs(
  binned: readonly BinnedFeature[],
  features: readonly Feature[],
  kernels: Kernels,
): BinnedTable {
  const uppers = (_: readonly Numbers[], places: readonly number[]) => places.map((f) => binned[f]!.upper);
  const codes = (_: Feature, f: number) => (binned[f]!.levels > 0 ? binned[f] : undefined);
  return { ...binColumns(features, uppers, codes, kernels), features: binned };
}

/** Bins a table on memory of the kernels: numbers by about equal counts, categories by how often they occur. */
export function binWithin(
  features: readonly Feature[],
  { bins = 255, seed = 1 }: BinOptions,
  kernels: Kernels,
): BinnedTable {
  refuseTable(features, bins);
  const sample = sampleRows(features[0]!.values.length, seed);
  const uppers = (columns: readonly Numbers[]) => kernels.bounds(columns, sample, bins);
  const codes = (feature: Feature) =>
    feature.levels === undefined ? undefined : binCategories(feature, bins);
  return binColumns(features, uppers, codes, kernels);
}

/**
 * Bins a table once for many trainings. Throws a UsageError for columns of unequal length, for categories out of range and
 * for those to be encoded by a target, as there is none here.
 */
export function binTable(
  features: readonly Feature[],
  options: BinOptions = {},
  kernels: Kernels = fastKernels(),
): BinnedTable {
  const byTarget = features.find(isByTarget);
  if (byTarget) {
    throw new UsageError(
      `feature "${byTarget.name}" is encoded by its target, which a table alone does not have; give trainTrees the features.`,
    );
  }
  return kernels.scope(() => {
    const table = binWithin(features, options, kernels);
    return { ...table, byRow: table.byRow.slice(), byColumn: table.byColumn.slice() };
  });
}
