// Options that all networks share, and what they come to.
import { refuseUnknownOptions, UsageError } from '../../core/errors.ts';

export interface DeepOptions {
  /** Periods of the past that the network sees; defaults to two short seasons or half a long one, 16 to 64. */
  readonly window?: number;
  /** Steps of training; defaults to 8 passes over all windows, 200 to 1,000. */
  readonly steps?: number;
  /** Windows a step; defaults to 128. */
  readonly batch?: number;
  /** The highest learning rate: it rises to it, and falls again along a cosine; defaults to 0.002. */
  readonly rate?: number;
  /** Units of a layer; defaults to 64, of convolutions and of `tft` 32. */
  readonly width?: number;
  /** Layers, or blocks of them; the default depends on the network. */
  readonly layers?: number;
  /** Share of the units that is left out of a step; defaults to 0.3, of `tft` 0.1. */
  readonly drop?: number;
  /** Share of itself that a parameter loses at each step, times the learning rate; defaults to 0.05. */
  readonly decay?: number;
  /** Networks that are trained from different starts; the mean of them is forecast. Defaults to 2. */
  readonly networks?: number;
  /** Whether each series gets numbers of its own that are learned; defaults to false. Series that came later have none. */
  readonly identity?: boolean;
  /**
   * Twentieths of the steps without a better loss on windows that are held out after which training stops, the best weights being
   * kept. Defaults to 0: all steps are taken, and nothing is held out.
   */
  readonly patience?: number;
  /**
   * Settings that are tried on an earlier window, the usual ones among them, for window, width, rate and drop where these are not
   * given. Defaults to 1: none are searched for.
   */
  readonly trials?: number;
  /** Probabilities of the quantiles that are learned. */
  readonly quantiles?: readonly number[];
}

export interface DeepSettings extends Required<DeepOptions> {
  /** 0 for what the panel suggests. */
  readonly window: number;
  /** 0 for what the panel suggests. */
  readonly steps: number;
}

const QUANTILES = [0.025, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.975];

/** What is taken where nothing is said. Chosen on windows before those that are reported. */
export const USUAL: DeepSettings = {
  window: 0,
  steps: 0,
  batch: 128,
  rate: 0.002,
  width: 64,
  layers: 2,
  drop: 0.3,
  decay: 0.05,
  networks: 2,
  identity: false,
  patience: 0,
  trials: 1,
  quantiles: QUANTILES,
};

const NAMES = [
  'window',
  'steps',
  'batch',
  'rate',
  'width',
  'layers',
  'drop',
  'decay',
  'networks',
  'identity',
  'patience',
  'trials',
  'quantiles',
] as const satisfies readonly (keyof DeepOptions)[];

const whole = (model: string, name: string, value: number, least: number): number => {
  if (!Number.isInteger(value) || value < least) {
    throw new UsageError(`${model}: ${name} is ${value}; give a whole number of ${least} or more.`);
  }
  return value;
};

/** Checks options and fills in what was not given. Throws a UsageError for what makes no sense. */
export function deepSettings(model: string, options: DeepOptions, usual: DeepOptions): DeepSettings {
  refuseUnknownOptions(model, options, NAMES);
  const own = {
    ...USUAL,
    ...usual,
    ...options,
  };
  for (const name of ['window', 'steps', 'patience'] as const) whole(model, name, own[name], 0);
  for (const name of ['batch', 'width', 'layers', 'networks', 'trials'] as const)
    whole(model, name, own[name], 1);
  if (!(own.rate > 0)) throw new UsageError(`${model}: rate is ${own.rate}; give a number above 0.`);
  if (!(own.decay >= 0)) throw new UsageError(`${model}: decay is ${own.decay}; give a number of 0 or more.`);
  if (!(own.drop >= 0 && own.drop < 1)) {
    throw new UsageError(`${model}: drop is ${own.drop}; give a share of 0 or more, below 1.`);
  }
  const quantiles = [...own.quantiles].sort((a, b) => a - b);
  if (quantiles.length === 0 || quantiles.some((p) => !(p > 0 && p < 1))) {
    throw new UsageError(
      `${model}: quantiles are ${own.quantiles.join(', ')}; give probabilities between 0 and 1.`,
    );
  }
  return { ...own, quantiles };
}
