// The likelihood of a regression with ARIMA errors, as a sum of squares that Gauss–Newton steps can minimise: the exact
// one, or that of the values given the first ones (conditional sum of squares, Box & Jenkins 1970).
// Missing cells are regressors too, each a 1 in its own cell: integrated out, they leave the likelihood of the cells
// that are there (Gómez, Maravall & Peña 1999). Coefficients are generalised least squares given the ARMA part.
import { type FilterRoom, filter, filterRoom } from './filter.ts';
import { givenCount, type Order, parameterCount } from './order.ts';
import { expand, type Polynomials, polynomialsOf } from './polynomials.ts';

/** What is fitted: a differenced series and the differenced columns that explain it. */
export interface Problem {
  /** Without gaps; a missing cell holds any guess and has a column. */
  readonly w: Float64Array;
  /** Columns of missing cells first, then regressors and the constant. */
  readonly columns: readonly Float64Array[];
  readonly missing: number;
}

/** A point of the likelihood. */
export interface Evaluation {
  /** Σ (innovation / √variance)² after the regression. */
  squares: number;
  /** Σ log variance, and of the determinant that missing cells leave. */
  logs: number;
  /** Rows less missing cells. */
  used: number;
  /** Coefficients of the columns; 0 for one that depends on those before it. */
  readonly coefficients: Float64Array;
}

export interface Likelihood {
  readonly order: Order;
  readonly problem: Problem;
  readonly polynomials: Polynomials;
  readonly room: FilterRoom;
  readonly evaluation: Evaluation;
  /** Filtered columns, the series first; after `evaluate` the series is what the regression leaves. */
  readonly filtered: readonly Float64Array[];
  /** Cholesky factor of the filtered columns' cross products, row-major; 0 on the diagonal of a dropped column. */
  readonly factor: Float64Array;
  /** Whether the first rows are taken as given; else their likelihood is part of it. */
  readonly conditional: boolean;
  /** Sum of squares times the geometric mean of variances: minus twice the log-likelihood is used · log of it. */
  evaluate(x: ArrayLike<number>): number;
}

/** A column that keeps less than this share of its squares beside the others depends on them. */
const DEPENDENT = 1e-10;

/** A conditional likelihood has no place for missing cells: `problem` must be without, or bridged. */
export function likelihoodOf(problem: Problem, order: Order, conditional = false): Likelihood {
  const { w, columns, missing } = problem;
  const n = w.length;
  const k = columns.length;
  const given = conditional ? givenCount(order) : undefined;
  // The mean square of the rows that are not given stands for all rows, as in R.
  const stretch = given === undefined ? 0 : n * Math.log(n / (n - given));
  const polynomials = polynomialsOf(order);
  const all = [w, ...columns];
  const room = filterRoom(polynomials, n, all.length);
  const filtered = all.map(() => new Float64Array(n));
  const first = all.map((column) =>
    Math.max(
      0,
      column.findIndex((v) => v !== 0),
    ),
  );
  first[0] = 0;
  const factor = new Float64Array(k * k);
  const right = new Float64Array(k);
  const coefficients = new Float64Array(k);
  const evaluation: Evaluation = { squares: 0, logs: 0, used: n, coefficients };

  const project = (): number => {
    const target = filtered[0]!;
    let logs = 0;
    let dropped = 0;
    for (let i = 0; i < k; i++) {
      const a = filtered[i + 1]!;
      const from = first[i + 1]!;
      let own = 0;
      let b = 0;
      for (let t = from; t < n; t++) {
        own += a[t]! * a[t]!;
        b += a[t]! * target[t]!;
      }
      let rest = own;
      for (let j = 0; j < i; j++) {
        const pivot = factor[j * k + j]!;
        if (pivot === 0) {
          factor[i * k + j] = 0;
          continue;
        }
        const other = filtered[j + 1]!;
        let s = 0;
        for (let t = Math.max(from, first[j + 1]!); t < n; t++) s += a[t]! * other[t]!;
        for (let l = 0; l < j; l++) s -= factor[i * k + l]! * factor[j * k + l]!;
        s /= pivot;
        factor[i * k + j] = s;
        rest -= s * s;
        b -= s * right[j]!;
      }
      if (rest > DEPENDENT * own && own > 0) {
        const pivot = Math.sqrt(rest);
        factor[i * k + i] = pivot;
        right[i] = b / pivot;
        if (i < missing) logs += 2 * Math.log(pivot);
      } else {
        factor[i * k + i] = 0;
        right[i] = 0;
        if (i < missing) dropped++;
      }
    }
    for (let i = k - 1; i >= 0; i--) {
      const pivot = factor[i * k + i]!;
      let b = right[i]!;
      for (let j = i + 1; j < k; j++) b -= factor[j * k + i]! * coefficients[j]!;
      coefficients[i] = pivot > 0 ? b / pivot : 0;
    }
    for (let i = 0; i < k; i++) {
      const b = coefficients[i]!;
      if (b === 0) continue;
      const a = filtered[i + 1]!;
      for (let t = first[i + 1]!; t < n; t++) target[t]! -= b * a[t]!;
    }
    evaluation.used = n - missing + dropped;
    return logs;
  };

  return {
    order,
    problem,
    polynomials,
    room,
    evaluation,
    filtered,
    factor,
    conditional,
    evaluate(x) {
      if (x.length !== parameterCount(order)) throw new Error('parameters do not fit the order');
      expand(x, order, polynomials);
      const logs = filter(polynomials, all, first, filtered, room, given);
      if (Number.isNaN(logs)) return Number.POSITIVE_INFINITY;
      evaluation.logs = logs + stretch + (k > 0 ? project() : 0);
      let squares = 0;
      const e = filtered[0]!;
      for (let t = 0; t < n; t++) squares += e[t]! * e[t]!;
      evaluation.squares = squares;
      return squares * Math.exp(evaluation.logs / evaluation.used);
    },
  };
}
