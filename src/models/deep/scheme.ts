// The two parts in which kinds of forecasters differ: what their networks learn, and how forecasts are made with them.
import type { QuantileDistribution } from '../../core/distribution.ts';
import type { Panel } from '../../core/panel.ts';
import type { Examples } from '../../learn/network/examples.ts';
import type { Runtime } from '../../learn/network/runtime.ts';
import type { Objective, Weights } from '../../learn/network/train.ts';
import type { Effect } from '../global-model.ts';
import type { Ground } from './ground.ts';
import type { Readings } from './inputs.ts';
import type { DeepSettings } from './options.ts';
import type { Cutoffs, Sizes } from './windows.ts';

/** What a fit came to, as far as forecasts need it. `Traits` is what the scheme saw in the panel of the fit: plain data. */
export interface Fit<Traits> {
  readonly settings: DeepSettings;
  readonly readings: Readings;
  readonly sizes: Sizes;
  /** The series that have an identity. */
  readonly identities: readonly string[];
  readonly traits: Traits;
  /** One a network. */
  readonly networks: readonly Pick<Weights, 'theta' | 'memory'>[];
}

export interface Scheme<Traits> {
  /** What decides how a panel is learned. */
  traitsOf(panel: Panel): Traits;
  /** Windows of the ground's panel, with all that the objective asks for. */
  examples(ground: Ground, sizes: Sizes, traits: Traits, cutoffs: Cutoffs): Examples;
  objective(ground: Ground, sizes: Sizes, traits: Traits, settings: DeepSettings): Objective;
  /** One distribution a series of the ground's panel, of h steps each. */
  forecast(fit: Fit<Traits>, ground: Ground, h: number, runtime: Runtime): Promise<QuantileDistribution[]>;
  /** What the forecasts of the given series are made of. Absent where it cannot tell. */
  readonly effects?: (
    fit: Fit<Traits>,
    panel: Panel,
    h: number,
    series: ArrayLike<number>,
  ) => Promise<Effect[][]>;
}
