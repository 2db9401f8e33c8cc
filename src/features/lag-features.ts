// What a series sold before: its last values, and the values a season before the target.
import type { Feature } from '../learn/trees/bins.ts';
import { type LiftsBefore, moveBetween, NO_LIFTS } from './event-moves.ts';
import { feastShift } from './feast-shift.ts';
import { type FeatureRows, feature, rowCount, type Setting } from './feature-rows.ts';
import type { History } from './history.ts';
import { isLong } from './long-season.ts';

/** Cells of the same phase as the target that are known: the cell `back` cycles ago, counted from the newest known one. */
export const seasonalCell = (known: number, step: number, m: number, back: number): number =>
  known + step - 1 - m * (Math.ceil(step / m) + back - 1);

/** The last known values, newest first, in units of the level. */
export function recentLags(
  rows: FeatureRows,
  history: History,
  level: Float64Array,
  { seasons }: Setting,
): Feature[] {
  const short = seasons[0] ?? 1;
  const lags = short > 1 && short <= 14 ? short : 6;
  return Array.from({ length: lags }, (_, k) =>
    feature(
      `lag ${k + 1}`,
      rowCount(rows),
      (r) => history.value(rows.series[r]!, rows.known[r]! - 1 - k) / level[r]!,
    ),
  );
}

/** Seasons that a mean season is made of at most, and what each weighs beside the one after it. */
const CYCLES = 3;
const FADING = 0.8;

/**
 * The mean of a phase over the last cycles, each cycle in units of its own mean: two noisy years tell more of a season than
 * one. `row` gives the mean size of the cycle `back` ago (NaN where it is not whole), `at` the value of the phase in it.
 */
export function meanSeason(row: (back: number) => number, at: (back: number) => number): number {
  let total = 0;
  let weights = 0;
  for (let back = 1; back <= CYCLES; back++) {
    const share = at(back) / row(back);
    if (!Number.isFinite(share)) continue;
    const weight = FADING ** back;
    total += weight * share;
    weights += weight;
  }
  return total / weights;
}

/** Windows over which growth from season to season is measured, as shares of a season. */
const GROWTH = [1 / 12, 1 / 6, 1 / 3, 2 / 3, 1];
/** Those of them by which the last season is carried on. */
const CARRIED = [1 / 6, 2 / 3];
const widthOf = (share: number, m: number): number => Math.max(1, Math.round(share * m));

/** Values of the target's phase in earlier seasons, in units of the level, and how the series grew since. */
export function seasonalLags(
  rows: FeatureRows,
  history: History,
  level: Float64Array,
  { freq, seasons, window }: Setting,
  liftsBefore: LiftsBefore = NO_LIFTS,
): Feature[] {
  const count = rowCount(rows);
  const { series, known, step } = rows;
  /** The value of a cell that stands for the target of row r. */
  const moved = (r: number, t: number): number => {
    const start = history.panel.start[series[r]!]!;
    const lift = liftsBefore(start + known[r]!)?.of(series[r]!);
    return history.value(series[r]!, t) * moveBetween(lift, start + t, start + known[r]! + step[r]! - 1);
  };
  return seasons.flatMap((m) => {
    const long = isLong(m, freq);
    const at = (r: number, back: number): number => seasonalCell(known[r]!, step[r]!, m, back);
    const out: Feature[] = [];
    for (let back = 1; back <= (long ? 2 : 4); back++) {
      const offsets = long ? [0, -1, 1] : [0];
      for (const off of offsets) {
        const name = `season ${m}, ${back} ago${off === 0 ? '' : off < 0 ? ', before' : ', after'}`;
        // A cell after the phase may not be known yet; value() would show what is.
        out.push(
          feature(name, count, (r) => {
            const t = at(r, back) + off;
            return t < known[r]!
              ? (off === 0 ? moved(r, t) : history.value(series[r]!, t)) / level[r]!
              : Number.NaN;
          }),
        );
      }
      if (long) {
        out.push(
          feature(`season ${m}, ${back} ago, around`, count, (r) => {
            const t = at(r, back);
            return history.mean(series[r]!, t - 2, Math.min(t + 3, known[r]!)) / level[r]!;
          }),
          feature(`season ${m}, ${back} ago, of its level then`, count, (r) => {
            const then = known[r]! - m * back;
            const size = history.count(series[r]!, then - window, then) > window / 2;
            return size ? moved(r, at(r, back)) / history.size(series[r]!, then - window, then) : Number.NaN;
          }),
        );
      }
    }
    if (!long) {
      out.push(
        feature(`season ${m}, mean of 8`, count, (r) => {
          let total = 0;
          let seen = 0;
          for (let back = 1; back <= 8; back++) {
            const value = moved(r, at(r, back));
            if (Number.isNaN(value)) continue;
            total += value;
            seen++;
          }
          return total / seen / level[r]!;
        }),
      );
      return out;
    }
    out.push(
      feature(`season ${m} by feast`, count, (r) => {
        const target = history.panel.start[series[r]!]! + known[r]! + step[r]! - 1;
        const t = at(r, 1) + feastShift(freq, target, m);
        return t < known[r]! ? moved(r, t) / level[r]! : Number.NaN;
      }),
      feature(`mean season ${m}`, count, (r) => {
        const [i, n] = [series[r]!, known[r]!];
        // The newest cycle may not be whole yet: its mean then is that of what is known, as the level is.
        const row = (back: number): number =>
          back === 1 || n >= m * back ? history.size(i, n - m * back, n - m * (back - 1)) : Number.NaN;
        const season = meanSeason(row, (back) => moved(r, at(r, back)));
        return (season * history.size(i, n - m, n)) / level[r]!;
      }),
    );
    const widths = new Set(GROWTH.map((share) => widthOf(share, m)));
    const carried = CARRIED.map((share) => widthOf(share, m));
    for (const w of widths) {
      const growth = (r: number): number => {
        const [i, n] = [series[r]!, known[r]!];
        if (history.count(i, n - m - w, n - m) < w / 2) return Number.NaN;
        const ratio = history.mean(i, n - w, n) / history.mean(i, n - m - w, n - m);
        return ratio > 0 ? Math.min(ratio, 10) : Number.NaN;
      };
      out.push(feature(`growth over ${m} by ${w}`, count, growth));
      if (carried.includes(w)) {
        out.push(
          feature(`season ${m} grown by ${w}`, count, (r) => (moved(r, at(r, 1)) / level[r]!) * growth(r)),
        );
      }
    }
    return out;
  });
}
