// Quantiles of a mixture of negative binomials and an urn: count by count where few are told apart, and in blocks of
// counts where the probabilities change slowly.
import { logChances } from './negative-binomial.ts';
import type { Urn } from './urn.ts';

/** A negative binomial number beyond `from`, with its probability in the mixture. */
export interface Part {
  readonly weight: number;
  readonly shape: number;
  readonly mean: number;
  readonly from: 0 | 1;
}

/** Where the tables end in any case; far above any quantile of counts up to 4,000. */
const LONGEST = 100_000;
/** A negative binomial is as good as nothing this many standard deviations below its mean: less than 1e-15. */
const NOTHING = 8;
/** Blocks are two of these shares of what the probabilities change over: the count itself, or the least spread. */
const HALF_BLOCK = 1 / 8;
/** Blocks of fewer counts are not worth it: those are added one by one. */
const LEAST_HALF = 4;
/** Probabilities that miss by rounding are met. */
const ROUNDING = 1e-9;

/**
 * The least counts that reach the given ascending probabilities, in a mixture of parts, of 0 with probability `none`,
 * and of an urn that takes its shares from both. Where a count and all spreads are 32 or more, blocks of counts are
 * summed by Simpson's rule and divided by a straight density: a result's probability is within 1e-4 of what it should be.
 */
export function countQuantiles(
  parts: readonly Part[],
  none: number,
  { counts, shares }: Urn,
  probabilities: readonly number[],
): Float64Array {
  const out = new Float64Array(probabilities.length);
  const fresh = 1 - shares.reduce((sum, share) => sum + share, 0);
  const spreads = parts.map(({ mean, shape }) => Math.sqrt(mean + (mean * mean) / shape));
  const begins = parts.map(({ mean, from }, c) =>
    Math.max(from, from + Math.ceil(mean - NOTHING * spreads[c]!)),
  );
  const chances = parts.map(({ mean, shape }) => logChances(mean, shape));
  const least = Math.min(...spreads);
  const first = Math.min(...begins);
  const odds = parts.map(({ mean, shape }) => mean / (shape + mean));
  const next = new Float64Array(parts.length);
  let cumulative = 0;
  let drawn = 0;
  let q = 0;

  const meet = (k: number): void => {
    while (q < out.length && cumulative >= probabilities[q]! - ROUNDING) out[q++] = k;
  };
  /** The probability of a count above `none`'s. */
  const density = (k: number): number => {
    let sum = 0;
    for (let c = 0; c < parts.length; c++) {
      const { weight, from } = parts[c]!;
      if (k >= from) sum += weight * Math.exp(chances[c]!(k - from));
    }
    return sum;
  };
  const single = (k: number): void => {
    let own = k === 0 ? none : 0;
    for (let c = 0; c < parts.length; c++) {
      const { weight, shape, from } = parts[c]!;
      if (k < begins[c]!) continue;
      const beyond = k - from;
      if (k === begins[c]) next[c] = weight * Math.exp(chances[c]!(beyond));
      own += next[c]!;
      next[c] = (next[c]! * odds[c]! * (beyond + shape)) / (beyond + 1);
    }
    cumulative += fresh * own;
    if (drawn < counts.length && counts[drawn] === k) cumulative += shares[drawn++]!;
    meet(k);
  };
  /** The counts after a, 2 half of them; `low` is the density at a. Returns that at the last of them. */
  const block = (a: number, half: number, low: number): number => {
    const width = 2 * half;
    const high = density(a + width);
    // Weights under which the sum of a cubic over the block is exact, its first end left out.
    const ends = ((half + 1) * (width + 1)) / (3 * half) - 1;
    const mass =
      fresh * (((ends - 1) / 2) * low + (width - ends) * density(a + half) + ((ends + 1) / 2) * high);
    const part = (u: number): number => (mass * u * (2 * low + (high - low) * u)) / (low + high || 1);
    const upTo = (k: number): void => {
      const reached = cumulative + part((k - a) / width);
      while (q < out.length && reached >= probabilities[q]! - ROUNDING) {
        const share = Math.max(0, (probabilities[q]! - ROUNDING - cumulative) / mass);
        const root = Math.sqrt(Math.max(0, low * low + share * (high * high - low * low)));
        const u = (share * (low + high)) / (low + root);
        out[q++] = Math.min(k, Math.max(a + 1, Math.ceil(a + u * width)));
      }
    };
    for (; drawn < counts.length && counts[drawn]! <= a + width; drawn++) {
      const k = counts[drawn]!;
      upTo(k);
      cumulative += shares[drawn]!;
      const within = part((k - a) / width);
      while (q < out.length && cumulative + within >= probabilities[q]! - ROUNDING) out[q++] = k;
    }
    upTo(a + width);
    cumulative += mass;
    return high;
  };

  single(0);
  let low = Number.NaN;
  for (let k = 1; q < out.length && k <= LONGEST; ) {
    if (k < first) {
      // Below all parts there is the urn alone.
      k = Math.min(first, drawn < counts.length ? counts[drawn]! : first);
    }
    const half = Math.floor(HALF_BLOCK * Math.min(k, least));
    if (half < LEAST_HALF) single(k++);
    else {
      low = block(k - 1, half, Number.isNaN(low) ? density(k - 1) : low);
      k += 2 * half;
    }
  }
  return out.fill(LONGEST, q);
}
