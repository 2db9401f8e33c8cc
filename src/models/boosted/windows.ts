// The earlier windows on which a global model is chosen and calibrated: cutoffs by date, the same for all series.
import { lengthOf, type Panel } from '../../core/panel.ts';
import type { Random } from '../../core/random.ts';
import type { FeatureRows } from '../../features/feature-rows.ts';

export interface DateWindow {
  /** The first period that is not known. */
  readonly origin: number;
  readonly length: number;
}

/** The period after the last of any series. */
export function panelEnd(panel: Panel): number {
  let end = -Infinity;
  for (let i = 0; i < panel.ids.length; i++) end = Math.max(end, panel.start[i]! + lengthOf(panel, i));
  return end;
}

/** Periods after the first season that make it worth keeping for lags alone. */
const LEAST_AFTER = 8;

/**
 * Two windows, the one that reaches back furthest first. Where the past is too short for two of h periods and a season before
 * them, they overlap: the first has half of what is left after a season, the second the second half of that.
 */
export function dateWindows(panel: Panel, h: number, season: number): DateWindow[] {
  const end = panelEnd(panel);
  let first = Infinity;
  for (const start of panel.start) first = Math.min(first, start);
  const span = end - first;
  const back = span >= season + LEAST_AFTER ? season : 0;
  if (span >= back + 4 * h) {
    return [
      { origin: end - 2 * h, length: h },
      { origin: end - h, length: h },
    ];
  }
  const length = Math.min(h, Math.floor((span - back) / 2));
  if (length < 1) return [];
  const half = Math.ceil(length / 2);
  const windows = [{ origin: end - length, length }];
  return half < length ? [...windows, { origin: end - half, length: half }] : windows;
}

/** Rows of a window's forecasts whose targets were observed; beyond `most` whole series are left out. */
export function windowRows(
  panel: Panel,
  { origin, length }: DateWindow,
  most: number,
  draw: Random,
): FeatureRows {
  const share = most / Math.max(1, panel.ids.length * length);
  const series: number[] = [];
  const known: number[] = [];
  const step: number[] = [];
  for (let i = 0; i < panel.ids.length; i++) {
    if (share < 1 && draw.uniform() >= share) continue;
    const n = origin - panel.start[i]!;
    if (n < 1) continue;
    const from = panel.offsets[i]! + n;
    for (let s = 1; s <= length && n + s <= lengthOf(panel, i); s++) {
      if (Number.isNaN(panel.y[from + s - 1]!)) continue;
      series.push(i);
      known.push(n);
      step.push(s);
    }
  }
  return { series: Int32Array.from(series), known: Int32Array.from(known), step: Int32Array.from(step) };
}
