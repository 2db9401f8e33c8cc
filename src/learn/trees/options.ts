// The options of boosted trees, by the names that LightGBM and XGBoost gave them, with their defaults.
import { refuseUnknownOptions, UsageError } from '../../core/errors.ts';

export const OBJECTIVES = [
  'l2',
  'l1',
  'huber',
  'poisson',
  'tweedie',
  'gamma',
  'quantile',
  'logistic',
  'softmax',
  'lambdarank',
] as const;
export type ObjectiveName = (typeof OBJECTIVES)[number];

export interface TreeOptions {
  /** What is made small; defaults to `l2`, squared errors. */
  readonly objective?: ObjectiveName;
  /** Trees an output at most; defaults to 100. */
  readonly rounds?: number;
  /** Share of each tree that counts; defaults to 0.1. */
  readonly learning_rate?: number;
  /** Leaves of a tree at most; defaults to 31. */
  readonly leaves?: number;
  /** Splits above a leaf at most; defaults to no limit. */
  readonly max_depth?: number;
  /** Bins of a feature, 2 to 255; defaults to 255. */
  readonly bins?: number;
  /** Rows of a leaf at least; defaults to 20. */
  readonly min_child_samples?: number;
  /** Sum of second derivatives of a leaf at least; defaults to 0.001. */
  readonly min_child_weight?: number;
  readonly lambda_l1?: number;
  readonly lambda_l2?: number;
  /** What a split must gain; defaults to 0. */
  readonly min_gain?: number;
  /** Share of the rows that each tree sees; defaults to 1. */
  readonly row_share?: number;
  /** Share of the features that each tree sees; defaults to 1. */
  readonly feature_share?: number;
  /** Keeps the `top` share of rows with the largest gradients and the share `other` of the rest (Ke et al. 2017). */
  readonly goss?: { readonly top: number; readonly other: number };
  /** Of the objective `quantile`: the probabilities, ascending; defaults to [0.5]. */
  readonly quantiles?: readonly number[];
  /** Of the objective `tweedie`: variance is mean to this power, between 1 (Poisson) and 2 (gamma); defaults to 1.5. */
  readonly tweedie_power?: number;
  /** Of the objective `huber`: where squared errors become absolute ones, in units of y; defaults to 1. */
  readonly huber_delta?: number;
  /** Of the objective `softmax`: how many classes y holds, 0 … classes − 1. */
  readonly classes?: number;
  /** Of the objective `lambdarank`: places at the top that count; defaults to 10. */
  readonly truncation?: number;
  /** One a feature: 1 where the prediction may only rise with it, −1 where only fall, 0 for no limit. */
  readonly monotone?: readonly number[];
  /** Groups of features, by place; a branch may only join features of one group. Features in no group stand alone. */
  readonly interactions?: readonly (readonly number[])[];
  /** Stops after so many rounds without gain on the validation rows; defaults to never. */
  readonly early_stopping?: number;
  /** Categories up to which each is tried against all others; defaults to 4. */
  readonly max_cat_to_onehot?: number;
  /** Added to the second derivatives of a category when categories are put in order; defaults to 10. */
  readonly cat_smooth?: number;
  /** L2 penalty on top for splits by categories; defaults to 10. */
  readonly cat_l2?: number;
  /** Of features with the encoding `ordered-target`: as how many rows the overall mean counts; defaults to 1. */
  readonly cat_prior?: number;
  /** Seeds samples; defaults to 1. */
  readonly seed?: number;
}

export type TreeSettings = Required<Omit<TreeOptions, 'goss' | 'monotone' | 'interactions'>> &
  Pick<TreeOptions, 'goss' | 'monotone' | 'interactions'>;

const DEFAULTS: TreeSettings = {
  objective: 'l2',
  rounds: 100,
  learning_rate: 0.1,
  leaves: 31,
  max_depth: Infinity,
  bins: 255,
  min_child_samples: 20,
  min_child_weight: 1e-3,
  lambda_l1: 0,
  lambda_l2: 0,
  min_gain: 0,
  row_share: 1,
  feature_share: 1,
  quantiles: [0.5],
  tweedie_power: 1.5,
  huber_delta: 1,
  classes: 2,
  truncation: 10,
  early_stopping: Infinity,
  max_cat_to_onehot: 4,
  cat_smooth: 10,
  cat_l2: 10,
  cat_prior: 1,
  seed: 1,
};
const OPTIONS = [...Object.keys(DEFAULTS), 'goss', 'monotone', 'interactions'];

