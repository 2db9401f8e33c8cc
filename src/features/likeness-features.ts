// What a series sold when its columns were as they will be: a mean over past cells, weighed by how alike their flags,
// categories and prices are to those of the target.
import type { Panel } from '../core/panel.ts';
import type { Feature } from '../learn/trees/bins.ts';
import { kindOf } from './column-kind.ts';
import { type ColumnReader, knownReader } from './column-reader.ts';
import { type FeatureRows, feature, rowCount } from './feature-rows.ts';
import type { History } from './history.ts';

/** Past cells looked at: two years of weeks, or most of a year of days. */
const CELLS = 250;
/** A price so much off (in logarithms) weighs a third; a flag that differs weighs this share. */
const PRICE_WIDTH = 0.05;
const OTHER_FLAG = 0.02;
/** Cells after which a past cell weighs half, as many as one window holds. */
const FADING_WINDOWS = 2;

/** The likeness of two cells of a series by one column: 1 where it has the same value. */
interface Likeness {
  readonly name: string;
  readonly of: (i: number, then: number, target: number) => number;
}

function likenessesOf(panel: Panel): Likeness[] {
  return panel.knownFuture.flatMap((column): Likeness[] => {
    const { name } = column;
    const kind = kindOf(column);
    if (kind === 'number') return [];
    const read: ColumnReader = knownReader(panel, column);
    if (kind === 'price') {
      const off = (i: number, then: number, target: number): number =>
        Math.abs(Math.log(read(i, then) / read(i, target)));
      return [{ name, of: (i, then, target) => Math.exp(-off(i, then, target) / PRICE_WIDTH) }];
    }
    return [{ name, of: (i, then, target) => (read(i, then) === read(i, target) ? 1 : OTHER_FLAG) }];
  });
}

/** The weighted mean of each row's past in units of y, and the sum of the weights. */
function alikePast(
  rows: FeatureRows,
  history: History,
  window: number,
  likenesses: readonly Likeness[],
): { readonly mean: Float64Array; readonly weight: Float64Array } {
  const count = rowCount(rows);
  const { series, known, step } = rows;
  const mean = new Float64Array(count);
  const weight = new Float64Array(count);
  const fading = 0.5 ** (1 / (FADING_WINDOWS * window));
  for (let r = 0; r < count; r++) {
    const [i, n] = [series[r]!, known[r]!];
    const target = n + step[r]! - 1;
    let [age, total, all] = [1, 0, 0];
    for (let t = n - 1; t >= Math.max(0, n - CELLS); t--) {
      age *= fading;
      const y = history.value(i, t);
      if (Number.isNaN(y)) continue;
      let own = age;
      for (const { of } of likenesses) {
        const share = of(i, t, target);
        if (!Number.isNaN(share)) own *= share;
      }
      total += own * y;
      all += own;
    }
    mean[r] = total / all;
    weight[r] = all;
  }
  return { mean, weight };
}

/** The weighted mean of the alike past in units of the level, and the weight of all that is alike. */
export function likenessFeatures(
  rows: FeatureRows,
  history: History,
  level: Float64Array,
  window: number,
): Feature[] {
  const likenesses = likenessesOf(history.panel);
  if (likenesses.length === 0) return [];
  const count = rowCount(rows);
  const { mean, weight } = alikePast(rows, history, window, likenesses);
  return [
    feature('mean of alike', count, (r) => mean[r]! / level[r]!),
    feature('weight of alike', count, (r) => weight[r]!),
  ];
}
