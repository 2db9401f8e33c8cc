// Standardisation of a series and its exact inverse; the parameters are plain data.
import { mean, median, quantileSorted, sorted, variance } from '../math/statistics.ts';

/**
 * - `z-score`: (y − mean) / standard deviation;
 * - `robust`: (y − median) / (interquartile range / 1.349), which outliers do not move;
 * - `log1p`: sign(y) · ln(1 + |y|), for values that grow by factors; 0 stays 0 and returns stay negative.
 */
export type StandardiseMethod = 'z-score' | 'robust' | 'log1p';

export interface Standardisation {
  readonly method: StandardiseMethod;
  /** Units of y; 0 for log1p. */
  readonly centre: number;
  /** Units of y; 1 for log1p and for a series without spread. */
  readonly scale: number;
}

/** Values in units of y from standardised ones: forecasts, quantiles and samples alike. NaN stays NaN. */
export function restore(values: Float64Array, { method, centre, scale }: Standardisation): Float64Array {
  if (method === 'log1p') return values.map((v) => Math.sign(v) * Math.expm1(Math.abs(v)));
  return values.map((v) => v * scale + centre);
}

/** Standardised values from values in units of y. NaN stays NaN. */
function apply(y: Float64Array, { method, centre, scale }: Standardisation): Float64Array {
  if (method === 'log1p') return y.map((v) => Math.sign(v) * Math.log1p(Math.abs(v)));
  return y.map((v) => (v - centre) / scale);
}

function parametersOf(y: Float64Array, method: StandardiseMethod): Standardisation {
  if (method === 'log1p') return { method, centre: 0, scale: 1 };
  const deviation = Math.sqrt(variance(y));
  let centre = mean(y);
  let scale = deviation;
  if (method === 'robust') {
    const ascending = sorted(y);
    centre = median(y);
    const range = (quantileSorted(ascending, 0.75) - quantileSorted(ascending, 0.25)) / 1.349;
    // Where half of the values are (all but) equal the range is 0; the standard deviation still tells them apart.
    scale = range > 1e-6 * deviation ? range : deviation;
  }
  return {
    method,
    centre: Number.isNaN(centre) ? 0 : centre,
    scale: scale > 0 && Number.isFinite(scale) ? scale : 1,
  };
}

/**
 * Standardises a series; defaults to the z-score. `restore` is the exact inverse up to rounding, and `parameters` is all
 * it needs, so a fitted model can keep them. Missing values stay missing and do not count.
 */
export function standardise(
  y: Float64Array,
  { method = 'z-score' }: { method?: StandardiseMethod } = {},
): { values: Float64Array; parameters: Standardisation; restore: (values: Float64Array) => Float64Array } {
  const parameters = parametersOf(y, method);
  return { values: apply(y, parameters), parameters, restore: (values) => restore(values, parameters) };
}