/** What each numeric option must be, in words and as a check. */
const RULES: readonly [keyof TreeSettings, (value: number) => boolean, string][] = [
  ['rounds', (v) => Number.isInteger(v) && v >= 1, 'a whole number, 1 or more'],
  ['learning_rate', (v) => v > 0 && v <= 1, 'above 0 and at most 1'],
  ['leaves', (v) => Number.isInteger(v) && v >= 2 && v <= 65_536, 'a whole number, 2 or more'],
  ['max_depth', (v) => v >= 1, '1 or more'],
  ['bins', (v) => Number.isInteger(v) && v >= 2 && v <= 255, 'a whole number from 2 to 255'],
  ['min_child_samples', (v) => v >= 0, '0 or more'],
  ['min_child_weight', (v) => v >= 0, '0 or more'],
  ['lambda_l1', (v) => v >= 0, '0 or more'],
  ['lambda_l2', (v) => v >= 0, '0 or more'],
  ['min_gain', (v) => v >= 0, '0 or more'],
  ['row_share', (v) => v > 0 && v <= 1, 'above 0 and at most 1'],
  ['feature_share', (v) => v > 0 && v <= 1, 'above 0 and at most 1'],
  ['tweedie_power', (v) => v > 1 && v < 2, 'between 1 and 2'],
  ['huber_delta', (v) => v > 0, 'above 0'],
  ['classes', (v) => Number.isInteger(v) && v >= 2, 'a whole number, 2 or more'],
  ['truncation', (v) => Number.isInteger(v) && v >= 1, 'a whole number, 1 or more'],
  ['early_stopping', (v) => v >= 1, '1 or more'],
  ['max_cat_to_onehot', (v) => v >= 0, '0 or more'],
  ['cat_smooth', (v) => v >= 0, '0 or more'],
  ['cat_l2', (v) => v >= 0, '0 or more'],
  ['cat_prior', (v) => v > 0 && v < Infinity, 'above 0'],
];

function refuseShape({ quantiles, goss, monotone, interactions }: TreeSettings, features: number): void {
  if (quantiles.length === 0 || quantiles.some((p, k) => !(p > 0 && p < 1) || p <= (quantiles[k - 1] ?? 0))) {
    throw new UsageError(
      `trees: quantiles are ${quantiles.join(', ')}; give probabilities between 0 and 1, ascending.`,
    );
  }
  if (goss && !(goss.top > 0 && goss.other > 0 && goss.top + goss.other <= 1)) {
    throw new UsageError(
      `trees: goss is top ${goss.top}, other ${goss.other}; give shares above 0 that are at most 1 together.`,
    );
  }
  if (monotone && (monotone.length !== features || monotone.some((d) => ![-1, 0, 1].includes(d)))) {
    throw new UsageError(`trees: monotone needs −1, 0 or 1 for each of the ${features} features.`);
  }
  const odd = interactions?.flat().find((f) => !(Number.isInteger(f) && f >= 0 && f < features));
  if (odd !== undefined) {
    throw new UsageError(`trees: interactions name feature ${odd}; features are 0 to ${features - 1}.`);
  }
}

/** The options with their defaults; throws a UsageError for unknown or impossible ones. */
export function settingsOf(options: TreeOptions, features: number): TreeSettings {
  refuseUnknownOptions('trees', options, OPTIONS);
  const settings: TreeSettings = { ...DEFAULTS, ...options };
  if (!OBJECTIVES.includes(settings.objective)) {
    throw new UsageError(
      `trees: objective is "${settings.objective}"; choose from ${OBJECTIVES.join(', ')}.`,
    );
  }
  for (const [name, holds, words] of RULES) {
    const value = settings[name] as number;
    if (!holds(value)) throw new UsageError(`trees: ${name} is ${value}; give ${words}.`);
  }
  refuseShape(settings, features);
  return settings;
}
