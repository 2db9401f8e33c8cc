// What a fitted model would have said in the past, several steps ahead from a few origins.
import { type ArimaFit, fitOrder } from './fit.ts';
import { forecastFit } from './forecast.ts';
import { constantColumn, type Sample } from './sample.ts';

/** The cells before `end`, gaps bridged. */
function cellsBefore(sample: Sample, end: number): Sample {
  const y = sample.y.subarray(0, end);
  return {
    ...sample,
    y,
    filled: sample.filled.subarray(0, end),
    missing: new Int32Array(0),
    regressors: sample.regressors.map((column) => column.subarray(0, end)),
    trail: 0,
    observed: y.reduce((count, v) => count + (Number.isNaN(v) ? 0 : 1), 0),
  };
}

/**
 * The mean absolute error, in units of y, of forecasts of `reach` steps from each of `origins` origins, `every` periods
 * apart, the last of them `reach` before the end of the sample. The ARMA parameters are those of the fit, which has seen
 * all cells; states and regression coefficients are of the cells before each origin. NaN where nothing was observed.
 */
export function trialError(
  sample: Sample,
  { order, x, conditional }: ArimaFit,
  { reach, origins, every }: { readonly reach: number; readonly origins: number; readonly every: number },
): number {
  let sum = 0;
  let count = 0;
  for (let k = 0; k < origins; k++) {
    const end = sample.y.length - reach - k * every;
    const known = cellsBefore(sample, end);
    const fit = fitOrder(known, order, conditional ? 'css' : 'ml', x, { maxIterations: 0 });
    const ahead = sample.regressors.map((column) => column.subarray(end, end + reach));
    if (order.constant) ahead.push(constantColumn(order, 1, reach));
    const { mean } = forecastFit(fit, ahead, reach);
    for (let s = 0; s < reach; s++) {
      const value = sample.y[end + s]!;
      if (Number.isNaN(value)) continue;
      sum += Math.abs(mean[s]! - value * sample.scale);
      count++;
    }
  }
  return sum / count;
}
