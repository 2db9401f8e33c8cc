// Which rows a tree sees: all, a drawn share, or those with large gradients and some of the others.
import { random } from '../../core/random.ts';
import type { TreeSettings } from './options.ts';

/** A drawn share of the rows, ascending; the same for every output of a round. */
function share(rows: Uint32Array, part: number, seed: number, round: number): Uint32Array {
  const draw = random(seed, `rows ${round}`);
  const chosen = new Uint32Array(rows.length);
  let count = 0;
  for (let k = 0; k < rows.length; k++) if (draw.uniform() < part) chosen[count++] = rows[k]!;
  return count > 0 ? chosen.slice(0, count) : rows;
}

/**
 * Gradient-based one-side sampling (Ke et al. 2017): rows with the largest |g h| stay, of the others a share is drawn and
 * counts as much more, in `pairs`, as it is rarer.
 */
function oneSided(
  rows: Uint32Array,
  pairs: Float32Array,
  { top, other }: { top: number; other: number },
  seed: number,
  round: number,
): Uint32Array {
  const sizes = Float32Array.from(rows, (i) => Math.abs(pairs[2 * i]! * pairs[2 * i + 1]!));
  const kept = Math.max(1, Math.floor(top * rows.length));
  const bar = sizes.slice().sort()[rows.length - kept]!;
  const draw = random(seed, `goss ${round}`);
  const chosen = new Uint32Array(rows.length);
  const rate = other / (1 - top);
  const more = 1 / rate;
  let count = 0;
  for (let k = 0; k < rows.length; k++) {
    const i = rows[k]!;
    if (sizes[k]! < bar) {
      if (draw.uniform() >= rate) continue;
      pairs[2 * i] = pairs[2 * i]! * more;
      pairs[2 * i + 1] = pairs[2 * i + 1]! * more;
    }
    chosen[count++] = i;
  }
  return chosen.slice(0, count);
}

/** The rows that the tree of a round and output sees; `goss` changes gradients in `pairs`. */
export function sampledRows(
  rows: Uint32Array,
  pairs: Float32Array,
  { row_share, goss, learning_rate, seed }: TreeSettings,
  round: number,
): Uint32Array {
  // The first rounds need all rows, as nothing is known of which matter.
  if (goss && round >= 1 / learning_rate) return oneSided(rows, pairs, goss, seed, round);
  return row_share < 1 ? share(rows, row_share, seed, round) : rows;
}
