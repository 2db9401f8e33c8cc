// What the report adds up: each series over the horizon, and all series period by period.
import { CellState, lengthOf, type Panel, seriesCount } from '../core/panel.ts';
import { yearLag } from './axis.ts';
import type { Report, ReportBacktest } from './report.ts';

/** Sums are compared only with a past in which at least this share of the open cells was observed. */
const LEAST_OBSERVED = 0.9;

/** All series added up on one time axis; only where most series end in the same period. */
export interface Total {
  /** Ordinal of the first forecast period. */
  readonly start: number;
  /** Series in the sum; the others end earlier or later. */
  readonly series: number;
  /** Ordinal of history[0]. */
  readonly historyStart: number;
  /** Observed sums by period; NaN where no series was observed. */
  readonly history: Float64Array;
  /** CellState of each period of `history`: observed where any series was, closed where all were. */
  readonly state: Uint8Array;
  readonly mean: Float64Array;
  /** Forecast sums for the periods that were held back; series that could not be tried are in it as observed. */
  readonly backtest?: { readonly start: number; readonly mean: Float64Array; readonly untried: number };
  /** Observed in the h periods before, and in the same periods a year before; NaN where not well known. */
  readonly before: number;
  readonly yearBefore: number;
  /** Share of open cells that were not observed over the last four horizons. */
  readonly unobserved: number;
}

export interface Summary {
  /** Expected over the horizon, one a series. */
  readonly expected: Float64Array;
  /** Observed over the h periods before it, one a series; NaN where not well known. */
  readonly before: Float64Array;
  /** Indices of series, the largest expected first. */
  readonly order: readonly number[];
  /** Sum of `expected`. */
  readonly sum: number;
  readonly total: Total | undefined;
}

/** How many cells of series i a backtest hid. */
export const hiddenOf = (backtest: ReportBacktest, i: number): number =>
  typeof backtest.hidden === 'number' ? backtest.hidden : (backtest.hidden[i] ?? 0);

/** The observed sum of series i over periods [from, to), with the counts of open and of observed cells. */
function observedSum(panel: Panel, i: number, from: number, to: number) {
  const first = panel.offsets[i]! - panel.start[i]!;
  const begin = Math.max(from, panel.start[i]!);
  const end = Math.min(to, panel.start[i]! + lengthOf(panel, i));
  let sum = 0;
  let open = 0;
  let observed = 0;
  for (let t = begin; t < end; t++) {
    const y = panel.y[first + t]!;
    if (!Number.isNaN(y)) {
      sum += y;
      observed++;
      open++;
    } else if (panel.state[first + t] !== CellState.closed) open++;
  }
  return { sum, open, observed };
}

/** The first forecast period that most series share; undefined where fewer than half do. */
function commonStart(starts: Int32Array): number | undefined {
  const counts = new Map<number, number>();
  for (const start of starts) counts.set(start, (counts.get(start) ?? 0) + 1);
  let best: number | undefined;
  for (const [start, count] of counts) {
    const most = best === undefined ? 0 : counts.get(best)!;
    if (count > most || (count === most && start > best!)) best = start;
  }
  return best !== undefined && 2 * counts.get(best)! >= starts.length ? best : undefined;
}

function totalOf(report: Report): Total | undefined {
  const { panel, forecast, backtest } = report;
  const { h } = forecast;
  const start = commonStart(forecast.start);
  if (start === undefined) return undefined;
  const members: number[] = [];
  for (let i = 0; i < seriesCount(panel); i++) if (forecast.start[i] === start) members.push(i);

  let historyStart = start;
  for (const i of members) if (lengthOf(panel, i) > 0) historyStart = Math.min(historyStart, panel.start[i]!);
  const periods = start - historyStart;
  const history = new Float64Array(periods).fill(Number.NaN);
  const state = new Uint8Array(periods).fill(CellState.closed);
  const mean = new Float64Array(h);
  for (const i of members) {
    const end = Math.min(lengthOf(panel, i), start - panel.start[i]!);
    for (let k = 0; k < end; k++) {
      const t = panel.start[i]! - historyStart + k;
      const y = panel.y[panel.offsets[i]! + k]!;
      if (!Number.isNaN(y)) {
        history[t] = Number.isNaN(history[t]!) ? y : history[t]! + y;
        state[t] = CellState.observed;
      } else if (state[t] === CellState.closed && panel.state[panel.offsets[i]! + k] !== CellState.closed) {
        state[t] = CellState.missing;
      }
    }
    for (let s = 0; s < h; s++) mean[s]! += forecast.mean[i * h + s]!;
  }

  const over = (from: number, to: number): { sum: number; share: number } => {
    let [sum, open, observed] = [0, 0, 0];
    for (const i of members) {
      const part = observedSum(panel, i, from, to);
      sum += part.sum;
      open += part.open;
      observed += part.observed;
    }
    return { sum, share: open > 0 ? observed / open : 0 };
  };
  const known = (from: number, to: number): number => {
    if (from < historyStart) return Number.NaN;
    const { sum, share } = over(from, to);
    return share >= LEAST_OBSERVED ? sum : Number.NaN;
  };
  const lag = yearLag(panel.freq);
  const tried = backtest && triedTotal(report, backtest, members, start);
  return {
    start,
    series: members.length,
    historyStart,
    history,
    state,
    mean,
    ...(tried ? { backtest: tried } : {}),
    before: known(start - h, start),
    yearBefore: lag !== undefined && h <= lag ? known(start - lag, start - lag + h) : Number.NaN,
    unobserved: 1 - over(start - 4 * h, start).share,
  };
}

