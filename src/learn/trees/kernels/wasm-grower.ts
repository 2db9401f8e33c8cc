// Tells the loops of WebAssembly what trees are grown on, and by which rules.
import type { BinnedTable } from '../bins.ts';
import type { TreeSettings } from '../options.ts';
import type { Crew } from './crew.ts';
import { growthRoom } from './growth.ts';
import { BINS, type Grow, type Kernels } from './kernels.ts';
import { lanesOf } from './lanes.ts';

/** Rows of a tile, and bytes beyond it, as in `sums.as.ts`. */
const TILE = 1024;
const BEYOND = 64;
/** Bytes of a tile of gathered rows: a pair of f64 for each, and the bins of eight features at a time. */
const tileOf = (width: number): number => 16 * TILE + (8 * TILE + BEYOND) * Math.ceil(width / 8);

/** Sizes of what `plan.as.ts` describes: bytes of a leaf and of a found cut, words and numbers of a plan. */
const LEAF = 144;
const FOUND = 32;
const PLAN_WORDS = 50;
const PLAN_NUMBERS = 8;

/** Kinds of features. */
const [NUMBER, HELD, CATEGORIES] = [0, 1, 2];

type Room = Pick<Kernels, 'bytes' | 'places' | 'sums' | 'within'> & {
  readonly raw: (bytes: number) => number;
  readonly holds: (array: Uint32Array) => boolean;
};

const at = (array: { readonly byteOffset: number }): number => array.byteOffset;

/** See `grower` of `Kernels`. */
export function wasmGrower(
  crew: Crew,
  room: Room,
  threads: number,
  { rows, features, ...table }: BinnedTable,
  settings: TreeSettings,
): Grow {
  const { leaves, max_depth, lambda_l1, monotone, interactions } = settings;
  const width = features.length;
  const bytesOf = (values: ArrayLike<number>): number => {
    const array = room.bytes(values.length);
    array.set(values);
    return at(array);
  };
  const directions = features.map((_, f) => monotone?.[f] ?? 0);
  const kinds = features.map(({ levels }, f) => {
    if (levels > 0) return CATEGORIES;
    return lambda_l1 > 0 || directions[f] !== 0 ? HELD : NUMBER;
  });
  const groups = (interactions ?? []).flatMap((group) => features.map((_, f) => (group.includes(f) ? 1 : 0)));
  const growth = growthRoom(room, leaves, rows, kinds.includes(CATEGORIES) ? BINS : 0);
  const tile = tileOf(width);
  const plan = room.sums(PLAN_WORDS / 2 + PLAN_NUMBERS);
  const words = new Uint32Array(plan.buffer, at(plan), PLAN_WORDS);
  words.set([
    ...[at(room.within(table.byRow)), at(room.within(table.byColumn)), rows, width],
    ...[bytesOf(features.map(({ count }) => count)), bytesOf(kinds), bytesOf(directions)],
    ...[bytesOf(groups), interactions?.length ?? 0],
    ...[threads, room.raw(threads * tile), tile],
    lanesOf(rows) > 1 ? room.raw(8 * 2 * BINS * width) : 0,
    ...[at(growth.index), at(room.places(rows)), at(room.bytes(BINS))],
    ...[leaves, Math.min(Math.ceil(max_depth), leaves)],
    ...[room.raw(LEAF * leaves), interactions ? room.raw(2 * width * leaves) : 0],
    ...[at(room.places(leaves + 1)), 0],
    room.raw(2 * FOUND * width),
    ...[growth.feature, growth.bin, growth.isMissingLeft, growth.left, growth.right].map(at),
    ...[at(growth.gain), at(growth.cover), growth.sets.length > 0 ? at(growth.sets) : 0],
    ...[growth.before, growth.parent, growth.isLeft, growth.ends, growth.masses].map(at),
  ]);
  plan.set(
    [
      lambda_l1,
      settings.lambda_l2,
      settings.min_child_samples,
      settings.min_child_weight,
      settings.min_gain,
      settings.max_cat_to_onehot,
      settings.cat_smooth,
      settings.cat_l2,
    ],
    PLAN_WORDS / 2,
  );
  const open = room.bytes(width);
  /** Rows that come from elsewhere. */
  let given: Uint32Array | undefined;
  return (chosen, pairs, drawn) => {
    let own = chosen;
    if (!room.holds(chosen)) {
      given ??= room.places(rows);
      given.set(chosen);
      own = given;
    }
    open.set(drawn);
    growth.leaves = crew.grow(at(plan), at(own), chosen.length, at(pairs), at(open));
    return growth;
  };
}
