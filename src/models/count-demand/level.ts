// A level that follows a series, with or without a profile of the season: the moving mean of a distribution of counts.

/** A level followed through a series. Means are told before each cell is seen. */
export interface FollowedLevel {
  /** Of each cell, without the season and with it, in units of x. */
  readonly level: Float64Array;
  readonly mean: Float64Array;
  /** The level after the series, and the mean of the next m periods. */
  readonly last: number;
  readonly ahead: Float64Array;
}

export interface Following {
  /** Smoothing weight; the first cells count more, as in a running mean of `HEAD_START` cells more. */
  readonly weight: number;
  readonly start: number;
  /** Periods in a season; 1 for none. */
  readonly m: number;
  /** What each phase has sold before the first cell, in units of x: the more, the slower a profile forms. */
  readonly caution: number;
}

const HEAD_START = 2;

/**
 * Follows `x` by exponential smoothing; NaN cells leave everything as it is. The profile is a factor a phase: what the
 * phase had over what the level alone would have given it, both with `caution` added, so that few cells say little.
 */
export function followLevel(x: Float64Array, { weight, start, m, caution }: Following): FollowedLevel {
  const n = x.length;
  const level = new Float64Array(n);
  const mean = new Float64Array(n);
  const had = new Float64Array(m).fill(caution);
  const given = new Float64Array(m).fill(caution);
  let last = start;
  let seen = 0;
  for (let t = 0, i = 0; t < n; t++, i = i + 1 === m ? 0 : i + 1) {
    const factor = m > 1 ? had[i]! / given[i]! : 1;
    level[t] = last;
    mean[t] = last * factor;
    const value = x[t]!;
    if (Number.isNaN(value)) continue;
    had[i] = had[i]! + value;
    given[i] = given[i]! + last;
    seen++;
    last += Math.max(weight, 1 / (seen + HEAD_START)) * (value / factor - last);
  }
  const ahead = Float64Array.from({ length: m }, (_, s) => {
    const i = (n + s) % m;
    return m > 1 ? (last * had[i]!) / given[i]! : last;
  });
  return { level, mean, last, ahead };
}
