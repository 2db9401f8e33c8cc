// Windows of a panel as examples: the past of a series up to a cutoff, what is known of the horizon, and what happened in it.
// They are cut from the panel when they are asked for; nothing is copied before.
import { lengthOf, type Panel } from '../../core/panel.ts';
import { random } from '../../core/random.ts';
import type { Examples, Field } from '../../learn/network/examples.ts';
import type { Inputs } from './inputs.ts';

/** The sizes of everything that a network sees. */
export interface Sizes {
  readonly window: number;
  readonly h: number;
  /** Longest season that the horizon is told of a season ago; 0 for none. */
  readonly season: number;
  /** Numbers a past period: the value, whether it is known, what is told of the period, and past-only columns. */
  readonly past: number;
  /** Numbers a period to come: the value a season ago, whether it is known, and what is told of the period. */
  readonly future: number;
  /** Numbers a series: how large and how restless it is, and its attributes. */
  readonly statics: number;
  /** Values of each attribute that is a category; the series itself comes last where it has an identity. */
  readonly categories: readonly number[];
}

export function sizesOf(
  inputs: Inputs,
  { window, h, season, identities }: { window: number; h: number; season: number; identities: number },
): Sizes {
  return {
    window,
    h,
    season,
    past: 2 + inputs.periodWidth + inputs.pastWidth,
    future: 2 + inputs.periodWidth,
    statics: 3 + inputs.staticWidth,
    categories: identities > 0 ? [...inputs.categories, identities] : inputs.categories,
  };
}

/** Where a series is and how much it moves: what it is measured by. */
export interface Footing {
  readonly level: number;
  readonly scale: number;
}

/** Share of the level below which the scale does not fall: a series that stands still is not magnified. */
const STILL = 0.05;

/** The mean and the deviation of the known values of a window; 0 and 1 where there are none. */
export function footingOf(y: Float64Array, from: number, to: number): Footing {
  let [count, sum, squares] = [0, 0, 0];
  for (let c = from; c < to; c++) {
    const v = y[c]!;
    if (Number.isNaN(v)) continue;
    count++;
    sum += v;
    squares += v * v;
  }
  if (count === 0) return { level: 0, scale: 1 };
  const level = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - level * level));
  return { level, scale: Math.max(deviation, STILL * Math.abs(level), 1e-6) };
}

/** A window: a series and how many of its cells are known. */
export interface Cutoffs {
  readonly series: Int32Array;
  readonly known: Int32Array;
}

/** Most windows that are kept in mind; of more, as many are drawn. */
const MOST = 2_000_000;

/** All cutoffs with a value to learn from in the horizon and a bit of past, or a drawing of them. */
export function cutoffsOf(panel: Panel, { h, window }: Pick<Sizes, 'h' | 'window'>, seed: number): Cutoffs {
  const least = Math.max(2, Math.floor(window / 4));
  const series: number[] = [];
  const known: number[] = [];
  let total = 0;
  const ranges = panel.ids.map((_, i) => {
    const n = lengthOf(panel, i);
    const from = Math.min(least, Math.max(1, n - h));
    const count = Math.max(0, n - from);
    total += count;
    return { from, count };
  });
  const share = Math.min(1, MOST / total);
  const { uniform } = random(seed, 'windows');
  for (const [i, { from, count }] of ranges.entries()) {
    for (let k = 0; k < count; k++) {
      if (share < 1 && uniform() >= share) continue;
      const at = panel.offsets[i]! + from + k;
      const end = Math.min(at + h, panel.offsets[i + 1]!);
      let isTold = false;
      for (let c = at; c < end && !isTold; c++) isTold = !Number.isNaN(panel.y[c]!);
      if (!isTold) continue;
      series.push(i);
      known.push(from + k);
    }
  }
  return { series: Int32Array.from(series), known: Int32Array.from(known) };
}

/** The cutoffs at the end of each of the series. */
export const endsOf = (panel: Panel): Cutoffs => ({
  series: Int32Array.from(panel.ids, (_, i) => i),
  known: Int32Array.from(panel.ids, (_, i) => lengthOf(panel, i)),
});

const fieldsOf = ({ window, h, past, future, statics, categories }: Sizes): Record<string, Field> => ({
  past: { shape: [window, past] },
  future: { shape: [h, future] },
  statics: { shape: [statics] },
  y: { shape: [h, 1] },
  weight: { shape: [h, 1] },
  ...Object.fromEntries(categories.map((_, k) => [`code_${k}`, { shape: [1], kind: 'int64' as const }])),
});

/** Deviations beyond which a value is held: one that is far off must not rule the network. */
const FAR = 20;
const held = (z: number): number => Math.max(-FAR, Math.min(FAR, z));

/** The windows as examples. Values are in deviations from the mean of their own past. */
export function windowExamples(
  panel: Panel,
  inputs: Inputs,
  sizes: Sizes,
  cutoffs: Cutoffs,
  identityOf: (i: number) => number,
): Examples {
  const { y, offsets } = panel;
  const { window, h, season, past: P, future: F, statics: S, categories } = sizes;
  return {
    count: cutoffs.series.length,
    fields: fieldsOf(sizes),
    fill(which, arrays) {
      const [past, future, statics, target, weight] = ['past', 'future', 'statics', 'y', 'weight'].map(
        (name) => arrays[name] as Float32Array,
      ) as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
      for (let r = 0; r < which.length; r++) {
        const [i, n] = [cutoffs.series[which[r]!]!, cutoffs.known[which[r]!]!];
        const [base, end] = [offsets[i]!, offsets[i + 1]!];
        const { level, scale } = footingOf(y, base + Math.max(0, n - window), base + n);
        for (let k = 0; k < window; k++) {
          const t = n - window + k;
          const at = (r * window + k) * P;
          if (t < 0) {
            past.fill(0, at, at + P);
            continue;
          }
          const value = y[base + t]!;
          const isKnown = !Number.isNaN(value);
          past[at] = isKnown ? held((value - level) / scale) : 0;
          past[at + 1] = isKnown ? 1 : 0;
          inputs.period(i, t, past, at + 2);
          inputs.past(i, t, past, at + 2 + inputs.periodWidth);
        }
        for (let s = 0; s < h; s++) {
          const at = (r * h + s) * F;
          const before = season === 0 ? Number.NaN : n + s - season * Math.ceil((s + 1) / season);
          const value = before >= 0 ? y[base + before]! : Number.NaN;
          const isKnown = !Number.isNaN(value);
          future[at] = isKnown ? held((value - level) / scale) : 0;
          future[at + 1] = isKnown ? 1 : 0;
          inputs.period(i, n + s, future, at + 2);
          const cell = base + n + s;
          const truth = cell < end ? y[cell]! : Number.NaN;
          const isTold = !Number.isNaN(truth);
          target[r * h + s] = isTold ? held((truth - level) / scale) : 0;
          weight[r * h + s] = isTold ? 1 : 0;
        }
        const at = r * S;
        statics[at] = Math.log1p(Math.abs(level)) / 5;
        statics[at + 1] = Math.log(scale / (Math.abs(level) + scale));
        statics[at + 2] = Math.min(1, n / window);
        inputs.statics(i, statics, at + 3);
        for (let c = 0; c < categories.length; c++) {
          const codes = arrays[`code_${c}`] as BigInt64Array;
          codes[r] = BigInt(c < inputs.categories.length ? inputs.code(i, c) : identityOf(i));
        }
      }
    },
  };
}
