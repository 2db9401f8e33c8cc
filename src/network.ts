// The public door to networks, `bellwether/network`: layers, losses, training, and what they stand on; and saved forecasters, since
// all of it runs in a browser too.
export type { Panel } from './core/panel.ts';
export { type Examples, type Field, tableExamples } from './learn/network/examples.ts';
export { backward, type Seed } from './learn/network/gradient.ts';
export { constant, input, type Shape, scalar, type Value } from './learn/network/graph.ts';
export { glorot, he, normal, same, within } from './learn/network/initialisers.ts';
export {
  type AttentionOptions,
  attention,
  type InterpretableAttentionOptions,
  interpretableAttention,
  type TransformerOptions,
  transformerBlock,
} from './learn/network/layers/attention.ts';
export { chain, flatten, type MixerOptions, mixer, residual } from './learn/network/layers/chain.ts';
export { type ConvolutionOptions, convolution } from './learn/network/layers/convolution.ts';
export { type Activation, type DenseOptions, dense } from './learn/network/layers/dense.ts';
export { dropout } from './learn/network/layers/dropout.ts';
export { embedding } from './learn/network/layers/embedding.ts';
export {
  type GatedResidualOptions,
  type GatedSkipOptions,
  gatedLinear,
  gatedResidual,
  gatedSkip,
} from './learn/network/layers/gating.ts';
export { type BatchNormOptions, batchNorm, layerNorm } from './learn/network/layers/normalisation.ts';
export {
  gru,
  lstm,
  lstmFrom,
  type Memory,
  type RecurrentOptions,
  rnn,
} from './learn/network/layers/recurrent.ts';
export { variableSelection } from './learn/network/layers/variable-selection.ts';
export * as losses from './learn/network/losses.ts';
export {
  type Compiled,
  type CompileOptions,
  CPU,
  compile,
  GPU,
  type Target,
} from './learn/network/lowering.ts';
export * as operators from './learn/network/operators/arithmetic.ts';
export { product } from './learn/network/operators/matrix.ts';
export { mean, sum } from './learn/network/operators/reduction.ts';
export { type Scanned, type Step, scan } from './learn/network/operators/scan.ts';
export { concat, reshape, slice, split, transpose } from './learn/network/operators/shape.ts';
export { type AdamOptions, adam, type Optimiser, sgd } from './learn/network/optimisers.ts';
export type { Initialiser, Layer, Scope } from './learn/network/parameters.ts';
export { exportNetwork, type Network, predict } from './learn/network/predict.ts';
export { type Runtime, type Session, usualRuntime } from './learn/network/runtime.ts';
export { type NativeDevice, nativeRuntime } from './learn/network/runtime-node.ts';
export { type PortableDevice, portableRuntime } from './learn/network/runtime-web.ts';
export { constantRate, type Schedule, warmCosine } from './learn/network/schedules.ts';
export {
  type FitOptions,
  type FittedNetwork,
  fitNetwork,
  type LossName,
  type Question,
  type Table,
} from './learn/network/supervised.ts';
export {
  type Losses,
  type Moment,
  type Objective,
  type TrainOptions,
  train,
  type Weights,
} from './learn/network/train.ts';
export type { GlobalModel } from './models/global-model.ts';
export { createGlobal } from './models/registry.ts';
export { decodeState, encodeState } from './store/plain-data.ts';
