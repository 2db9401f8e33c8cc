// Sample paths: whole futures of one series, for questions that no single day's interval answers, such as how much
// may sell until the next delivery.
import { UsageError } from '../core/errors.ts';
import { random } from '../core/random.ts';
import { constrainPath, type Support } from '../core/support.ts';
import { alongLines } from '../math/interpolation.ts';
import { normalQuantile } from '../math/special.ts';
import type { Calibration } from '../select/conformal.ts';
import type { ForecastTable } from './forecast-table.ts';

export interface SamplePathOptions {
  /** How many paths; defaults to 1000. */
  readonly paths?: number;
  /** Defaults to 1; the same seed gives the same paths. */
  readonly seed?: number;
  /** Limits of the target, as the forecast had them; defaults to none beyond the forecast's own lowest bound. */
  readonly support?: Support;
}

/**
 * Draws sample paths of series `i` of a forecast, path-major: step s of path k is at k · h + s, in units of the
 * target. Each step is distributed as its quantiles say; steps hang together by a Gaussian copula whose correlations are
 * those of the errors on past windows: a part all steps share and a part that fades from step to step (Schefzik, Thorarinsdottir & Gneiting 2013, section 4).
 */
export function samplePaths(
  table: ForecastTable,
  calibration: Calibration,
  i: number,
  { paths = 1000, seed = 1, support = {} }: SamplePathOptions = {},
): Float64Array {
  if (!Number.isInteger(paths) || paths < 1)
    throw new UsageError(`paths is ${paths}; give a whole number, 1 or more.`);
  const { h, probabilities, quantiles, ids } = table;
  const id = ids[i];
  if (id === undefined) throw new UsageError(`the forecast has no series ${i}; it has ${ids.length}.`);
  const scores = Float64Array.from(probabilities, normalQuantile);
  const columns = Array.from({ length: h }, (_, s) => Float64Array.from(quantiles, (q) => q[i * h + s]!));
  const lowest = Math.min(...columns.map((values) => values[0]!));
  const held = lowest >= 0 ? { min: 0, ...support } : support;
  const { shared, persistence } = calibration.dependence[calibration.segment[i]!]!;
  const [common, rest] = [Math.sqrt(shared), Math.sqrt(1 - shared)];
  const fresh = Math.sqrt(1 - persistence * persistence);
  const draw = random(seed, `sample-paths ${id}`);
  const out = new Float64Array(paths * h);
  for (let k = 0; k < paths; k++) {
    const all = common * draw.normal();
    let own = draw.normal();
    const path = out.subarray(k * h, (k + 1) * h);
    for (let s = 0; s < h; s++) {
      if (s > 0) own = persistence * own + fresh * draw.normal();
      path[s] = alongLines(scores, columns[s]!, all + rest * own);
    }
    constrainPath(path, held);
  }
  return out;
}
