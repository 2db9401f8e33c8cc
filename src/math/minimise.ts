// Minimisers without derivatives: Brent's method in one dimension, Nelder and Mead's simplex in several.

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly evaluations: number;
}

/** Minimises f on [low, high] by golden section and parabolic steps (Brent 1973). */
export function minimiseOnInterval(
  f: (x: number) => number,
  low: number,
  high: number,
  { tolerance = 1e-8, maxEvaluations = 200 }: { tolerance?: number; maxEvaluations?: number } = {},
): { x: number; value: number } {
  const golden = 0.3819660112501051;
  let a = low;
  let b = high;
  let x = a + golden * (b - a);
  let w = x;
  let v = x;
  let fx = f(x);
  let fw = fx;
  let fv = fx;
  let step = 0;
  let previous = 0;
  for (let i = 1; i < maxEvaluations; i++) {
    const middle = (a + b) / 2;
    const tol = tolerance * Math.abs(x) + 1e-12;
    if (Math.abs(x - middle) <= 2 * tol - (b - a) / 2) break;
    let useGolden = true;
    if (Math.abs(previous) > tol) {
      const r = (x - w) * (fx - fv);
      let q = (x - v) * (fx - fw);
      let p = (x - v) * q - (x - w) * r;
      q = 2 * (q - r);
      if (q > 0) p = -p;
      else q = -q;
      if (Math.abs(p) < Math.abs(0.5 * q * previous) && p > q * (a - x) && p < q * (b - x)) {
        previous = step;
        step = p / q;
        const u = x + step;
        if (u - a < 2 * tol || b - u < 2 * tol) step = x < middle ? tol : -tol;
        useGolden = false;
      }
    }
    if (useGolden) {
      previous = x < middle ? b - x : a - x;
      step = golden * previous;
    }
    const u = Math.abs(step) >= tol ? x + step : x + (step > 0 ? tol : -tol);
    const fu = f(u);
    if (fu <= fx) {
      if (u < x) b = x;
      else a = x;
      v = w;
      fv = fw;
      w = x;
      fw = fx;
      x = u;
      fx = fu;
    } else {
      if (u < x) a = u;
      else b = u;
      if (fu <= fw || w === x) {
        v = w;
        fv = fw;
        w = u;
        fw = fu;
      } else if (fu <= fv || v === x || v === w) {
        v = u;
        fv = fu;
      }
    }
  }
  return { x, value: fx };
}

export interface SimplexOptions {
  /** Bounds, one pair a coordinate; points are clamped into them. */
  readonly lower?: ArrayLike<number>;
  readonly upper?: ArrayLike<number>;
  /** First step of each coordinate; a tenth of its size or of its range by default. */
  readonly step?: ArrayLike<number>;
  /** Stops when the values at the corners differ by less, relative to the best; defaults to 1e-8. */
  readonly tolerance?: number;
  readonly maxEvaluations?: number;
}

/**
 * Minimises f from a start point by the simplex of Nelder and Mead (1965), inside box bounds.
 * A value of f that is NaN or infinite counts as worse than any other.
 */
export function minimiseSimplex(
  f: (x: Float64Array) => number,
  start: ArrayLike<number>,
  { lower, upper, step, tolerance = 1e-8, maxEvaluations = 200 * start.length }: SimplexOptions = {},
): Minimum {
  const n = start.length;
  const clamp = (x: Float64Array): Float64Array => {
    for (let j = 0; j < n; j++) {
      if (lower && x[j]! < lower[j]!) x[j] = lower[j]!;
      if (upper && x[j]! > upper[j]!) x[j] = upper[j]!;
    }
    return x;
  };
  let evaluations = 0;
  const at = (x: Float64Array): number => {
    evaluations++;
    const value = f(x);
    return Number.isFinite(value) ? value : Number.MAX_VALUE;
  };

  const corners: Float64Array[] = [clamp(Float64Array.from(start))];
  for (let j = 0; j < n; j++) {
    const corner = Float64Array.from(corners[0]!);
    const range = lower && upper ? upper[j]! - lower[j]! : Number.NaN;
    const size = step?.[j] ?? (Number.isFinite(range) ? range / 10 : Math.abs(corner[j]!) / 10 || 0.1);
    corner[j] = corner[j]! + size;
    // A step that leaves the box goes the other way, so that the simplex never starts flat.
    if (upper && corner[j]! > upper[j]!) corner[j] = corner[j]! - 2 * size;
    corners.push(clamp(corner));
  }
  const values = corners.map(at);
  const centre = new Float64Array(n);
  const trial = (worst: Float64Array, reach: number): Float64Array => {
    const x = new Float64Array(n);
    for (let j = 0; j < n; j++) x[j] = centre[j]! + reach * (worst[j]! - centre[j]!);
    return clamp(x);
  };

  while (evaluations < maxEvaluations) {
    let best = 0;
    let worst = 0;
    for (let k = 1; k <= n; k++) {
      if (values[k]! < values[best]!) best = k;
      if (values[k]! >= values[worst]!) worst = k;
    }
    const gap = values[worst]! - values[best]!;
    if (!(gap > tolerance * (Math.abs(values[best]!) + tolerance))) break;
    let second = -Infinity;
    for (let k = 0; k <= n; k++) if (k !== worst && values[k]! > second) second = values[k]!;

    centre.fill(0);
    for (let k = 0; k <= n; k++) {
      if (k !== worst) for (let j = 0; j < n; j++) centre[j] = centre[j]! + corners[k]![j]! / n;
    }
    const reflected = trial(corners[worst]!, -1);
    const fr = at(reflected);
    let accepted = reflected;
    let value = fr;
    if (fr < values[best]!) {
      const expanded = trial(corners[worst]!, -2);
      const fe = at(expanded);
      if (fe < fr) {
        accepted = expanded;
        value = fe;
      }
    } else if (fr >= second) {
      const contracted = trial(fr < values[worst]! ? reflected : corners[worst]!, 0.5);
      const fc = at(contracted);
      if (fc < Math.min(fr, values[worst]!)) {
        accepted = contracted;
        value = fc;
      } else {
        for (let k = 0; k <= n; k++) {
          if (k === best) continue;
          const corner = corners[k]!;
          for (let j = 0; j < n; j++) corner[j] = (corner[j]! + corners[best]![j]!) / 2;
          values[k] = at(corner);
        }
        continue;
      }
    }
    corners[worst] = accepted;
    values[worst] = value;
  }
  let best = 0;
  for (let k = 1; k <= n; k++) if (values[k]! < values[best]!) best = k;
  return { x: corners[best]!, value: values[best]!, evaluations };
}
