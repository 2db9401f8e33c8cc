// What a window is measured by, and the plain forecast that networks are asked to better: the last seasons carried to the
// present level, or the level where no season is known.

/** Where a series is and how much it moves from one period to the next. */
export interface Footing {
  readonly level: number;
  readonly scale: number;
}

/** The cells of one series that are known at a cutoff: y[from] … y[to − 1]. */
export interface Past {
  readonly y: Float64Array;
  readonly from: number;
  readonly to: number;
}

/** Seasons whose mean is the level. Weeks of five to seven days are short, and many are known: one alone is mostly noise. */
const seasonsAveraged = (season: number): number => (season > 12 ? 1 : season >= 5 && season <= 7 ? 4 : 2);
/** Share of the level below which the scale does not fall: a series that stands still is not magnified. */
const STILL = 0.01;
const LEAST_SCALE = 1e-6;
/** Cells over which level and scale are taken where there is no season. */
const SPAN = 24;
/** What lies a cell further back counts so much less in the level where there is no season. */
const FADING = 0.6;

/**
 * The level: the mean of the last seasons, or a mean that forgets quickly where there is none. The scale: the mean step between
 * neighbouring cells of the last seasons, which is the unit of MASE. `usual` where nothing was ever known.
 */
export function footingOf({ y, from, to }: Past, season: number, usual: Footing): Footing {
  let [weights, sum, steps, moved] = [0, 0, 0, 0];
  const span = season === 0 ? SPAN : seasonsAveraged(season) * season;
  let weight = 1;
  let last = Number.NaN;
  for (let c = to - 1; c >= from && (c >= to - 2 * span || steps === 0); c--) {
    const v = y[c]!;
    if (Number.isNaN(v)) continue;
    if (c >= to - span || weights === 0) {
      weights += weight;
      sum += weight * v;
      if (season === 0) weight *= FADING;
    }
    if (!Number.isNaN(last)) {
      steps++;
      moved += Math.abs(v - last);
    }
    last = v;
  }
  if (weights === 0) return usual;
  const level = sum / weights;
  const scale = steps > 0 ? moved / steps : Math.abs(level) / 2;
  return { level, scale: Math.max(scale, STILL * Math.abs(level), LEAST_SCALE) };
}

/** Seasons whose values are carried on: few of long ones, since what is long past tells little. */
const seasonsCarried = (season: number): number => (season <= 12 ? 8 : 2);
/** Cells that tell how far the level has moved since. */
const cellsCompared = (season: number): number =>
  season <= 7 ? season : Math.min(season, Math.max(6, Math.ceil(season / 6)));
/** Most that a season is carried up, and its inverse down. */
const MOST_GROWTH = 3;

/** How values `lag` cells ago become values of now: times a growth, plus a shift. */
interface Carry {
  readonly times: number;
  readonly plus: number;
}

/** The last cells against those `lag` cells before them: a growth where all of it is above zero, else a shift. */
function carryOf({ y, from, to }: Past, lag: number, compared: number, scale: number): Carry {
  let [now, then, count] = [0, 0, 0];
  for (let c = Math.max(from + lag, to - compared); c < to; c++) {
    const [a, b] = [y[c]!, y[c - lag]!];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    now += a;
    then += b;
    count++;
  }
  if (count === 0) return { times: 1, plus: 0 };
  if (now > 0 && then > 0) {
    // A typical step on both sides: what hardly sells does not double for one more sale.
    const growth = (now + scale) / (then + scale);
    return { times: Math.min(MOST_GROWTH, Math.max(1 / MOST_GROWTH, growth)), plus: 0 };
  }
  return { times: 1, plus: (now - then) / count };
}

/** The plain forecast of each step, and whether a season tells of it (1) or only the level (0). */
export interface Base {
  readonly values: Float64Array;
  readonly told: Float64Array;
}

/** Writes the plain forecast of the h cells after the cutoff. */
export function baseOf(past: Past, season: number, { level, scale }: Footing, out: Base): void {
  const { y, from, to } = past;
  const { values, told } = out;
  const h = values.length;
  const carries = new Map<number, Carry>();
  const most = season > 0 ? seasonsCarried(season) : 0;
  for (let s = 0; s < h; s++) {
    let [sum, count] = [0, 0];
    for (let k = Math.ceil((s + 1) / Math.max(1, season)), seen = 0; seen < most; k++, seen++) {
      const lag = k * season;
      const cell = to + s - lag;
      if (cell < from) break;
      const value = y[cell]!;
      if (Number.isNaN(value)) continue;
      let carry = carries.get(lag);
      if (!carry) {
        carry = carryOf(past, lag, cellsCompared(season), scale);
        carries.set(lag, carry);
      }
      sum += carry.times * value + carry.plus;
      count++;
    }
    values[s] = count > 0 ? sum / count : level;
    told[s] = count > 0 ? 1 : 0;
  }
}
