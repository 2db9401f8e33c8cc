// Derivatives of losses in AssemblyScript with SIMD; `slopes.ts` is the same in TypeScript, to the bit.
import { BLOCK } from './lanes.as';

/** a + b · x. */
@inline
function line(a: v128, b: v128, x: v128): v128 {
  return f64x2.add(a, f64x2.mul(b, x));
}

/** 1 / n! + x / (n + 1)!, both factorials given. */
@inline
function terms(product: f64, next: f64, x: v128): v128 {
  return line(f64x2.splat(1.0 / product), f64x2.splat(1.0 / next), x);
}

/** e^x of two numbers, as `exponential` in slopes.ts. */
@inline
function exponential(x: v128): v128 {
  const held = f64x2.pmin(f64x2.pmax(x, f64x2.splat(-50)), f64x2.splat(50));
  // Adding 1.5 · 2^52 rounds to a whole number, which then is in the low bits too.
  const shifted = f64x2.add(f64x2.mul(held, f64x2.splat(1.4426950408889634)), f64x2.splat(6755399441055744));
  const k = f64x2.sub(shifted, f64x2.splat(6755399441055744));
  const high = f64x2.mul(k, f64x2.splat(0.6931471803691238));
  const low = f64x2.mul(k, f64x2.splat(1.9082149292705877e-10));
  const rest = f64x2.sub(f64x2.sub(held, high), low);
  const two = f64x2.mul(rest, rest);
  const four = f64x2.mul(two, two);
  const low4 = line(terms(2, 6, rest), terms(24, 120, rest), two);
  const middle4 = line(terms(720, 5040, rest), terms(40320, 362880, rest), two);
  const high4 = line(terms(3628800, 39916800, rest), terms(479001600, 6227020800, rest), two);
  const sum = line(low4, line(middle4, high4, four), four);
  const whole = f64x2.add(line(rest, sum, two), f64x2.splat(1));
  const power = i64x2.shl(i64x2.add(shifted, i64x2.splat(1023)), 52);
  return f64x2.mul(whole, power);
}

/**
 * Both derivatives of a loss by the score, for one block of rows out of `lanes` from `rows` to `end`, two rows at a time; losses by
 * their place in SLOPES.
 */
export function slopes(
  loss: i32,
  parameter: f64,
  y: usize,
  score: usize,
  rows: usize,
  end: usize,
  lanes: usize,
  pairs: usize,
): void {
  const one = f64x2.splat(1);
  const given = f64x2.splat(parameter);
  for (; rows < end; rows += BLOCK * lanes) {
    const upto = min(rows + BLOCK, end);
    for (let r = rows; r < upto; r += 8) {
      const i = <usize>load<u32>(r);
      // The last row of an odd number is done twice.
      const j = r + 4 < upto ? <usize>load<u32>(r, 4) : i;
      const s = v128.load64_lane(score + (j << 3), v128.load64_zero(score + (i << 3)), 1);
      const target = v128.load64_lane(y + (j << 3), v128.load64_zero(y + (i << 3)), 1);
      let g: v128;
      let h: v128 = one;
      switch (loss) {
        case 0: {
          g = f64x2.sub(s, target);
          break;
        }
        case 1: {
          g = f64x2.pmin(f64x2.pmax(f64x2.sub(s, target), f64x2.neg(given)), given);
          break;
        }
        case 2: {
          const mean = exponential(s);
          g = f64x2.sub(mean, target);
          h = f64x2.mul(mean, given);
          break;
        }
        case 3: {
          const toOne = f64x2.splat(1 - parameter);
          const toTwo = f64x2.splat(2 - parameter);
          const low = f64x2.mul(target, exponential(f64x2.mul(toOne, s)));
          const high = exponential(f64x2.mul(toTwo, s));
          g = f64x2.sub(high, low);
          h = f64x2.sub(f64x2.mul(toTwo, high), f64x2.mul(toOne, low));
          break;
        }
        case 4: {
          h = f64x2.mul(target, exponential(f64x2.neg(s)));
          g = f64x2.sub(one, h);
          break;
        }
        default: {
          const share = f64x2.div(one, f64x2.add(one, exponential(f64x2.neg(s))));
          g = f64x2.sub(share, target);
          h = f64x2.pmax(f64x2.mul(share, f64x2.sub(one, share)), f64x2.splat(1e-16));
        }
      }
      const both = v128.shuffle<f32>(f32x4.demote_f64x2_zero(g), f32x4.demote_f64x2_zero(h), 0, 4, 1, 5);
      v128.store64_lane(pairs + (i << 3), both, 0);
      v128.store64_lane(pairs + (j << 3), both, 1);
    }
  }
}
