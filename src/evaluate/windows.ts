// Which cells a backtest hides: windows counted back from the end of each series.

/** A window hides the last `hidden` cells of a series and scores the first `length` of them. */
export interface Window {
  readonly hidden: number;
  readonly length: number;
}

export interface WindowPlan {
  /** The forecast horizon, in periods. */
  readonly h: number;
  /** How many windows in all, the reported one included; defaults to 4. */
  readonly windows?: number;
  /** Periods between the cutoffs of the earlier windows; defaults to half the horizon. */
  readonly step?: number;
  /** Periods in one season: a window that leaves more than two seasons to learn from is preferred. */
  readonly season_length?: number;
}

/** The periods of a series before its reported window; all of them where it is too short for one. */
export const historyBeforeReported = (length: number, plan: WindowPlan): number =>
  length - (planWindows(length, plan)[0]?.hidden ?? 0);

/**
 * Plans the windows of one series of `length` cells: first the reported window (the last h cells), then
 * earlier windows, newest first, that end before the reported one begins, so that whatever is chosen on them
 * has never seen it. Where the series is short, earlier windows are shortened, then dropped; a series of
 * fewer than 4 cells has none at all.
 */
export function planWindows(length: number, plan: WindowPlan): Window[] {
  const { h, windows = 4, step = Math.max(1, Math.floor(h / 2)), season_length = 1 } = plan;
  if (length < 4 || windows < 1) return [];
  // At least half of a short series stays for learning.
  const reported = Math.min(h, Math.floor(length / 2));
  const planned: Window[] = [{ hidden: reported, length: reported }];
  const enough = season_length > 1 ? 2 * season_length + 2 : 6;
  const least = Math.max(3, season_length + 1);
  for (let k = 0; planned.length < windows; k++) {
    const room = length - reported - k * step;
    let test = reported;
    if (k === 0 && room - test < enough) {
      // The newest earlier window matters most. It gives up half its test cells for two seasons to learn from, or
      // three quarters for one season and a cell; where that is not to be had, history is halved.
      const half = Math.ceil(reported / 2);
      const quarter = Math.ceil(reported / 4);
      const wanted = room - half >= enough ? enough : room - quarter >= least ? least : Math.ceil(room / 2);
      test = Math.max(1, Math.min(test, room - wanted));
    }
    const learn = room - test;
    if (learn < (k === 0 ? 3 : enough)) break;
    planned.push({ hidden: length - learn, length: test });
  }
  return planned;
}
