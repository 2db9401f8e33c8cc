// What a boosted forecast is made of: the Shapley values of its trees, taken back to units of y and added up by what
// features tell of.
import { type Driver, type FeatureTable, RECENT, SEASON } from '../../features/feature-table.ts';
import { shapley } from '../../learn/trees/shap.ts';
import type { Effect } from '../global-model.ts';
import { type Forest, rowsOf } from './forest.ts';
import { seasonBase } from './season-base.ts';

/** The scores of one output by feature, the mean last, averaged over the stands that a row belongs to. */
function scoresOf({ outputs, stands }: Forest, table: FeatureTable, output: number): Float64Array {
  const count = table.level.length;
  const width = table.features.length + 1;
  const total = new Float64Array(count * width);
  const votes = new Uint16Array(count);
  for (const stand of stands) {
    const { rows, features } = rowsOf(stand, table);
    if (rows.length === 0) continue;
    const values = shapley(stand.model, features);
    for (const [k, r] of rows.entries()) {
      votes[r]!++;
      const from = (k * outputs + output) * width;
      for (let f = 0; f < width; f++) total[r * width + f]! += values[from + f]!;
    }
  }
  return total.map((value, k) => value / votes[Math.floor(k / width)]!);
}

/**
 * Takes the predictions of one output of a forest apart. What drivers add sums up to the prediction of each row: the local
 * level counts to recent values, the base of a change to the season. Where trees speak in logarithms, each takes the share of
 * the change in units that it has of the change in logarithms.
 */
export function attribute(forest: Forest, table: FeatureTable, output = 0): Effect[] {
  const { transform, isLogarithm, base: about } = forest;
  const { level, drivers } = table;
  const width = drivers.length + 1;
  const scores = scoresOf(forest, table, output);
  const base = about && seasonBase(table, about);
  const found = new Map<string, Effect>();
  const of = (driver: Driver): Float64Array => {
    const key = `${driver.part} ${driver.name}`;
    const own = found.get(key) ?? { ...driver, values: new Float64Array(level.length) };
    found.set(key, own);
    return own.values;
  };
  const recent = of(RECENT);
  for (let r = 0; r < level.length; r++) {
    const own = scores.subarray(r * width, (r + 1) * width);
    const unit = transform === 'none' ? 1 : level[r]!;
    const score = own.reduce((sum, value) => sum + value, 0);
    // The mean between two values whose ratio is the exponential of the score.
    const scale = !isLogarithm ? unit : score === 0 ? unit : (unit * Math.expm1(score)) / score;
    recent[r]! += scale * own[width - 1]!;
    for (const [f, driver] of drivers.entries()) of(driver)[r]! += scale * own[f]!;
    if (isLogarithm) recent[r]! += unit;
    if (transform === 'difference') {
      const ratio = base?.[r] ?? Number.NaN;
      recent[r]! += unit;
      if (!Number.isNaN(ratio)) of(SEASON)[r]! += unit * (ratio - 1);
    }
  }
  return [...found.values()];
}

/** The mean of several attributions of the same rows; what one does not know adds nothing. */
export function averaged(...parts: readonly (readonly Effect[])[]): Effect[] {
  const found = new Map<string, Effect>();
  for (const effects of parts) {
    for (const { name, part, values } of effects) {
      const own = found.get(`${part} ${name}`) ?? { name, part, values: new Float64Array(values.length) };
      found.set(`${part} ${name}`, own);
      for (const [r, value] of values.entries()) own.values[r]! += value / parts.length;
    }
  }
  return [...found.values()];
}

/** Counts what the given columns add to recent values: what they add as usual is a part of the level. */
export function asLevel(effects: readonly Effect[], columns: readonly string[]): Effect[] {
  const isUsual = ({ name, part }: Effect): boolean => part === 'regressors' && columns.includes(name);
  const level = effects.find(({ name }) => name === RECENT.name)!.values.slice();
  for (const { values } of effects.filter(isUsual)) {
    for (const [r, value] of values.entries()) level[r]! += value;
  }
  return [
    { ...RECENT, values: level },
    ...effects.filter((own) => !isUsual(own) && own.name !== RECENT.name),
  ];
}
