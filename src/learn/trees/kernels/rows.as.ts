// Loops over the rows of a tree: dealing them to lanes, parting them, and adding to their scores.
import { BLOCK } from './lanes.as';
import { laneOf, Plan } from './plan.as';
import { sumLane } from './sums.as';

/** Copies one block of rows out of `lanes`, from `block` to `end`, to `index`, and writes the sum of their pairs to `to`. */
export function start(pairs: usize, block: usize, end: usize, lanes: usize, index: usize, to: usize): void {
  let sum = f64x2.splat(0);
  for (; block < end; block += BLOCK * lanes) {
    const upto = min(block + BLOCK, end);
    for (let r = block; r < upto; r += 4, index += 4) {
      const i = load<u32>(r);
      store<u32>(index, i);
      sum = f64x2.add(sum, f64x2.promote_low_f32x4(v128.load64_zero(pairs + (<usize>i << 3))));
    }
  }
  v128.store(to, sum);
}

/** Parts the rows of a lane: those that go left come first, both sides in their old order. */
export function part(plan: Plan, lane: usize): void {
  const column = <usize>plan.column;
  const goesLeft = <usize>plan.goesLeft;
  const own = laneOf(plan, lane);
  const rows = <usize>load<u32>(own);
  const end = rows + (<usize>load<u32>(own, 4) << 2);
  const spare = rows - <usize>plan.index + <usize>plan.spare;
  let left = rows;
  let right = spare;
  for (let r = rows; r < end; r += 4) {
    const i = load<u32>(r);
    const isLeft = <usize>load<u8>(goesLeft + <usize>load<u8>(column + <usize>i));
    // Both are written, one of the two places moves on: no branch to be guessed wrong.
    store<u32>(left, i);
    store<u32>(right, i);
    left += isLeft << 2;
    right += (1 - isLeft) << 2;
  }
  memory.copy(left, spare, right - spare);
  store<u32>(own, <u32>((left - rows) >> 2), 8);
}

/** Parts the rows of a lane, and sums the side that is sought next, for all features. */
export function partAndSum(plan: Plan, lane: usize): void {
  part(plan, lane);
  const own = laneOf(plan, lane);
  const left = load<u32>(own, 8);
  if (plan.isLeftNext) store<u32>(own, left, 4);
  else {
    store<u32>(own, load<u32>(own) + (left << 2));
    store<u32>(own, load<u32>(own, 4) - left, 4);
  }
  sumLane(plan, lane, 0, plan.width);
}

/** The first place from `at` to `end` whose row is not below `least`; rows ascend. */
function notBelow(at: usize, end: usize, least: u32): usize {
  while (at < end) {
    const half = at + (((end - at) >> 3) << 2);
    if (load<u32>(half) < least) at = half + 4;
    else end = half;
  }
  return at;
}

/**
 * Adds the values of leaves to the scores, `outputs` apart, of their rows from `least` to `most` − 1; the rows of leaf l lie
 * from place offsets[l] to offsets[l + 1] and ascend.
 */
export function raise(
  score: usize,
  outputs: i32,
  rows: usize,
  offsets: usize,
  values: usize,
  leaves: i32,
  least: u32,
  most: u32,
): void {
  const step = <usize>outputs << 3;
  for (let l: usize = 0; l < <usize>leaves; l++) {
    const value = load<f64>(values + (l << 3));
    const end = rows + (<usize>load<u32>(offsets + (l << 2), 4) << 2);
    let r = notBelow(rows + (<usize>load<u32>(offsets + (l << 2)) << 2), end, least);
    for (; r < end; r += 4) {
      const i = load<u32>(r);
      if (i >= most) break;
      const at = score + <usize>i * step;
      store<f64>(at, load<f64>(at) + value);
    }
  }
}
