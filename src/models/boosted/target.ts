// What the trees are asked for in place of y: y in units of its local level, in logarithms, or as a change.

/**
 * `scale`: y over its local level. `log`: the logarithm of that. `difference`: y over its level, less the base (the season of
 * before). `none`: y as it is.
 */
export const TRANSFORMS = ['scale', 'log', 'difference', 'none'] as const;
export type Transform = (typeof TRANSFORMS)[number];

/** Logarithms of values below this share of the level count as this share: nothing sold has no logarithm. */
const LEAST_SHARE = 0.02;

/** What targets stand on, row by row: the level in units of y, and the base in units of the level (NaN counts as 1). */
export interface Ground {
  readonly level: Float64Array;
  readonly base: Float64Array | undefined;
}

const baseAt = ({ base }: Ground, r: number): number => {
  const value = base?.[r] ?? Number.NaN;
  return Number.isNaN(value) ? 1 : value;
};

/** The target of each row; NaN where y is not known. */
export function transformed(transform: Transform, y: Float64Array, ground: Ground): Float64Array {
  const { level } = ground;
  switch (transform) {
    case 'scale':
      return y.map((v, r) => v / level[r]!);
    case 'log':
      return y.map((v, r) => Math.log(Math.max(v / level[r]!, LEAST_SHARE)));
    case 'difference':
      return y.map((v, r) => v / level[r]! - baseAt(ground, r));
    case 'none':
      return y.slice();
  }
}

/** Back to units of y; `outputs` values a row. */
export function restored(transform: Transform, z: Float64Array, ground: Ground, outputs = 1): Float64Array {
  const { level } = ground;
  const row = (k: number): number => Math.floor(k / outputs);
  switch (transform) {
    case 'scale':
      return z.map((v, k) => v * level[row(k)]!);
    case 'log':
      return z.map((v, k) => Math.exp(v) * level[row(k)]!);
    case 'difference':
      return z.map((v, k) => (v + baseAt(ground, row(k))) * level[row(k)]!);
    case 'none':
      return z.slice();
  }
}
