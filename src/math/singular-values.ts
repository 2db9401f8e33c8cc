// Singular values and right vectors by one-sided Jacobi rotations (Hestenes 1958; Demmel and Veselić 1992).

export interface SingularValues {
  /** Singular values, in no particular order. */
  readonly values: Float64Array;
  /** Right singular vectors as columns: entry i of vector k is vectors[k · p + i]. */
  readonly vectors: Float64Array;
  /** U·diag(values), column-major like the input. */
  readonly scaledLeft: Float64Array;
}

/**
 * Decomposes an n × p matrix (column-major), n ≥ p, into U·diag(values)·Vᵀ.
 * It turns pairs of columns until all are orthogonal: small values come out to full relative accuracy.
 */
export function singularValues(a: Float64Array, n: number, p: number): SingularValues {
  const u = Float64Array.from(a);
  const v = new Float64Array(p * p);
  for (let j = 0; j < p; j++) v[j * p + j] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let turned = false;
    for (let j = 0; j < p; j++) {
      for (let k = j + 1; k < p; k++) {
        let jj = 0;
        let kk = 0;
        let jk = 0;
        for (let i = 0; i < n; i++) {
          const x = u[j * n + i]!;
          const y = u[k * n + i]!;
          jj += x * x;
          kk += y * y;
          jk += x * y;
        }
        if (!(Math.abs(jk) > 1e-15 * Math.sqrt(jj * kk))) continue;
        turned = true;
        const zeta = (kk - jj) / (2 * jk);
        const tangent = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        const cosine = 1 / Math.sqrt(1 + tangent * tangent);
        rotate(u, j * n, k * n, n, cosine, cosine * tangent);
        rotate(v, j * p, k * p, p, cosine, cosine * tangent);
      }
    }
    if (!turned) break;
  }
  const values = new Float64Array(p);
  for (let j = 0; j < p; j++) {
    let squares = 0;
    for (let i = 0; i < n; i++) squares += u[j * n + i]! * u[j * n + i]!;
    values[j] = Math.sqrt(squares);
  }
  return { values, vectors: v, scaledLeft: u };
}

function rotate(a: Float64Array, j: number, k: number, length: number, cosine: number, sine: number): void {
  for (let i = 0; i < length; i++) {
    const x = a[j + i]!;
    const y = a[k + i]!;
    a[j + i] = cosine * x - sine * y;
    a[k + i] = sine * x + cosine * y;
  }
}
