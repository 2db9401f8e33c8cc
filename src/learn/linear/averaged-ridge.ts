// Ridge regression of few columns averaged over its penalties, each counted by its leave-one-out error: none is picked.

export interface AveragedRidge {
  /** One a column, for columns standardised by `centre` and `spread`. */
  readonly coefficients: Float64Array;
  readonly centre: Float64Array;
  readonly spread: Float64Array;
  /** e / √(1 − leverage) of each row: errors with the spread of new ones but for the coefficients' own doubt. */
  readonly residuals: Float64Array;
  /** The averaged inverse of (ZᵀZ + penalty), p × p: z′ inverse z is the leverage of a new row. */
  readonly inverse: Float64Array;
}

const PENALTIES: readonly number[] = Array.from({ length: 25 }, (_, i) => 10 ** (-4 + i / 3));

/** The inverse of a symmetric positive matrix (p × p), by Gauss–Jordan without pivots. */
function invert(a: Float64Array, p: number): Float64Array {
  const left = Float64Array.from(a);
  const right = new Float64Array(p * p);
  for (let i = 0; i < p; i++) right[i * p + i] = 1;
  for (let i = 0; i < p; i++) {
    const pivot = left[i * p + i]!;
    for (let j = 0; j < p; j++) {
      left[i * p + j] = left[i * p + j]! / pivot;
      right[i * p + j] = right[i * p + j]! / pivot;
    }
    for (let k = 0; k < p; k++) {
      if (k === i) continue;
      const factor = left[k * p + i]!;
      for (let j = 0; j < p; j++) {
        left[k * p + j] = left[k * p + j]! - factor * left[i * p + j]!;
        right[k * p + j] = right[k * p + j]! - factor * right[i * p + j]!;
      }
    }
  }
  return right;
}

/** z′ inverse z for a standardised row. */
export function leverageOf(inverse: Float64Array, z: Float64Array, from = 0, p: number = z.length): number {
  let total = 0;
  for (let i = 0; i < p; i++) {
    let inner = 0;
    for (let j = 0; j < p; j++) inner += inverse[i * p + j]! * z[from + j]!;
    total += z[from + i]! * inner;
  }
  return total;
}

/**
 * Fits `target` (n rows) by the p columns of `rows` (row-major). Column 0 is the constant; it is penalised too, so
 * that the prior is a target of 0. The others are standardised. Each of 25 penalties counts exp(−(e − least) / least),
 * e being its mean squared leave-one-out error: those about as good as the best count about as much.
 */
export function averagedRidge(rows: Float64Array, target: Float64Array, p: number): AveragedRidge {
  const n = target.length;
  const centre = new Float64Array(p);
  const spread = new Float64Array(p).fill(1);
  for (let j = 1; j < p; j++) {
    for (let t = 0; t < n; t++) centre[j] = centre[j]! + rows[t * p + j]! / n;
    let squares = 0;
    for (let t = 0; t < n; t++) squares += (rows[t * p + j]! - centre[j]!) ** 2 / n;
    // A column without spread says nothing; rounding must not make it speak.
    spread[j] = squares > (1e-9 * Math.abs(centre[j]!)) ** 2 ? Math.sqrt(squares) : Infinity;
  }
  const z = rows.map((value, at) => (value - centre[at % p]!) / spread[at % p]!);
  const gram = new Float64Array(p * p);
  const cross = new Float64Array(p);
  for (let t = 0; t < n; t++) {
    for (let i = 0; i < p; i++) {
      cross[i] = cross[i]! + z[t * p + i]! * target[t]!;
      for (let j = 0; j < p; j++) gram[i * p + j] = gram[i * p + j]! + z[t * p + i]! * z[t * p + j]!;
    }
  }
  const inverses = PENALTIES.map((penalty) => {
    const a = Float64Array.from(gram);
    for (let i = 0; i < p; i++) a[i * p + i] = a[i * p + i]! + penalty;
    return invert(a, p);
  });
  const fits = inverses.map((inverse) =>
    Float64Array.from({ length: p }, (_, i) => cross.reduce((sum, c, j) => sum + inverse[i * p + j]! * c, 0)),
  );
  const errorOf = (coefficients: Float64Array, t: number): number => {
    let error = target[t]!;
    for (let j = 0; j < p; j++) error -= coefficients[j]! * z[t * p + j]!;
    return error;
  };
  const losses = fits.map((coefficients, k) => {
    let total = 0;
    for (let t = 0; t < n; t++) {
      const leverage = Math.min(0.999, leverageOf(inverses[k]!, z, t * p, p));
      total += (errorOf(coefficients, t) / (1 - leverage)) ** 2;
    }
    return total;
  });
  const least = Math.min(...losses);
  const weights = losses.map((loss) =>
    least > 0 ? Math.exp(-(loss - least) / least) : Number(loss === least),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mix = (parts: readonly Float64Array[]): Float64Array =>
    parts[0]!.map((_, i) => parts.reduce((sum, part, k) => sum + (weights[k]! / total) * part[i]!, 0));
  const coefficients = mix(fits);
  const inverse = mix(inverses);
  const residuals = Float64Array.from({ length: n }, (_, t) => {
    const leverage = Math.min(0.9, leverageOf(inverse, z, t * p, p));
    return errorOf(coefficients, t) / Math.sqrt(1 - leverage);
  });
  return { coefficients, centre, spread, residuals, inverse };
}
