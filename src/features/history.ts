// The past of every series of a panel with running sums, so that a mean over any stretch of it costs the same.
import { lengthOf, type Panel } from '../core/panel.ts';

export interface History {
  readonly panel: Panel;
  /** The value of cell t of series i; NaN where there is none. */
  value(i: number, t: number): number;
  /** Observed cells of series i in [from, to). */
  count(i: number, from: number, to: number): number;
  /** Mean of the observed cells in [from, to); NaN where there are none. */
  mean(i: number, from: number, to: number): number;
  /** Mean of the absolute values in [from, to). */
  size(i: number, from: number, to: number): number;
  /** Standard deviation around that mean, divided by the count; NaN below two cells. */
  sd(i: number, from: number, to: number): number;
  /** Observed zeros in [from, to). */
  zeros(i: number, from: number, to: number): number;
}

/** Sums up to before cell t of series i at offsets[i] + i + t, begun anew for each series so that sizes do not mix. */
function runningSums(panel: Panel, of: (y: number) => number): Float64Array {
  const sums = new Float64Array(panel.y.length + panel.ids.length);
  for (let i = 0; i < panel.ids.length; i++) {
    const from = panel.offsets[i]!;
    const n = lengthOf(panel, i);
    for (let t = 0; t < n; t++) {
      const y = panel.y[from + t]!;
      sums[from + i + t + 1] = sums[from + i + t]! + (Number.isNaN(y) ? 0 : of(y));
    }
  }
  return sums;
}

/** Reads a panel's past; later changes of the panel are not seen. */
export function historyOf(panel: Panel): History {
  const { offsets, y } = panel;
  const counts = runningSums(panel, () => 1);
  const totals = runningSums(panel, (v) => v);
  const sizes = runningSums(panel, Math.abs);
  const squares = runningSums(panel, (v) => v * v);
  const zeroes = runningSums(panel, (v) => (v === 0 ? 1 : 0));
  const between = (sums: Float64Array, i: number, from: number, to: number): number => {
    const n = offsets[i + 1]! - offsets[i]!;
    const a = Math.min(Math.max(from, 0), n);
    const b = Math.min(Math.max(to, a), n);
    const base = offsets[i]! + i;
    return sums[base + b]! - sums[base + a]!;
  };
  const count = (i: number, from: number, to: number): number => between(counts, i, from, to);
  const mean = (i: number, from: number, to: number): number =>
    between(totals, i, from, to) / (count(i, from, to) || Number.NaN);
  return {
    panel,
    value: (i, t) => {
      const at = offsets[i]! + t;
      return t >= 0 && at < offsets[i + 1]! ? y[at]! : Number.NaN;
    },
    count,
    mean,
    size: (i, from, to) => between(sizes, i, from, to) / (count(i, from, to) || Number.NaN),
    sd: (i, from, to) => {
      const n = count(i, from, to);
      if (n < 2) return Number.NaN;
      const centre = mean(i, from, to);
      return Math.sqrt(Math.max(0, between(squares, i, from, to) / n - centre * centre));
    },
    zeros: (i, from, to) => between(zeroes, i, from, to),
  };
}
