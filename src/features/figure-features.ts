// The figure of a series' short season and the turn of its long one, as features.
import type { Feature } from '../learn/trees/bins.ts';
import { type LiftsBefore, NO_LIFTS } from './event-moves.ts';
import { type FeatureRows, feature, rowCount, type Setting } from './feature-rows.ts';
import type { History } from './history.ts';
import { isLong } from './long-season.ts';
import { figureOf, type Past, turnOf } from './season-figure.ts';

/** The logarithm of what events do to the target. */
export const LIFT = 'lift of events';

/** How far around a place in the year its turn looks. */
export type Width = 'narrow' | 'wide';
const WIDTHS = ['narrow', 'wide'] as const;

export const figureName = (m: number): string => `figure of season ${m}`;
/** A wide turn has less noise, a narrow one shows weeks that are unlike those beside them. */
export const turnName = (m: number, width: Width): string => `${width} turn of season ${m}`;
/** Short seasons that a wide turn looks at. */
const WIDE = 4;
/** Cells on each side of a turn's middle. */
export const turnHalf = (short: number, width: Width): number =>
  Math.floor(((width === 'wide' ? WIDE : 1) * short) / 2);

/** The short season whose figure a table has; undefined where it has none. */
export function figuredIn(names: Iterable<string>): number | undefined {
  for (const name of names) {
    const found = /^figure of season (\d+)$/.exec(name);
    if (found) return Number(found[1]);
  }
  return undefined;
}

/** The short season that has a figure and the long ones whose turns it is the width of. */
export function figuredSeasons({ freq, seasons }: Setting): {
  readonly short?: number;
  readonly long: number[];
} {
  const short = seasons.findLast((m) => !isLong(m, freq));
  return short === undefined ? { long: [] } : { short, long: seasons.filter((m) => isLong(m, freq)) };
}

/** The figure, with what events do to the target, and the turns of each long season; nothing where no season is short. */
export function figureFeatures(
  rows: FeatureRows,
  history: History,
  setting: Setting,
  liftsBefore: LiftsBefore = NO_LIFTS,
): Feature[] {
  const { short, long } = figuredSeasons(setting);
  if (short === undefined) return [];
  const { series, known, step } = rows;
  const count = rowCount(rows);
  const figures = new Float32Array(count);
  const felt = new Float32Array(count);
  const turns = long.flatMap((m) =>
    WIDTHS.map((width) => ({
      m,
      half: turnHalf(short, width),
      feature: feature(turnName(m, width), count, () => Number.NaN),
    })),
  );
  let figure: Float64Array = new Float64Array(0);
  for (let r = 0; r < count; r++) {
    const [i, n] = [series[r]!, known[r]!];
    const start = history.panel.start[i]!;
    const lift = liftsBefore(start + n)?.of(i);
    const past: Past = {
      value: lift ? (t) => history.value(i, t) * Math.exp(-lift(start + t)) : (t) => history.value(i, t),
      size: (from, to) => history.size(i, from, to),
    };
    // Rows of one cutoff stand together.
    if (r === 0 || series[r - 1] !== i || known[r - 1] !== n) figure = figureOf(past, n, short);
    const target = n + step[r]! - 1;
    felt[r] = lift?.(start + target) ?? 0;
    figures[r] = figure[(step[r]! - 1) % short]! * Math.exp(felt[r]!);
    for (const { m, half, feature } of turns) {
      const values = feature.values as Float32Array;
      values[r] = turnOf(past, n, target, { m, half, window: setting.window });
    }
  }
  return [
    { name: figureName(short), values: figures },
    { name: LIFT, values: felt },
    ...turns.map((own) => own.feature),
  ];
}
