// A conformal seasonal pool (arXiv 2605.03789): what a season changed by, and what the phase sold before, as they were.
import type { QuantileDistribution } from '../core/distribution.ts';
import { ModelRefusal, refuseUnknownOptions, UsageError } from '../core/errors.ts';
import { DEMAND_PROBABILITIES } from './demand-distribution.ts';
import type { Model } from './model.ts';
import { levelAndSeason } from './parts.ts';

export interface SeasonalPoolOptions {
  /** Share of the changes against the history in [0, 1]; by default the one that would have served the last season best. */
  readonly changes?: number;
}

export interface SeasonalPoolState {
  /** The series, from which all is drawn; NaN where missing. */
  readonly y: Float64Array;
  readonly m: number;
  readonly changes: number;
}

/** By how much less a value counts a period later. */
const FADING = 0.01;
/** Share of the changes, the latest ones, that are drawn from. */
const RECENT = 0.5;
/** Changes over k seasons that must be known to draw from them. */
const LEAST_CHANGES = 5;
const SHARES = [0, 0.25, 0.5, 0.75, 1];
const SCORED = [0.1, 0.3, 0.5, 0.7, 0.9];

/** The latest observed cell of the phase of step s, or −1. */
function latest(y: Float64Array, m: number, s: number): number {
  for (let t = y.length - m + (s % m); t >= 0; t -= m) if (!Number.isNaN(y[t]!)) return t;
  return -1;
}

/** The first cell whose change over `seasons` seasons is drawn from: the later half of those that have one. */
const firstChange = (n: number, lag: number): number => n - Math.max(1, Math.ceil(RECENT * (n - lag)));

/** The changes over `seasons` seasons, NaN where one end is missing. */
function changesOver(y: Float64Array, m: number, seasons: number): Float64Array {
  const lag = m * seasons;
  if (lag >= y.length) return new Float64Array(0);
  const from = firstChange(y.length, lag);
  return Float64Array.from({ length: y.length - from }, (_, i) => y[from + i]! - y[from + i - lag]!);
}

/** Changes to draw from: in their order, NaN where one end is missing, and those known, ascending. */
interface Pool {
  readonly ordered: Float64Array;
  readonly sorted: Float64Array;
}

/** For each number of seasons ahead (1, 2, …) its pool; where too few changes are known, that of fewer seasons. */
function changePools(y: Float64Array, m: number, seasons: number): Pool[] {
  const pools: Pool[] = [];
  for (let k = 1; k <= seasons; k++) {
    const ordered = changesOver(y, m, k);
    const sorted = ordered.filter((value) => !Number.isNaN(value)).sort();
    pools.push(k === 1 || sorted.length >= LEAST_CHANGES ? { ordered, sorted } : pools[k - 2]!);
  }
  return pools;
}

/** Values that a step may have, ascending, with their shares, which sum to 1. */
interface Atoms {
  readonly values: Float64Array;
  readonly shares: Float64Array;
  readonly mean: number;
}

function atomsOf(y: Float64Array, m: number, s: number, { sorted }: Pool, changes: number): Atoms {
  const n = y.length;
  const last = latest(y, m, s);
  // A phase that was never observed has the whole history, and no value to change from.
  const own = last < 0 ? 0 : changes;
  const stride = last < 0 ? 1 : m;
  const history: number[] = [];
  let total = 0;
  for (let t = last < 0 ? n - 1 : last; t >= 0 && own < 1; t -= stride) {
    if (Number.isNaN(y[t]!)) continue;
    history.push(t);
    total += Math.exp(-FADING * (n - 1 - t));
  }
  history.sort((a, b) => y[a]! - y[b]!);
  const moved = own > 0 ? sorted.length : 0;
  const count = moved + history.length;
  const values = new Float64Array(count);
  const shares = new Float64Array(count);
  let mean = 0;
  for (let i = 0, a = 0, b = 0; i < count; i++) {
    const change = a < moved ? y[last]! + sorted[a]! : Infinity;
    const before = b < history.length ? y[history[b]!]! : Infinity;
    if (change <= before) {
      values[i] = change;
      shares[i] = own / moved;
      a++;
    } else {
      values[i] = before;
      shares[i] = ((1 - own) * Math.exp(-FADING * (n - 1 - history[b]!))) / total;
      b++;
    }
    mean += values[i]! * shares[i]!;
  }
  return { values, shares, mean };
}

/**
 * Quantiles of atoms at ascending probabilities, on lines between the middles of neighbours. As conformal prediction has
 * it a new value is one more beside N seen, so that probabilities lie 1 + 1/N further from the middle; N is the
 * effective number of atoms.
 */
function atomQuantiles({ values, shares }: Atoms, probabilities: readonly number[]): Float64Array {
  let squares = 0;
  for (const share of shares) squares += share * share;
  let i = 0;
  // The middles of the atom before i and of atom i.
  let left = shares[0]! / 2;
  let right = left;
  return Float64Array.from(probabilities, (p) => {
    const target = 0.5 + (p - 0.5) * (1 + squares);
    while (right < target && i < values.length - 1) {
      left = right;
      right += (shares[i]! + shares[i + 1]!) / 2;
      i++;
    }
    if (target >= right || i === 0) return values[i]!;
    const part = (target - left) / (right - left);
    return values[i - 1]! + part * (values[i]! - values[i - 1]!);
  });
}

/**
 * A drawn value moved outwards as quantiles are, so that paths are spread as the forecast is; `u` places it within the
 * probability of its atoms. NaN, where a path has a gap, stands for any value.
 */
