// The loops by number, so that a call of one fits into memory as ten numbers.
import { binNumbers, bounds, transpose } from './bins.as';
import { cut } from './cuts.as';
import { Found, Leaf, Plan } from './plan.as';
import { part, partAndSum, raise, start } from './rows.as';
import { slopes } from './slopes.as';
import { mergeLanes, sumLane, sumLanes, takeOff } from './sums.as';
import { walk } from './walk.as';

/** Those that JavaScript calls, as `crew.ts` numbers them. */
const RAISE: i32 = 0;
const SLOPES: i32 = 1;
const BOUNDS: i32 = 2;
const BIN_NUMBERS: i32 = 3;
const TRANSPOSE: i32 = 4;
const WALK: i32 = 5;
/** Those of which trees are grown. */
export const START: i32 = 6;
export const PART: i32 = 7;
export const PART_AND_SUM: i32 = 8;
export const SUM_LANE: i32 = 9;
export const CUT_LANES: i32 = 10;
export const SEARCH: i32 = 11;

/** Takes the small leaf's sums off the large one's, where there is one, and cuts both, for features `first` to `last` − 1. */
function cutLeaves(plan: Plan, first: usize, last: usize): void {
  const small = changetype<Leaf>(plan.small);
  const each = offsetof<Found>();
  for (let f = first; f < last; f++) cut(plan, small, f, changetype<Found>(plan.found + f * each));
  if (!plan.large) return;
  const large = changetype<Leaf>(plan.large);
  const others = <usize>plan.found + plan.width * each;
  for (let f = first; f < last; f++) {
    takeOff(plan, f, small.sums, large.sums);
    cut(plan, large, f, changetype<Found>(others + f * each));
  }
}

/** Sums of a leaf and its best cuts, for features `first` to `last` − 1. */
function search(plan: Plan, first: usize, last: usize): void {
  sumLanes(plan, first, last);
  cutLeaves(plan, first, last);
}

/** The second half of a shared search: adds the lanes up, and cuts. */
function cutLanes(plan: Plan, first: usize, last: usize): void {
  if (plan.lanes > 1) mergeLanes(plan, first, last);
  cutLeaves(plan, first, last);
}

/** Number k of a call. */
@inline
function n(call: usize, k: usize): f64 {
  return load<f64>(call + (k << 3));
}

/** The same as a place, or a count. */
@inline
function p(call: usize, k: usize): usize {
  return <usize>n(call, k);
}

/** Does a call. */
export function perform(c: usize): void {
  let result: f64 = 0;
  switch (<i32>n(c, 0)) {
    case RAISE:
      raise(p(c, 1), <i32>p(c, 2), p(c, 3), p(c, 4), p(c, 5), <i32>p(c, 6), <u32>p(c, 7), <u32>p(c, 8));
      break;
    case SLOPES:
      slopes(<i32>p(c, 1), n(c, 2), p(c, 3), p(c, 4), p(c, 5), p(c, 6), p(c, 7), p(c, 8));
      break;
    case BOUNDS:
      result = <f64>bounds(p(c, 1), <i32>p(c, 2), p(c, 3), <i32>p(c, 4), p(c, 5), <i32>p(c, 6), p(c, 7));
      break;
    case BIN_NUMBERS:
      binNumbers(p(c, 1), <i32>p(c, 2), <i32>p(c, 3), p(c, 4), <i32>p(c, 5), p(c, 6));
      break;
    case TRANSPOSE:
      transpose(p(c, 1), <i32>p(c, 2), <i32>p(c, 3), p(c, 4), <i32>p(c, 5), <i32>p(c, 6));
      break;
    case WALK:
      walk(p(c, 1), p(c, 2), <i32>p(c, 3), p(c, 4), <i32>p(c, 5), p(c, 6), <i32>p(c, 7));
      break;
    case START:
      start(p(c, 1), p(c, 2), p(c, 3), p(c, 4), p(c, 5), p(c, 6));
      break;
    case PART:
      part(changetype<Plan>(p(c, 1)), p(c, 2));
      break;
    case PART_AND_SUM:
      partAndSum(changetype<Plan>(p(c, 1)), p(c, 2));
      break;
    case SUM_LANE:
      sumLane(changetype<Plan>(p(c, 1)), p(c, 2), p(c, 3), p(c, 4));
      break;
    case CUT_LANES:
      cutLanes(changetype<Plan>(p(c, 1)), p(c, 2), p(c, 3));
      break;
    case SEARCH:
      search(changetype<Plan>(p(c, 1)), p(c, 2), p(c, 3));
      break;
  }
  store<f64>(c, result, 72);
}