/**
 * Held-back forecasts added up by period. Series that were held back less, or not at all, stand in the sum with
 * what was observed, so that the sum shows the forecast's error and nothing else; where they are a fifth of the
 * total or more there is no sum.
 */
function triedTotal(report: Report, backtest: ReportBacktest, members: readonly number[], start: number) {
  const { panel } = report;
  const { h } = backtest;
  let hidden = 0;
  for (const i of members) hidden = Math.max(hidden, hiddenOf(backtest, i));
  if (hidden === 0) return undefined;
  const mean = new Float64Array(h);
  let [all, covered, untried] = [0, 0, 0];
  for (const i of members) {
    const { sum } = observedSum(panel, i, start - hidden, start - hidden + h);
    all += Math.abs(sum);
    const tried = hiddenOf(backtest, i) === hidden && !Number.isNaN(backtest.mean[i * h]!);
    if (tried) covered += Math.abs(sum);
    else untried++;
    const first = panel.offsets[i]! - panel.start[i]! + start - hidden;
    for (let s = 0; s < h; s++) {
      const inside = first + s >= panel.offsets[i]! && first + s < panel.offsets[i + 1]!;
      const value = tried ? backtest.mean[i * h + s]! : inside ? panel.y[first + s]! : 0;
      mean[s]! += Number.isNaN(value) && !tried ? 0 : value;
    }
  }
  return covered > 0.8 * all ? { start: start - hidden, mean, untried } : undefined;
}

/** Adds up what the sections of the report show. */
export function summarise(report: Report): Summary {
  const { panel, forecast } = report;
  const { h } = forecast;
  const count = seriesCount(panel);
  const expected = new Float64Array(count);
  const before = new Float64Array(count).fill(Number.NaN);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    for (let s = 0; s < h; s++) expected[i]! += forecast.mean[i * h + s]!;
    sum += expected[i]!;
    const start = forecast.start[i]!;
    if (start - h < panel.start[i]!) continue;
    const past = observedSum(panel, i, start - h, start);
    if (past.open > 0 && past.observed >= LEAST_OBSERVED * past.open) before[i] = past.sum;
  }
  const order = Array.from({ length: count }, (_, i) => i);
  const rank = (i: number): number => (Number.isNaN(expected[i]!) ? -Infinity : expected[i]!);
  order.sort((a, b) => (rank(b) > rank(a) ? 1 : rank(b) < rank(a) ? -1 : a - b));
  return { expected, before, order, sum, total: totalOf(report) };
}

export interface Hindsight {
  readonly forecast: number;
  readonly observed: number;
  /** Σ|e| / Σ|y| over the same cells; NaN where Σ|y| is 0. */
  readonly wape: number;
}

/** How the reported window of some series came out, over cells that were forecast and observed. */
export function hindsight(report: Report, series: Iterable<number>): Hindsight | undefined {
  const { panel, backtest } = report;
  if (!backtest) return undefined;
  let [forecast, observed, error, size, cells] = [0, 0, 0, 0, 0];
  for (const i of series) {
    const first = panel.offsets[i + 1]! - hiddenOf(backtest, i);
    if (first < panel.offsets[i]!) continue;
    for (let s = 0; s < backtest.h && first + s < panel.offsets[i + 1]!; s++) {
      const y = panel.y[first + s]!;
      const f = backtest.mean[i * backtest.h + s]!;
      if (Number.isNaN(y) || Number.isNaN(f)) continue;
      forecast += f;
      observed += y;
      error += Math.abs(f - y);
      size += Math.abs(y);
      cells++;
    }
  }
  return cells === 0 ? undefined : { forecast, observed, wape: size > 0 ? error / size : Number.NaN };
}
