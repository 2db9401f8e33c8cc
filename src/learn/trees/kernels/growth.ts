// A grown tree as the loops write it: nodes and leaves in the order in which they were made.
import type { Kernels } from './kernels.ts';
import { LANES } from './lanes.ts';

export interface Growth {
  /** Leaves; nodes are one less. */
  leaves: number;
  /** One a node: the feature that it asks about and the last bin that goes left; 0 for categories. */
  readonly feature: Uint32Array;
  readonly bin: Uint32Array;
  /** 1 where what is missing goes left. */
  readonly isMissingLeft: Uint32Array;
  /** The nodes below; where it is a leaf, nothing. */
  readonly left: Uint32Array;
  readonly right: Uint32Array;
  /** By how much a split lowers the objective, and h of its rows. */
  readonly gain: Float64Array;
  readonly cover: Float64Array;
  /** BINS a node, 1 for each that goes left; empty where no feature is of categories. */
  readonly sets: Uint8Array;
  /** One a leaf: rows of the leaves to its left, the node above, and 1 where it hangs on its left. */
  readonly before: Uint32Array;
  readonly parent: Uint32Array;
  readonly isLeft: Uint32Array;
  /** Where its rows lie in `index`: from and to in each of the LANES. */
  readonly ends: Uint32Array;
  /** MASSES a leaf: rows, g, h, and the least and the greatest that its output may be. */
  readonly masses: Float64Array;
  /** The rows, leaf by leaf in each lane. */
  readonly index: Uint32Array;
}

export const MASSES = 5;

/** Room for trees of so many leaves on so many rows. */
export function growthRoom(
  { places, sums, bytes }: Pick<Kernels, 'places' | 'sums' | 'bytes'>,
  leaves: number,
  rows: number,
  setBytes: number,
): Growth {
  return {
    leaves: 0,
    feature: places(leaves),
    bin: places(leaves),
    isMissingLeft: places(leaves),
    left: places(leaves),
    right: places(leaves),
    gain: sums(leaves),
    cover: sums(leaves),
    sets: bytes(setBytes * leaves),
    before: places(leaves),
    parent: places(leaves),
    isLeft: places(leaves),
    ends: places(2 * LANES * leaves),
    masses: sums(MASSES * leaves),
    index: places(rows),
  };
}
