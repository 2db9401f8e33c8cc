// A trained model of trees: plain data.
import type { BinnedFeature } from './bins.ts';
import type { TreeSettings } from './options.ts';
import type { Tree } from './tree.ts';

export interface TreeModel {
  readonly settings: TreeSettings;
  /**
   * The columns of the trees, with their bins: the features in the order of the training table. One that is encoded by its
   * target class by class has as many columns, one after another.
   */
  readonly features: readonly BinnedFeature[];
  /** Predictions a row: 1, or one a quantile or a class. */
  readonly outputs: number;
  /** The score of each output before any tree. */
  readonly start: Float64Array;
  /** Trees in the order they were grown: round r has trees r · outputs … (r + 1) · outputs − 1. Values are shrunk already. */
  readonly trees: readonly Tree[];
  /** The loss on the validation rows after each round; empty where there were none. */
  readonly validation: Float64Array;
}
