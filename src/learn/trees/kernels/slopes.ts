// First and second derivatives of losses by the score, in plain TypeScript; the compiled kernels do the same to the bit.
import type { Slope } from './kernels.ts';

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** Scores beyond this make e^score useless. */
const MOST = 50;

/** Adding and taking off 1.5 · 2^52 rounds to a whole number. */
const ROUND = 6755399441055744;

/** 2^k at k + 80. */
const POWERS = new Float64Array(160);
POWERS[80] = 1;
for (let k = 81; k < 160; k++) POWERS[k] = 2 * POWERS[k - 1]!;
for (let k = 79; k >= 0; k--) POWERS[k] = POWERS[k + 1]! / 2;

/** 1 / n! at n − 2, from n = 2 to 13. */
const TERMS: readonly number[] = Array.from({ length: 12 }, (_, t) => {
  let product = 1;
  for (let n = 2; n <= t + 2; n++) product *= n;
  return 1 / product;
});

/**
 * e^x for |x| up to 50, held to that beyond, within about 2 · 10⁻¹⁶ of it. Of sums, products and powers of two alone, so that
 * other hardware and the compiled kernels say the same, which Math.exp does not promise.
 */
export function exponential(x: number): number {
  const held = Math.min(Math.max(x, -MOST), MOST);
  const k = held * Math.LOG2E + ROUND - ROUND;
  const rest = held - k * LN2_HIGH - k * LN2_LOW;
  // Four terms at a time (Estrin 1960), which do not wait for each other.
  const two = rest * rest;
  const four = two * two;
  const fourFrom = (t: number): number =>
    TERMS[t]! + TERMS[t + 1]! * rest + (TERMS[t + 2]! + TERMS[t + 3]! * rest) * two;
  const sum = fourFrom(0) + (fourFrom(4) + fourFrom(8) * four) * four;
  return (rest + sum * two + 1) * POWERS[k + 80]!;
}

/** Writes g and h of one row, whose target is y and whose score is s, to `at`. */
type Write = (y: number, s: number, pairs: Float32Array, at: number) => void;

function writerOf([name, parameter]: Slope): Write {
  switch (name) {
    case 'l2':
      return (y, s, pairs, at) => {
        pairs[at] = s - y;
        pairs[at + 1] = 1;
      };
    case 'huber':
      return (y, s, pairs, at) => {
        pairs[at] = Math.min(Math.max(s - y, -parameter), parameter);
        pairs[at + 1] = 1;
      };
    case 'poisson':
      return (y, s, pairs, at) => {
        const mean = exponential(s);
        pairs[at] = mean - y;
        pairs[at + 1] = mean * parameter;
      };
    case 'tweedie':
      return (y, s, pairs, at) => {
        const low = y * exponential((1 - parameter) * s);
        const high = exponential((2 - parameter) * s);
        pairs[at] = high - low;
        pairs[at + 1] = (2 - parameter) * high - (1 - parameter) * low;
      };
    case 'gamma':
      return (y, s, pairs, at) => {
        const ratio = y * exponential(-s);
        pairs[at] = 1 - ratio;
        pairs[at + 1] = ratio;
      };
    case 'logistic':
      return (y, s, pairs, at) => {
        const share = 1 / (1 + exponential(-s));
        pairs[at] = share - y;
        pairs[at + 1] = Math.max(share * (1 - share), 1e-16);
      };
  }
}

/** What `slopes` of the kernels does. */
export function plainSlopes(
  slope: Slope,
  y: Float64Array,
  score: Float64Array,
  rows: Uint32Array,
  pairs: Float32Array,
): void {
  const write = writerOf(slope);
  for (let r = 0; r < rows.length; r++) {
    const i = rows[r]!;
    write(y[i]!, score[i]!, pairs, 2 * i);
  }
}
