// Kinds of demand after Syntetos, Boylan and Croston (2005): how often something sells, and how evenly.
import type { Panel } from '../core/panel.ts';
import { variance } from '../math/statistics.ts';

export type IntermittencyClass = 'smooth' | 'erratic' | 'intermittent' | 'lumpy';
export const INTERMITTENCY_CLASSES: readonly IntermittencyClass[] = [
  'smooth',
  'erratic',
  'intermittent',
  'lumpy',
];

/** Periods from one sale to the next, on average, above which demand is intermittent. */
const ADI_LIMIT = 1.32;
/** Squared coefficient of variation of the sizes of sales above which demand is erratic. */
const CV2_LIMIT = 0.49;

export interface Demand {
  /** Observed periods per period with a sale; Infinity where nothing was ever sold. */
  readonly adi: number;
  /** Squared coefficient of variation of the values other than 0; 0 for fewer than two. */
  readonly cv2: number;
}

/** How often and how evenly a series sells. Cells that were not observed (NaN) count for nothing. */
export function demandOf(y: Float64Array): Demand {
  let observed = 0;
  let sales = 0;
  let total = 0;
  for (let t = 0; t < y.length; t++) {
    const value = y[t]!;
    if (Number.isNaN(value)) continue;
    observed++;
    if (value === 0) continue;
    sales++;
    total += value;
  }
  if (sales < 2) return { adi: observed / sales, cv2: 0 };
  const sizes = new Float64Array(sales);
  for (let t = 0, k = 0; t < y.length; t++) {
    if (!Number.isNaN(y[t]!) && y[t] !== 0) sizes[k++] = y[t]!;
  }
  return { adi: observed / sales, cv2: variance(sizes) / (total / sales) ** 2 };
}

/** The kind of demand of a series; a series without any sale is intermittent. */
export function intermittencyClass(y: Float64Array): IntermittencyClass {
  const { adi, cv2 } = demandOf(y);
  const often = adi <= ADI_LIMIT;
  const even = !(cv2 > CV2_LIMIT);
  if (often) return even ? 'smooth' : 'erratic';
  return even ? 'intermittent' : 'lumpy';
}

/**
 * The segment of each series, by which models are chosen and scores are grouped: its kind of demand.
 * The last `hidden` cells of each series (at most half of them) are not looked at; defaults to 0.
 */
export function segments(panel: Panel, { hidden = 0 }: { hidden?: number } = {}): string[] {
  return panel.ids.map((_, i) => {
    const from = panel.offsets[i]!;
    const to = panel.offsets[i + 1]!;
    return intermittencyClass(panel.y.subarray(from, to - Math.min(hidden, Math.floor((to - from) / 2))));
  });
}
