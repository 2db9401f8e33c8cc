// A smoothing fit and its forecast taken apart into level, trend and season.
import type { Components } from '../model.ts';
import { filter, newPass } from './filter.ts';
import { type SmoothingFit, scaleOf } from './fit.ts';
import { isGrowing } from './form.ts';
import { pointPath } from './paths.ts';
import { forecastSmoothing } from './variance.ts';

/**
 * For each cell of y, the series of the fit, the level after the cell before, what one period's growth adds to it and
 * what the season adds to both; for each of h steps ahead the level at the end of y, all growth since, and the season.
 */
export function smoothingComponents(fit: SmoothingFit, y: Float64Array, h: number): Components {
  const n = y.length;
  const level = new Float64Array(n + h);
  const trend = new Float64Array(n + h);
  const seasonal = new Float64Array(n + h);
  const { form, start } = fit;
  const { scale } = scaleOf(y);
  const slopeUnit = isGrowing(form) ? 1 : scale;
  const unit = form.season === 'multiplicative' ? 1 : scale;
  const trace = { mean: new Float64Array(n), level: new Float64Array(n), trend: new Float64Array(n) };
  const states = {
    level: start.level / scale,
    slope: start.slope / slopeUnit,
    season: Float64Array.from(start.season, (s) => s / unit),
  };
  filter(
    y.map((value) => value / scale),
    form,
    fit,
    states,
    newPass(start.season.length),
    trace,
  );
  for (let t = 0; t < n; t++) {
    level[t] = trace.level[t]! * scale;
    trend[t] = (trace.trend[t]! - trace.level[t]!) * scale;
    seasonal[t] = (trace.mean[t]! - trace.trend[t]!) * scale;
  }
  const path = pointPath(fit, h);
  const { mean } = forecastSmoothing(fit, h);
  for (let s = 0; s < h; s++) {
    level[n + s] = fit.level;
    trend[n + s] = path.trend[s]! - fit.level;
    seasonal[n + s] = mean[s]! - path.trend[s]!;
  }
  return { level, trend, seasonal, regressors: new Float64Array(n + h) };
}
