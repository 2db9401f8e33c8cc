// What a whole group of series does: its season and growth, which are far less noisy than those of one series.
// Target encoding in time: only cells before a row's cutoff count, each series in units of its own mean then.
import type { StaticColumn } from '../core/panel.ts';
import type { Feature } from '../learn/trees/bins.ts';
import { type LiftsBefore, moveBetween, NO_LIFTS } from './event-moves.ts';
import { feastShift } from './feast-shift.ts';
import { type FeatureRows, feature, rowCount, type Setting } from './feature-rows.ts';
import { figuredSeasons, figureName, turnHalf, turnName } from './figure-features.ts';
import type { History } from './history.ts';
import { meanSeason, seasonalCell } from './lag-features.ts';
import { isLong } from './long-season.ts';
import { figureOf, type Past, turnOf } from './season-figure.ts';

/** A partition of the series: one code a series. */
export interface Grouping {
  readonly name: string;
  readonly codes: Int32Array;
  readonly groups: number;
}

/** All series together, and one grouping a static category that puts at least two series into a group on average. */
export function groupingsOf(count: number, statics: readonly StaticColumn[]): Grouping[] {
  const all: Grouping = { name: 'all', codes: new Int32Array(count), groups: 1 };
  const own = statics.flatMap(({ name, values, levels }): Grouping[] => {
    if (!levels || levels.length < 2 || levels.length * 2 > count) return [];
    return [
      { name, codes: Int32Array.from(values, (v) => (Number.isNaN(v) ? -1 : v)), groups: levels.length },
    ];
  });
  return [all, ...own];
}

/** Series in units of their means: how many seasons the mean is taken over at most. */
const MEAN_SEASONS = 2;

/** The index of each group in each period before one cutoff; group g at period p is at g · span + p − first. */
function indexAt(
  history: History,
  { codes, groups }: Grouping,
  origin: number,
  first: number,
  longest: number,
): Float64Array {
  const { panel } = history;
  const span = origin - first;
  const totals = new Float64Array(groups * span);
  const counts = new Uint32Array(groups * span);
  for (let i = 0; i < codes.length; i++) {
    if (codes[i]! < 0) continue;
    const n = Math.min(origin - panel.start[i]!, panel.offsets[i + 1]! - panel.offsets[i]!);
    if (n < 1) continue;
    // Whole seasons, so that the mean does not tell which part of the year is missing.
    const cells = longest > 1 && n >= longest ? longest * Math.min(MEAN_SEASONS, Math.floor(n / longest)) : n;
    const mean = history.size(i, n - cells, n);
    if (!(mean > 0)) continue;
    const row = codes[i]! * span + panel.start[i]! - first;
    const from = panel.offsets[i]!;
    for (let t = 0; t < n; t++) {
      const y = panel.y[from + t]!;
      if (Number.isNaN(y)) continue;
      totals[row + t]! += y / mean;
      counts[row + t]!++;
    }
  }
  for (let k = 0; k < totals.length; k++) totals[k] = counts[k]! > 0 ? totals[k]! / counts[k]! : Number.NaN;
  return totals;
}

/** Mean of the numbers in [from, to) of an index row; NaN where there are none. */
function meanOf(index: Float64Array, row: number, span: number, from: number, to: number): number {
  let total = 0;
  let count = 0;
  for (let p = Math.max(0, from); p < Math.min(span, to); p++) {
    const value = index[row + p]!;
    if (Number.isNaN(value)) continue;
    total += value;
    count++;
  }
  return total / count;
}

/** A feature of a group, and whether it tells of the season, growth since the last one included, or of the level. */
export interface GroupFeature {
  readonly feature: Feature;
  readonly tells: 'season' | 'level';
}

