// Which candidates are tried: the stepwise walk of Hyndman & Khandakar (2008), in the order of R's `auto.arima`, or all.
import type { Order } from './order.ts';

/** Bounds of a search; d, D and m are settled before it. */
export interface Limits {
  readonly d: number;
  readonly D: number;
  readonly m: number;
  readonly max_p: number;
  readonly max_q: number;
  readonly max_P: number;
  readonly max_Q: number;
  /** The largest p + q + P + Q of the exhaustive search; the walk ignores it, as R's does. */
  readonly max_order: number;
  readonly start_p: number;
  readonly start_q: number;
  readonly start_P: number;
  readonly start_Q: number;
  /** Whether a mean or drift may be in the model. */
  readonly constant: boolean;
  /** Candidates at most. */
  readonly nmodels: number;
}

/** The criterion of a candidate, the smaller the better; Infinity where it is rejected. `near` is the best so far. */
type Score = (candidate: Order, near: Order | undefined) => number;

/** Changes of (p, q, P, Q) that the walk tries, in turn. */
const MOVES: readonly (readonly [p: number, q: number, P: number, Q: number])[] = [
  [0, 0, -1, 0],
  [0, 0, 0, -1],
  [0, 0, 1, 0],
  [0, 0, 0, 1],
  [0, 0, -1, -1],
  [0, 0, -1, 1],
  [0, 0, 1, -1],
  [0, 0, 1, 1],
  [-1, 0, 0, 0],
  [0, -1, 0, 0],
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [-1, -1, 0, 0],
  [-1, 1, 0, 0],
  [1, -1, 0, 0],
  [1, 1, 0, 0],
];

const keyOf = ({ p, q, P, Q, constant }: Order): string => `${p},${q},${P},${Q},${constant}`;

export interface Candidate {
  readonly order: Order;
  readonly score: number;
}

/** Candidates in the order of their criterion, the best first; rejected ones are left out. */
export const rank = (tried: readonly Candidate[]): Candidate[] =>
  tried.filter(({ score }) => score < Infinity).sort((a, b) => a.score - b.score);

/** Walks from four simple models to ever better neighbours until none is better. Returns all that were tried. */
export function walk(limits: Limits, score: Score): Candidate[] {
  const { d, D, m, max_p, max_q, max_P, max_Q, constant } = limits;
  const tried: Candidate[] = [];
  const seen = new Set<string>();
  let best: Order | undefined;
  let least = Infinity;
  const attempt = (order: Order): boolean => {
    const key = keyOf(order);
    if (seen.has(key) || tried.length >= limits.nmodels) return false;
    seen.add(key);
    const value = score(order, best);
    tried.push({ order, score: value });
    if (best && !(value < least)) return false;
    best = order;
    least = value;
    return true;
  };
  const model = (p: number, q: number, P: number, Q: number, c = constant): Order => ({
    p,
    d,
    q,
    P,
    D,
    Q,
    m,
    constant: c,
  });
  const some = (most: number): number => (most > 0 ? 1 : 0);
  attempt(model(limits.start_p, limits.start_q, limits.start_P, limits.start_Q));
  attempt(model(0, 0, 0, 0));
  attempt(model(some(max_p), 0, some(max_P), 0));
  attempt(model(0, some(max_q), 0, some(max_Q)));
  // R's walk goes on with the constant even where the last of the five was the best; so does this.
  if (constant && attempt(model(0, 0, 0, 0, false))) best = model(0, 0, 0, 0);

  const improve = (): boolean => {
    const at = best!;
    for (const [dp, dq, dP, dQ] of MOVES) {
      const [p, q, P, Q] = [at.p + dp, at.q + dq, at.P + dP, at.Q + dQ];
      if (p < 0 || q < 0 || P < 0 || Q < 0 || p > max_p || q > max_q || P > max_P || Q > max_Q) continue;
      if (attempt(model(p, q, P, Q, at.constant))) return true;
    }
    return constant && attempt({ ...at, constant: !at.constant });
  };
  while (improve());
  return tried;
}

/** Tries every model within the limits. */
export function tryAll(limits: Limits, score: Score): Candidate[] {
  const { d, D, m, max_p, max_q, max_P, max_Q, max_order, constant } = limits;
  const tried: Candidate[] = [];
  let best: Order | undefined;
  let least = Infinity;
  for (let p = 0; p <= max_p; p++) {
    for (let q = 0; q <= max_q; q++) {
      for (let P = 0; P <= max_P; P++) {
        for (let Q = 0; Q <= max_Q; Q++) {
          if (p + q + P + Q > max_order) continue;
          for (const c of constant ? [false, true] : [false]) {
            const order = { p, d, q, P, D, Q, m, constant: c };
            const value = score(order, best);
            tried.push({ order, score: value });
            if (value < least) {
              least = value;
              best = order;
            }
          }
        }
      }
    }
  }
  return tried;
}
