// Draws from a changing set in proportion to weights: a binary indexed tree of sums (Fenwick 1994).
import type { Random } from '../../core/random.ts';

/** A set of n members with weights; all weights are 0 at first. */
export interface WeightedDraw {
  set(member: number, weight: number): void;
  /** A member drawn in proportion to its weight; −1 where no member has any. */
  draw(random: Random): number;
}

export function weightedDraw(n: number): WeightedDraw {
  const weights = new Float64Array(n);
  const sums = new Float64Array(n + 1);
  let members = 0;
  let top = 1;
  while (top * 2 <= n) top *= 2;

  return {
    set(member, weight) {
      const change = weight - weights[member]!;
      members += (weight > 0 ? 1 : 0) - (weights[member]! > 0 ? 1 : 0);
      weights[member] = weight;
      for (let i = member + 1; i <= n; i += i & -i) sums[i]! += change;
    },
    draw(random) {
      if (members === 0) return -1;
      let total = 0;
      for (let i = n; i > 0; i -= i & -i) total += sums[i]!;
      for (;;) {
        let rest = random.uniform() * total;
        let at = 0;
        for (let step = top; step > 0; step >>= 1) {
          if (at + step <= n && sums[at + step]! <= rest) {
            at += step;
            rest -= sums[at]!;
          }
        }
        // Rounding can leave a crumb of weight on a member that has gone: draw again.
        if (at < n && weights[at]! > 0) return at;
      }
    },
  };
}
