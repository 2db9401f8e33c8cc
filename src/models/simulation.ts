// Sample paths out of any model: its own where it can draw them, else the steps of its forecast joined together.
import { type Distribution, quantile, spread } from '../core/distribution.ts';
import { UsageError } from '../core/errors.ts';
import type { Future } from '../core/panel.ts';
import { type Random, random } from '../core/random.ts';
import { alongLines } from '../math/interpolation.ts';
import { normalQuantile } from '../math/special.ts';
import type { Model } from './model.ts';

export interface SimulationOptions {
  /** How many paths; defaults to 1000. */
  readonly paths?: number;
  /** Defaults to 1; the same seed gives the same paths. */
  readonly seed?: number;
}

/** The probabilities at which each step's distribution is read. */
const PROBABILITIES = Array.from({ length: 41 }, (_, k) => (k + 0.5) / 41);
const SCORES = Float64Array.from(PROBABILITIES, normalQuantile);

/**
 * Joins the steps of a distribution by a Gaussian copula. A spread that grows with the horizon says that errors are
 * carried on: what a step's variance has beyond the first step's is a random walk that the steps after it share, as in
 * simple exponential smoothing; the rest is each step's own.
 */
function joinedSteps(d: Distribution, paths: number, draw: Random): Float64Array {
  const h = d.mean.length;
  const out = new Float64Array(paths * h);
  if (d.kind === 'samples') {
    const drawn = d.paths.length / h;
    for (let k = 0; k < paths; k++) {
      const from = draw.below(drawn) * h;
      out.set(d.paths.subarray(from, from + h), k * h);
    }
    return out;
  }
  const read = PROBABILITIES.map((p) => quantile(d, p));
  const columns = Array.from({ length: h }, (_, s) => Float64Array.from(read, (values) => values[s]!));
  const variance = spread(d).map((sd) => sd * sd);
  const own = variance[0]!;
  for (let k = 0; k < paths; k++) {
    let carried = 0;
    let walk = 0;
    for (let s = 0; s < h; s++) {
      const grown = Math.max(carried, variance[s]! - own);
      walk += Math.sqrt(grown - carried) * draw.normal();
      carried = grown;
      const size = Math.sqrt(own + carried);
      const z = size > 0 ? (Math.sqrt(own) * draw.normal() + walk) / size : 0;
      out[k * h + s] = alongLines(SCORES, columns[s]!, z);
    }
  }
  return out;
}

/** Draws sample paths of a fitted model, path-major: step s of path k is at k · h + s, in units of y. */
export function simulate<State>(
  model: Model<State>,
  state: State,
  h: number,
  future: Future,
  { paths = 1000, seed = 1 }: SimulationOptions = {},
): Float64Array {
  if (!Number.isInteger(paths) || paths < 1)
    throw new UsageError(`paths is ${paths}; give a whole number, 1 or more.`);
  return drawPaths(model, state, h, future, paths, random(seed, model.name));
}

/** The same from a stream of random numbers that is already open. */
export function drawPaths<State>(
  model: Model<State>,
  state: State,
  h: number,
  future: Future,
  paths: number,
  draw: Random,
): Float64Array {
  return (
    model.simulate?.(state, h, future, paths, draw) ??
    joinedSteps(model.forecast(state, h, future), paths, draw)
  );
}
