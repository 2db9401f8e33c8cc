// The rows a boosted forecaster learns from, tries itself on and forecasts, and what they weigh.
import { lengthOf, type Panel } from '../../core/panel.ts';
import { random } from '../../core/random.ts';
import { type FeatureRows, rowsToLearn, type Setting } from '../../features/feature-rows.ts';
import type { FeatureTable } from '../../features/feature-table.ts';
import type { Loss } from './options.ts';

/**
 * Cutoffs in the past at most, of forecasts of several steps: more show the same targets from places that hardly differ. Of one step
 * each cutoff shows another target.
 */
const ORIGINS = 60;

/** Share of rows that show launches: products of which nothing is known but their attributes. */
const LAUNCHES = 0.04;

/** Series lengths, ascending. */
const lengths = (panel: Panel): Float64Array =>
  Float64Array.from(panel.ids, (_, i) => lengthOf(panel, i)).sort();

/** Cutoffs and steps to learn from, with a few launches where columns tell products apart. */
export function learningRows(
  panel: Panel,
  h: number,
  most: number,
  setting: Setting,
  seed: number,
): FeatureRows {
  const sizes = lengths(panel);
  const usual = sizes[Math.floor(sizes.length / 20)] ?? 0;
  const least = Math.max(1, Math.min(Math.ceil(setting.window / 2), Math.floor(usual / 2)));
  const origins = h === 1 ? Infinity : ORIGINS;
  const plan = { h, most, origins, least, back: 0, seasons: setting.seasons };
  const rows = rowsToLearn(panel, plan, random(seed, 'rows'));
  if (panel.statics.length + panel.knownFuture.length === 0) return rows;
  const draw = random(seed, 'launches');
  const share = (LAUNCHES * rows.series.length) / Math.max(1, panel.ids.length * h);
  const launches: [i: number, step: number][] = [];
  for (let i = 0; i < panel.ids.length; i++) {
    for (let step = 1; step <= Math.min(h, lengthOf(panel, i)); step++) {
      if (draw.uniform() >= share || Number.isNaN(panel.y[panel.offsets[i]! + step - 1]!)) continue;
      launches.push([i, step]);
    }
  }
  return joinRows(rows, {
    series: Int32Array.from(launches, ([i]) => i),
    known: new Int32Array(launches.length),
    step: Int32Array.from(launches, ([, step]) => step),
  });
}

/** Several sets of rows, one after the other. */
export function joinRows(...parts: readonly FeatureRows[]): FeatureRows {
  const join = (of: (rows: FeatureRows) => Int32Array): Int32Array => {
    const out = new Int32Array(parts.reduce((sum, part) => sum + of(part).length, 0));
    let at = 0;
    for (const part of parts) {
      out.set(of(part), at);
      at += of(part).length;
    }
    return out;
  };
  return { series: join((r) => r.series), known: join((r) => r.known), step: join((r) => r.step) };
}

/** The period of each row's target. */
export const targetPeriods = (panel: Panel, { series, known, step }: FeatureRows): Int32Array =>
  series.map((i, r) => panel.start[i]! + known[r]! + step[r]! - 1);

/** Mean step from cell to cell of each series: the scale in which errors of different series compare. */
export function typicalSteps(panel: Panel): Float64Array {
  return Float64Array.from(panel.ids, (_, i) => {
    let total = 0;
    let count = 0;
    for (let at = panel.offsets[i]! + 1; at < panel.offsets[i + 1]!; at++) {
      const step = Math.abs(panel.y[at]! - panel.y[at - 1]!);
      if (Number.isNaN(step)) continue;
      total += step;
      count++;
    }
    return total / count;
  });
}

/** Bounds of the ratio of level to typical step: an almost constant series must not rule the panel. */
const LEAST_RATIO = 0.5;
const MOST_RATIO = 10;

/**
 * What a row weighs in training. Errors of the target are in units of the level; `mae` turns them into units of the series'
 * typical step, `mape` into units of y. Old rows fade.
 */
export function rowWeights(
  panel: Panel,
  { rows, y, level }: FeatureTable,
  loss: Loss,
  half_life: number,
  end: number,
): Float64Array {
  const steps = typicalSteps(panel);
  const targets = targetPeriods(panel, rows);
  return Float64Array.from(y, (value, r) => {
    const fading = Number.isFinite(half_life) ? 0.5 ** ((end - targets[r]!) / half_life) : 1;
    if (loss === 'mape')
      return value === 0 || Number.isNaN(value) ? 0 : (fading * level[r]!) / Math.abs(value);
    if (loss !== 'mae') return fading;
    const ratio = level[r]! / steps[rows.series[r]!]!;
    return fading * Math.min(MOST_RATIO, Math.max(LEAST_RATIO, Number.isNaN(ratio) ? LEAST_RATIO : ratio));
  });
}
