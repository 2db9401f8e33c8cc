// Windows of a panel as examples: the past of a series up to a cutoff, what is known of the horizon, and what happened in it.
// They are cut from the panel when they are asked for; nothing is copied before.
import { lengthOf, type Panel } from '../../core/panel.ts';
import { random } from '../../core/random.ts';
import type { Examples, Field } from '../../learn/network/examples.ts';
import { inverseSoftplus } from '../../math/special.ts';
import { type Base, baseOf, type Footing, footingOf, type Past } from './footing.ts';
import type { Inputs } from './inputs.ts';

/** The sizes of everything that a network sees. */
export interface Sizes {
  readonly window: number;
  readonly h: number;
  /** The season that is carried on; 0 for none. */
  readonly season: number;
  /** Longer seasons, whose values are told beside it. */
  readonly further: readonly number[];
  /** Numbers a past period: the value and what it is beyond that a season before, whether they are known, and what is told. */
  readonly past: number;
  /** Numbers a period to come: the plain forecast, values seasons ago, whether they are known, and what is told. */
  readonly future: number;
  /** Numbers a series: how large and how restless it is, and its attributes. */
  readonly statics: number;
  /** Values of each attribute that is a category; the series itself comes last where it has an identity. */
  readonly categories: readonly number[];
  /** What stands for a series of which nothing is known yet. */
  readonly usual: Footing;
}

/** Variables of a past period, of one to come and of a series that every panel has, by how many numbers each consists of. */
const OWN_VARIABLES = { past: [2, 2], future: [2, 2, 1], statics: [1, 1, 1, 1] } as const;
/** Their numbers. */
const OWN = { past: 4, future: 5, statics: 4 } as const;

export function sizesOf(
  inputs: Inputs,
  {
    identities,
    ...own
  }: Pick<Sizes, 'window' | 'h' | 'season' | 'further' | 'usual'> & { readonly identities: number },
): Sizes {
  return {
    ...own,
    past: OWN.past + inputs.periodWidth + inputs.pastWidth,
    // What is told of the period, and what was told of the one that its plain forecast comes from.
    future: OWN.future + 2 * own.further.length + inputs.periodWidth + inputs.knownWidth,
    statics: OWN.statics + inputs.staticWidth,
    categories: identities > 0 ? [...inputs.categories, identities] : inputs.categories,
  };
}

/** How many numbers each variable consists of, in order: a value and whether it is known, the calendar of a season, a column. */
export type VariableSizes = Readonly<Record<'past' | 'future' | 'statics', readonly number[]>>;

/** The variables of what a network sees; learned numbers of categories are not among them. */
export const variableSizes = ({ variables }: Inputs, { further }: Pick<Sizes, 'further'>): VariableSizes => ({
  past: [...OWN_VARIABLES.past, ...variables.period, ...variables.past],
  future: [...OWN_VARIABLES.future, ...further.map(() => 2), ...variables.period, ...variables.known],
  statics: [...OWN_VARIABLES.statics, ...variables.statics],
});

/** The middle footing of all series: what stands for one of which nothing is known. */
export function usualFooting(panel: Panel, season: number): Footing {
  const all = panel.ids.flatMap((_, i) => {
    const past = { y: panel.y, from: panel.offsets[i]!, to: panel.offsets[i + 1]! };
    const own = footingOf(past, season, { level: Number.NaN, scale: 1 });
    return Number.isNaN(own.level) ? [] : [own];
  });
  const middle = (of: (own: Footing) => number, none: number): number =>
    all.map(of).sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? none;
  return { level: middle(({ level }) => level, 0), scale: middle(({ scale }) => scale, 1) };
}

/** A window: a series and how many of its cells are known. */
export interface Cutoffs {
  readonly series: Int32Array;
  readonly known: Int32Array;
}

/** Most windows that are kept in mind; of more, as many are drawn. */
const MOST = 2_000_000;

/** The first cutoff of a series of n cells, a bit of past before it, and how many there are from there on. */
function cutoffRange(n: number, { h, window }: Pick<Sizes, 'h' | 'window'>): { from: number; count: number } {
  const least = Math.max(2, Math.floor(window / 4));
  const from = Math.min(least, Math.max(1, n - h));
  return { from, count: Math.max(0, n - from) };
}

/** Windows that a panel without gaps has to learn from. */
export const windowCount = (panel: Panel, sizes: Pick<Sizes, 'h' | 'window'>): number =>
  Math.min(
    MOST,
    panel.ids.reduce((sum, _, i) => sum + cutoffRange(lengthOf(panel, i), sizes).count, 0),
  );

