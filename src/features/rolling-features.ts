// Means, spreads and gaps of the last known cells, and how old a series is.
import { CellState } from '../core/panel.ts';
import type { Feature } from '../learn/trees/bins.ts';
import { type FeatureRows, feature, rowCount, type Setting } from './feature-rows.ts';
import type { History } from './history.ts';

/** Rolling windows in periods: short ones, and whole seasons. */
export function rollingWindows({ seasons, window }: Setting): number[] {
  const short = seasons[0] ?? 1;
  const wanted = short > 1 && short < 20 ? [short, 2 * short, 4 * short, 8 * short] : [4, 8, 13, 26];
  return [...new Set([...wanted, window, ...seasons.filter((m) => m > window)])].sort((a, b) => a - b);
}

/** Cells looked at for the last stock-out and the last sale. */
const LOOK_BACK = 400;

/** Statistics of the past in units of the level; the level itself, age and stock. */
export function rollingFeatures(
  rows: FeatureRows,
  history: History,
  level: Float64Array,
  setting: Setting,
): Feature[] {
  const count = rowCount(rows);
  const { series, known, step } = rows;
  const { panel } = history;
  const out: Feature[] = [];
  for (const w of rollingWindows(setting)) {
    out.push(
      feature(`mean of ${w}`, count, (r) => history.mean(series[r]!, known[r]! - w, known[r]!) / level[r]!),
      feature(`sd of ${w}`, count, (r) => history.sd(series[r]!, known[r]! - w, known[r]!) / level[r]!),
    );
  }
  const [short = 4, middle = 8] = rollingWindows(setting);
  const since = (r: number, is: (at: number) => boolean): number => {
    const from = panel.offsets[series[r]!]!;
    for (let back = 1; back <= Math.min(LOOK_BACK, known[r]!); back++)
      if (is(from + known[r]! - back)) return back;
    return Number.NaN;
  };
  out.push(
    feature('mean of all', count, (r) => history.mean(series[r]!, 0, known[r]!) / level[r]!),
    feature(
      'short change',
      count,
      (r) =>
        (history.mean(series[r]!, known[r]! - short, known[r]!) -
          history.mean(series[r]!, known[r]! - 2 * short, known[r]! - short)) /
        level[r]!,
    ),
    feature(
      'change',
      count,
      (r) =>
        (history.mean(series[r]!, known[r]! - middle, known[r]!) -
          history.mean(series[r]!, known[r]! - 2 * middle, known[r]! - middle)) /
        level[r]!,
    ),
    feature(
      'share of zeros',
      count,
      (r) =>
        history.zeros(series[r]!, known[r]! - setting.window, known[r]!) /
        history.count(series[r]!, known[r]! - setting.window, known[r]!),
    ),
    feature('log level', count, (r) => Math.log(level[r]!)),
    feature('step', count, (r) => step[r]!),
    feature('age', count, (r) => known[r]! + step[r]! - 1),
  );
  let [zeros, gaps, outs] = [false, false, false];
  for (let at = 0; at < panel.y.length; at++) {
    zeros ||= panel.y[at] === 0;
    gaps ||= panel.state[at] === CellState.missing;
    outs ||= panel.state[at] === CellState.stockOut;
  }
  if (zeros) out.push(feature('since the last sale', count, (r) => since(r, (at) => panel.y[at]! > 0)));
  if (gaps) {
    out.push(
      feature(
        'share observed',
        count,
        (r) =>
          history.count(series[r]!, known[r]! - setting.window, known[r]!) /
          Math.min(setting.window, known[r]!),
      ),
    );
  }
  if (outs) {
    out.push(
      feature('since the last stock-out', count, (r) =>
        since(r, (at) => panel.state[at] === CellState.stockOut),
      ),
    );
  }
  return out;
}
