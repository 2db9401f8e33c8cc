// Where a fitted smoothing model goes from its last states: the path without errors, and paths with errors drawn.
// Hyndman, Koehler, Ord & Snyder (2008), section 6.1.
import type { Random } from '../../core/random.ts';
import type { SmoothingFit } from './fit.ts';
import { isGrowing, needsPositive } from './form.ts';

/** The path with all future errors 0: level and slope carried on, the season repeated. */
export function pointPath(fit: SmoothingFit, h: number): { trend: Float64Array; mean: Float64Array } {
  const trend = new Float64Array(h);
  const mean = new Float64Array(h);
  const m = fit.season.length;
  const growing = isGrowing(fit.form);
  let { level, slope } = fit;
  for (let s = 0; s < h; s++) {
    if (growing) slope **= fit.phi;
    else slope *= fit.phi;
    // A factor carried on for long leaves every scale; there the path stays where it is.
    const next = growing ? level * slope : level + slope;
    if (Math.abs(next) < Number.MAX_VALUE / 1e16) level = next;
    trend[s] = level;
    const season = m > 0 ? fit.season[s % m]! : 0;
    mean[s] = fit.form.season === 'multiplicative' ? level * season : level + season;
  }
  return { trend, mean };
}

/** Past this many times the greater of the forecast and the largest value seen, nothing is drawn where parts multiply. */
const REACH = 4;

/**
 * Draws paths of h steps, path-major: step s of path k is at k · h + s, in units of y. Errors are normal, those that
 * multiply at least −1. Where parts multiply, a value is held within reach of the path without errors, and the
 * states follow the held value, so that no path runs away.
 */
export function drawPaths(fit: SmoothingFit, h: number, paths: number, draw: Random): Float64Array {
  const { form, alpha, beta, gamma, phi, largest } = fit;
  const { mean: path } = pointPath(fit, h);
  const out = new Float64Array(paths * h);
  const m = fit.season.length;
  const season = new Float64Array(m);
  const growing = isGrowing(form);
  const relative = form.error === 'multiplicative';
  const kind = form.season === 'none' ? 0 : form.season === 'additive' ? 1 : 2;
  const held = needsPositive(form);
  const sd = Math.sqrt(fit.sigma2);
  for (let k = 0; k < paths; k++) {
    let { level, slope } = fit;
    season.set(fit.season);
    for (let s = 0; s < h; s++) {
      const growth = growing ? slope ** phi : phi * slope;
      const trend = growing ? level * growth : level + growth;
      const phase = m > 0 ? season[s % m]! : 0;
      let mean = kind === 2 ? trend * phase : trend + phase;
      // A path that has left its form's domain goes on along the path without errors.
      const lost = (kind === 2 || growing) && !(trend > 0 && (kind < 2 || phase > 0));
      if (lost) mean = path[s]!;
      const shock = sd * draw.normal();
      let value = mean + (relative ? Math.max(shock, -1) * mean : shock);
      if (held) {
        const reach = REACH * Math.max(Math.abs(path[s]!), largest);
        value = Math.min(Math.max(value, path[s]! - reach), path[s]! + reach);
      }
      out[k * h + s] = value;
      if (lost) continue;
      const error = value - mean;
      const scaled = kind === 2 ? error / phase : error;
      slope = growth + (growing ? (beta * scaled) / level : beta * scaled);
      level = trend + alpha * scaled;
      if (kind === 1) season[s % m] = phase + gamma * error;
      else if (kind === 2) season[s % m] = phase + (gamma * error) / trend;
    }
  }
  return out;
}