function stretched(atoms: Atoms, value: number, u: number): number {
  const { values, shares } = atoms;
  if (Number.isNaN(value)) return atomQuantiles(atoms, [u])[0]!;
  let below = 0;
  let i = 0;
  while (i < values.length - 1 && values[i]! < value) below += shares[i++]!;
  let own = 0;
  for (const at = values[i]!; i < values.length && values[i] === at; i++) own += shares[i]!;
  return atomQuantiles(atoms, [below + u * own])[0]!;
}

/** The share of the changes whose forecast of the last season, made from what came before, loses least. */
function bestShare(y: Float64Array, m: number): number {
  const n = y.length;
  const held = Math.min(m, Math.floor(n / 3));
  const past = y.subarray(0, n - held);
  const [pool] = changePools(past, m, 1);
  if (pool!.sorted.length < LEAST_CHANGES) return 0.5;
  let best = 0.5;
  let least = Infinity;
  for (const share of SHARES) {
    let loss = 0;
    for (let s = 0; s < held; s++) {
      const actual = y[past.length + s]!;
      if (Number.isNaN(actual)) continue;
      const read = atomQuantiles(atomsOf(past, m, s, pool!, share), SCORED);
      for (const [k, p] of SCORED.entries()) {
        const e = actual - read[k]!;
        loss += e >= 0 ? p * e : (p - 1) * e;
      }
    }
    if (loss < least) {
      least = loss;
      best = share;
    }
  }
  // Halfway to even shares: one season tells little.
  return (best + 0.5) / 2;
}

/**
 * Two pools of things that happened: the latest value of the phase moved by a change that a season (or two, three, … as
 * far ahead as the step is) once brought, in any phase, of the later half of the series; and the values the phase had
 * before, fading by 1 % a period. There is no curve and no model of the errors. It refuses series with fewer than two
 * changes from one season to the next.
 */
export function seasonalPool(options: SeasonalPoolOptions = {}): Model<SeasonalPoolState> {
  refuseUnknownOptions('seasonal-pool', options, ['changes']);
  const { changes } = options;
  if (changes !== undefined && !(changes >= 0 && changes <= 1)) {
    throw new UsageError(`seasonal-pool option "changes" is ${changes}; give a share from 0 to 1.`);
  }
  return {
    name: 'seasonal-pool',
    fit({ y }, { season_length: m }) {
      const found = changePools(y, m, 1)[0]!.sorted.length;
      if (found < 2) {
        throw new ModelRefusal(
          `has ${found === 0 ? 'no change' : 'one change'} from one season of ${m} to the next; seasonal-pool needs at least two`,
        );
      }
      return { y: Float64Array.from(y), m, changes: changes ?? bestShare(y, m) };
    },
    forecast({ y, m, changes: share }, h): QuantileDistribution {
      const pools = changePools(y, m, Math.ceil(h / m));
      const count = DEMAND_PROBABILITIES.length;
      const values = new Float64Array(h * count);
      const mean = new Float64Array(h);
      for (let s = 0; s < h; s++) {
        const atoms = atomsOf(y, m, s, pools[Math.floor(s / m)]!, share);
        mean[s] = atoms.mean;
        values.set(atomQuantiles(atoms, DEMAND_PROBABILITIES), s * count);
      }
      return { kind: 'quantiles', mean, probabilities: Float64Array.from(DEMAND_PROBABILITIES), values };
    },
    components({ y, m, changes: share }, _series, h) {
      const n = y.length;
      const pools = changePools(y, m, Math.ceil(h / m));
      const moved = pools[0]!.sorted.reduce((sum, change, _, all) => sum + change / all.length, 0);
      const fit = new Float64Array(n + h).fill(Number.NaN);
      const fading = Math.exp(-FADING * m);
      // By phase: the latest value, and the faded sum and weight of its history.
      const last = new Float64Array(m).fill(Number.NaN);
      const sums = new Float64Array(m);
      const weights = new Float64Array(m);
      for (let t = 0; t < n; t++) {
        const i = t % m;
        if (!Number.isNaN(last[i]!))
          fit[t] = share * (last[i]! + moved) + ((1 - share) * sums[i]!) / weights[i]!;
        sums[i] = sums[i]! * fading;
        weights[i] = weights[i]! * fading;
        if (Number.isNaN(y[t]!)) continue;
        last[i] = y[t]!;
        sums[i] = sums[i]! + y[t]!;
        weights[i] = weights[i]! + 1;
      }
      for (let s = 0; s < h; s++) fit[n + s] = atomsOf(y, m, s, pools[Math.floor(s / m)]!, share).mean;
      return levelAndSeason(fit, n, m);
    },
    simulate({ y, m, changes: share }, h, _future, paths, draw) {
      const n = y.length;
      const pools = changePools(y, m, Math.ceil(h / m));
      const atoms = Array.from({ length: h }, (_, s) => atomsOf(y, m, s, pools[Math.floor(s / m)]!, share));
      const out = new Float64Array(paths * h);
      const cycles = Math.ceil(n / m);
      const oldest = Math.exp(-FADING * m * cycles);
      for (let k = 0; k < paths; k++) {
        const byChange = draw.uniform() < share;
        // Changes that followed each other, or one past season: steps of a path belong together.
        const start = draw.uniform();
        const age = Math.floor(-Math.log(1 - draw.uniform() * (1 - oldest)) / (FADING * m));
        for (let s = 0; s < h; s++) {
          const pool = pools[Math.floor(s / m)]!.ordered;
          const last = latest(y, m, s);
          const change = pool[(Math.floor(start * pool.length) + s) % pool.length]!;
          const before = y[n - m + (s % m) - m * age] ?? Number.NaN;
          const value = last < 0 ? Number.NaN : byChange ? y[last]! + change : before;
          out[k * h + s] = stretched(atoms[s]!, value, draw.uniform());
        }
      }
      return out;
    },
  };
}
