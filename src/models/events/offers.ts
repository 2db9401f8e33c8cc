// What is sold in a period beside what offers do. Offers gather about holidays, so what they do is told from products that have none at
// the time: a Poisson regression with an effect of each series and of each period (Gourieroux, Monfort and Trognon 1984), which
// holds for sales of any kind whose mean is a product.
import type { Cells } from './cells.ts';

/** Steps of the regression. */
const STEPS = 6;
/** Share of an offer's moves that must be its own among the series of a period, for what it does to be told from them. */
const LEAST_OWN = 0.05;
/** A pivot below this is that of an offer that others tell already. */
const LEAST_PIVOT = 1e-12;

/** Solves a small symmetric system, p × p, by elimination; what cannot be told is 0. */
function solved(a: Float64Array, b: Float64Array): Float64Array {
  const p = b.length;
  const rows = Array.from(b, (value, j) => Float64Array.of(...a.subarray(j * p, (j + 1) * p), value));
  const isTold = rows.map((own, j) => {
    const pivot = own[j]!;
    if (!(pivot > LEAST_PIVOT)) return false;
    for (const [k, other] of rows.entries()) {
      const share = other[j]! / pivot;
      if (k !== j) for (let c = j; c <= p; c++) other[c]! -= share * own[c]!;
    }
    return true;
  });
  return b.map((_, j) => (isTold[j] ? rows[j]![p]! / rows[j]![j]! : 0));
}

/** Sums over cells of offers against what is usual of their period, the moments of one step, with what is expected of each cell. */
function momentsOf(
  { n, period, weight, share, offers, width }: Cells,
  due: Float64Array,
): { readonly zz: Float64Array; readonly zy: Float64Array; readonly own: Float64Array } {
  const [mass, sums] = [new Float64Array(n), new Float64Array(n * width)];
  const [all, means] = [new Float64Array(width), new Float64Array(width)];
  for (const [k, mu] of due.entries()) {
    mass[period[k]!]! += mu;
    for (let j = 0; j < width; j++) sums[period[k]! * width + j]! += mu * offers[k * width + j]!;
  }
  const total = mass.reduce((sum, value) => sum + value, 0);
  for (const [at, value] of sums.entries()) means[at % width]! += value / total;
  const [zz, zy, off] = [new Float64Array(width * width), new Float64Array(width), new Float64Array(width)];
  for (const [k, mu] of due.entries()) {
    const p = period[k]!;
    // Where nothing is sold at all, nothing can be told.
    if (mass[p] === 0) continue;
    for (let j = 0; j < width; j++) {
      const value = offers[k * width + j]!;
      off[j] = value - sums[p * width + j]! / mass[p]!;
      all[j]! += mu * (value - means[j]!) ** 2;
    }
    for (let j = 0; j < width; j++) {
      zy[j]! += (weight[k]! * share[k]! - mu) * off[j]!;
      for (let c = 0; c < width; c++) zz[j * width + c]! += mu * off[j]! * off[c]!;
    }
  }
  return { zz, zy, own: all.map((value, j) => zz[j * width + j]! / value) };
}

/** What cells sold, as a product. */
export interface OfferedSales {
  /** What is sold in each period, in units of the mean of each series. */
  readonly common: Float64Array;
  /** What each cell sells, by its member and its offers, where a period is like any other. */
  readonly due: Float64Array;
  /** The offers that cannot be told from the period. */
  readonly together: readonly number[];
}

export function effectOfOffers(cells: Cells): OfferedSales {
  const { n, series, period, member, share, weight, offers, width } = cells;
  const [common, size] = [new Float64Array(n).fill(1), new Float64Array(series.length).fill(1)];
  const [effect, factor] = [new Float64Array(width), new Float64Array(share.length).fill(1)];
  /** Sets the effects of periods, or of series, to what was sold over what the others make it. */
  const settle = (into: Float64Array, code: Int32Array, other: (k: number) => number): void => {
    const [sold, due] = [new Float64Array(into.length), new Float64Array(into.length)];
    for (const [k, own] of code.entries()) {
      sold[own]! += weight[k]! * share[k]!;
      due[own]! += weight[k]! * factor[k]! * other(k);
    }
    for (let c = 0; c < into.length; c++) into[c] = due[c]! > 0 ? sold[c]! / due[c]! : Number.NaN;
  };
  let together: number[] = [];
  for (let step = 0; ; step++) {
    settle(common, period, (k) => size[member[k]!]!);
    settle(size, member, (k) => common[period[k]!]!);
    const usual = factor.map((value, k) => size[member[k]!]! * value);
    if (width === 0 || step >= STEPS) return { common, due: usual, together };
    const due = usual.map((value, k) => weight[k]! * common[period[k]!]! * value);
    const { zz, zy, own } = momentsOf(cells, due);
    if (step === 0) together = [...own.keys()].filter((j) => !(own[j]! > LEAST_OWN));
    for (const j of together) {
      zy[j] = 0;
      for (let c = 0; c < width; c++) zz[j * width + c] = zz[c * width + j] = 0;
    }
    const move = solved(zz, zy);
    for (let j = 0; j < width; j++) effect[j]! += move[j]!;
    for (let k = 0; k < factor.length; k++) {
      let log = 0;
      for (let j = 0; j < width; j++) log += effect[j]! * offers[k * width + j]!;
      factor[k] = Math.exp(log);
    }
  }
}
