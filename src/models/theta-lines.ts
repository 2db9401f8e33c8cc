// The line of the Theta models: the straight line through the past, at each moment and through all of it.

/** A straight line through the observed cells so far, by least squares; time counts 1, 2, … */
export interface Line {
  readonly count: number;
  readonly meanTime: number;
  readonly meanValue: number;
  /** Σ (t − mean t)² */
  readonly spread: number;
  /** Σ (t − mean t)(y − mean y) */
  readonly product: number;
  readonly slope: number;
}

/** The line after one more observation; the update keeps sums of deviations, so that long series lose no digits. */
export function extendLine(line: Line, time: number, value: number): Line {
  const count = line.count + 1;
  const deltaTime = time - line.meanTime;
  const deltaValue = value - line.meanValue;
  const meanTime = line.meanTime + deltaTime / count;
  const spread = line.spread + deltaTime * (time - meanTime);
  const product = line.product + (time - meanTime) * deltaValue;
  const slope = spread > 0 ? product / spread : 0;
  return { count, meanTime, meanValue: line.meanValue + deltaValue / count, spread, product, slope };
}

/** The view from the first observed cell on. */
export function fromFirstObserved(y: Float64Array): Float64Array {
  return y.subarray(
    Math.max(
      0,
      y.findIndex((value) => !Number.isNaN(value)),
    ),
  );
}

/** Intercepts and slopes of the line before each cell (both 0 before the first), and the line through them all. */
export function runningLine(y: Float64Array): { intercept: Float64Array; slope: Float64Array; end: Line } {
  const intercept = new Float64Array(y.length);
  const slope = new Float64Array(y.length);
  let line: Line = { count: 0, meanTime: 0, meanValue: 0, spread: 0, product: 0, slope: 0 };
  for (let t = 0; t < y.length; t++) {
    slope[t] = line.slope;
    intercept[t] = line.meanValue - line.slope * line.meanTime;
    if (!Number.isNaN(y[t]!)) line = extendLine(line, t + 1, y[t]!);
  }
  return { intercept, slope, end: line };
}
