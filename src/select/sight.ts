// What windows of the past can tell of a forecast: models that know the season from two of it are no better than the last value
// before windows that leave them less, and would be judged by that.
import type { Backtest } from '../evaluate/backtest.ts';

/** The parts of a backtest that say how much of each series its windows leave. */
export type Left = Pick<Backtest, 'windows' | 'hidden' | 'history' | 'season_length'>;

/** Seasons from which the models of single series tell a season from chance. */
const SEASONS = 2;

/** The share of the series' windows that must leave two seasons for the record to be asked. */
const ENOUGH = 1 / 10;

/**
 * Whether a forecast of the given series is the first to know their season twice: most of them have two seasons when it is made,
 * and the windows that could tell of it leave less to nearly all. `target` is the window that is forecast; undefined for what
 * comes after the last cell.
 */
export function isUntold(
  { windows: W, hidden, history, season_length }: Left,
  series: readonly number[],
  windows: readonly number[],
  target: number | undefined,
): boolean {
  if (season_length < 2) return false;
  const seeing = (known: readonly number[]): number =>
    known.filter((cells) => cells >= SEASONS * season_length).length / Math.max(1, known.length);
  const before = (w: number): number[] =>
    series.flatMap((i) => (hidden[i * W + w]! > 0 ? history[i * W + w]! : []));
  const now = target === undefined ? series.map((i) => hidden[i * W]! + history[i * W]!) : before(target);
  return seeing(now) > 1 / 2 && seeing(windows.flatMap(before)) <= ENOUGH;
}