/** All cutoffs with a value to learn from in the horizon and a bit of past, or a drawing of them. */
export function cutoffsOf(panel: Panel, sizes: Pick<Sizes, 'h' | 'window'>, seed: number): Cutoffs {
  const { h } = sizes;
  const series: number[] = [];
  const known: number[] = [];
  let total = 0;
  const ranges = panel.ids.map((_, i) => {
    const range = cutoffRange(lengthOf(panel, i), sizes);
    total += range.count;
    return range;
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

const fieldsOf = (
  { window, h, past, future, statics, categories }: Sizes,
  counts: boolean,
): Record<string, Field> => ({
  past: { shape: [window, past] },
  future: { shape: [h, future] },
  statics: { shape: [statics] },
  y: { shape: [h, 1] },
  weight: { shape: [h, 1] },
  ...Object.fromEntries(categories.map((_, k) => [`code_${k}`, { shape: [1], kind: 'int64' as const }])),
  ...(counts ? { count: { shape: [h, 1] }, lift: { shape: [h, 1] }, unit: { shape: [1, 1] } } : {}),
});

/** Share of its unit that a series is taken to sell where the plain forecast is zero. */
const HARDLY = 0.05;

/** The unit in which counts of a series are told, and where softplus gives the plain forecast in it. */
export const unitOfCounts = ({ level, scale }: Footing): number => Math.abs(level) + scale;
export const liftOf = (plain: number, unit: number): number =>
  inverseSoftplus(Math.max(plain, 0) / unit + HARDLY);

/** Steps beyond which a value is held: one that is far off must not rule the network. */
const FAR = 20;
export const held = (z: number): number => Math.max(-FAR, Math.min(FAR, z));

/** Writes a number and whether it is known. */
function tell(value: number, { level, scale }: Footing, out: Float32Array, at: number): void {
  const isKnown = !Number.isNaN(value);
  out[at] = isKnown ? held((value - level) / scale) : 0;
  out[at + 1] = isKnown ? 1 : 0;
}

/**
 * The windows as examples. Values are in steps from the level of their own past; what is learned, from the plain forecast. Where
 * counts are asked for they are told as they are, with the plain forecast of each step (`lift`) and the unit of the series.
 */
export function windowExamples(
  panel: Panel,
  inputs: Inputs,
  sizes: Sizes,
  cutoffs: Cutoffs,
  identityOf: (i: number) => number,
  counts = false,
): Examples {
  const { y, offsets } = panel;
  const { window, h, season, further, past: P, future: F, statics: S, categories, usual } = sizes;
  const base: Base = { values: new Float64Array(h), told: new Float64Array(h) };
  const told = OWN.future + 2 * further.length;
  return {
    count: cutoffs.series.length,
    fields: fieldsOf(sizes, counts),
    fill(which, arrays) {
      const [past, future, statics, target, weight] = ['past', 'future', 'statics', 'y', 'weight'].map(
        (name) => arrays[name] as Float32Array,
      ) as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
      const [count, lift, units] = [arrays.count, arrays.lift, arrays.unit] as Float32Array[];
      for (let r = 0; r < which.length; r++) {
        const [i, n] = [cutoffs.series[which[r]!]!, cutoffs.known[which[r]!]!];
        const [from, end] = [offsets[i]!, offsets[i + 1]!];
        const known: Past = { y, from, to: from + n };
        const footing = footingOf(known, season, usual);
        baseOf(known, season, footing, base);
        const ago = (t: number, m: number): number => {
          const before = m === 0 ? -1 : t - m * Math.max(1, Math.ceil((t + 1 - n) / m));
          return before >= 0 ? y[from + before]! : Number.NaN;
        };
        for (let k = 0; k < window; k++) {
          const t = n - window + k;
          const at = (r * window + k) * P;
          if (t < 0) {
            past.fill(0, at, at + P);
            continue;
          }
          const value = y[from + t]!;
          tell(value, footing, past, at);
          tell(value - ago(t, season), { ...footing, level: 0 }, past, at + 2);
          inputs.period(i, t, past, at + OWN.past);
          inputs.past(i, t, past, at + OWN.past + inputs.periodWidth);
        }
        for (let s = 0; s < h; s++) {
          const at = (r * h + s) * F;
          future[at] = held((base.values[s]! - footing.level) / footing.scale);
          future[at + 1] = base.told[s]!;
          tell(ago(n + s, season), footing, future, at + 2);
          future[at + 4] = (s + 1) / h;
          for (const [k, m] of further.entries())
            tell(ago(n + s, m), footing, future, at + OWN.future + 2 * k);
          inputs.period(i, n + s, future, at + told);
          const before = n + s - season * Math.ceil((s + 1) / Math.max(1, season));
          inputs.known(i, season > 0 && before >= 0 ? before : -1, future, at + told + inputs.periodWidth);
          const cell = from + n + s;
          const truth = cell < end ? y[cell]! : Number.NaN;
          const isTold = !Number.isNaN(truth);
          target[r * h + s] = isTold ? held((truth - base.values[s]!) / footing.scale) : 0;
          weight[r * h + s] = isTold ? 1 : 0;
        }
        if (counts) {
          const unit = unitOfCounts(footing);
          units![r] = unit;
          for (let s = 0; s < h; s++) {
            const k = r * h + s;
            count![k] = weight[k]! > 0 ? y[from + n + s]! : 0;
            lift![k] = liftOf(base.values[s]!, unit);
          }
        }
        const at = r * S;
        statics[at] = Math.log1p(Math.abs(footing.level)) / 5;
        statics[at + 1] = Math.log(footing.scale / (Math.abs(footing.level) + footing.scale));
        statics[at + 2] = Math.min(1, n / window);
        statics[at + 3] = season > 0 ? Math.min(2, n / season) : 0;
        inputs.statics(i, statics, at + OWN.statics);
        for (let c = 0; c < categories.length; c++) {
          const codes = arrays[`code_${c}`] as BigInt64Array;
          codes[r] = BigInt(c < inputs.categories.length ? inputs.code(i, c) : identityOf(i));
        }
      }
    },
  };
}