/** Season, growth and level of each group a row belongs to. */
export function groupFeatures(
  rows: FeatureRows,
  history: History,
  groupings: readonly Grouping[],
  setting: Setting,
  liftsBefore: LiftsBefore = NO_LIFTS,
): GroupFeature[] {
  const { freq, seasons, window } = setting;
  const count = rowCount(rows);
  const { panel } = history;
  const { series, known, step } = rows;
  const originAt = (r: number): number => panel.start[series[r]!]! + known[r]!;
  let first = Infinity;
  for (const start of panel.start) first = Math.min(first, start);
  // Rows by cutoff: one index serves all rows of a cutoff and is then forgotten.
  const byOrigin = new Map<number, number[]>();
  for (let r = 0; r < count; r++) {
    const own = byOrigin.get(originAt(r));
    if (own) own.push(r);
    else byOrigin.set(originAt(r), [r]);
  }
  const longest = seasons.at(-1) ?? 1;
  const { short, long } = figuredSeasons(setting);
  const recent = Math.max(4, Math.round(window / 8));
  return groupings.flatMap((grouping) => {
    const out: GroupFeature[] = [];
    const column = (name: string, tells: GroupFeature['tells'] = 'season'): Float32Array => {
      const made = feature(`${name} of ${grouping.name}`, count, () => Number.NaN);
      out.push({ feature: made, tells });
      return made.values as Float32Array;
    };
    const bySeason = seasons.map((m) => ({
      m,
      last: column(`season ${m}`),
      long: isLong(m, freq)
        ? {
            mean: column(`mean season ${m}`),
            feast: column(`season ${m} by feast`),
            around: column(`season ${m} around`),
            grown: column(`season ${m} grown`),
            growth: column(`growth over ${m}`),
            before: column(`season ${m}, 2 ago`),
          }
        : undefined,
    }));
    const figure = short === undefined ? undefined : column(figureName(short));
    const turns = long.map((m) => ({ m, values: column(turnName(m, 'narrow')) }));
    const level = column('level', 'level');
    const newest = column('newest', 'level');
    for (const [origin, members] of byOrigin) {
      const span = origin - first;
      if (span < 1) continue;
      const index = indexAt(history, grouping, origin, first, longest);
      const windowMean = new Float64Array(grouping.groups);
      const recentMean = new Float64Array(grouping.groups);
      for (let g = 0; g < grouping.groups; g++) {
        windowMean[g] = meanOf(index, g * span, span, span - window, span);
        recentMean[g] = meanOf(index, g * span, span, span - recent, span);
      }
      const growths = bySeason.map(({ m }) =>
        Float64Array.from(
          windowMean,
          (_, g) =>
            meanOf(index, g * span, span, span - 2 * recent, span) /
            meanOf(index, g * span, span, span - m - 2 * recent, span - m),
        ),
      );
      const lifts = liftsBefore(origin);
      const lift = Array.from({ length: grouping.groups }, (_, g) => lifts?.within(grouping, g));
      const pasts = lift.map(
        (own, g): Past => ({
          value: (t) =>
            t >= 0 && t < span ? index[g * span + t]! * Math.exp(-(own?.(first + t) ?? 0)) : Number.NaN,
          size: (from, to) => meanOf(index, g * span, span, from, to),
        }),
      );
      const figures = short === undefined ? [] : pasts.map((past) => figureOf(past, span, short));
      for (const r of members) {
        const g = grouping.codes[series[r]!]!;
        if (g < 0) continue;
        const target = origin + step[r]! - 1;
        /** The index at a place of it, as it would be at the target. */
        const moved = (place: number): number =>
          place >= 0 && place < span
            ? index[g * span + place]! * moveBetween(lift[g], first + place, target)
            : Number.NaN;
        const base = g * span;
        level[r] = recentMean[g]! / windowMean[g]!;
        if (figure) figure[r] = figures[g]![(step[r]! - 1) % short!]! * Math.exp(lift[g]?.(target) ?? 0);
        for (const { m, values } of turns)
          values[r] = turnOf(pasts[g]!, span, target - first, {
            m,
            half: turnHalf(short!, 'narrow'),
            window,
          });
        newest[r] = index[base + span - 1]! / windowMean[g]!;
        for (const [k, own] of bySeason.entries()) {
          const at = seasonalCell(span, step[r]!, own.m, 1);
          const value = moved(at) / windowMean[g]!;
          own.last[r] = value;
          if (!own.long) continue;
          own.long.mean[r] =
            (meanSeason(
              (back) => meanOf(index, base, span, span - own.m * back, span - own.m * (back - 1)),
              (back) => moved(at - own.m * (back - 1)),
            ) *
              meanOf(index, base, span, span - own.m, span)) /
            windowMean[g]!;
          own.long.feast[r] = moved(at + feastShift(freq, target, own.m)) / windowMean[g]!;
          own.long.around[r] = meanOf(index, base, span, at - 2, at + 3) / windowMean[g]!;
          own.long.growth[r] = growths[k]![g]!;
          own.long.grown[r] = value * growths[k]![g]!;
          own.long.before[r] = moved(at - own.m) / windowMean[g]!;
        }
      }
    }
    return out;
  });
}
