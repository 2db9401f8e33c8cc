// Layers with gates that can close, so that a part which is not needed leaves what came in as it was (Lim et al. 2021).
import type { Value } from '../graph.ts';
import { add, elu, multiply, sigmoid } from '../operators/arithmetic.ts';
import { reshape, split } from '../operators/shape.ts';
import type { Layer } from '../parameters.ts';
import { misfit, shapeText } from '../shapes.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { layerNorm } from './normalisation.ts';

/** A dense layer, each unit of which is let through by a gate: [..., inputs] → [..., units] (Dauphin et al. 2017). */
export function gatedLinear(
  units: number,
  { name = 'gated_linear' }: { readonly name?: string } = {},
): Layer {
  return (x, scope) =>
    scope.within(name, (own) => {
      const [gate, value] = split(dense(2 * units)(x, own), -1, [units, units]);
      return multiply(sigmoid(gate!), value!);
    });
}

export interface GatedSkipOptions {
  /** Share that is left out of what is added while training; defaults to 0. */
  readonly drop?: number;
  readonly name?: string;
}

/** What came in, [..., units], plus what a gate lets through of the layer's argument; normalised. */
export function gatedSkip(kept: Value, { drop = 0, name = 'gated_skip' }: GatedSkipOptions = {}): Layer {
  return (x, scope) =>
    scope.within(name, (own) => {
      const units = kept.shape.at(-1)!;
      return layerNorm()(add(kept, gatedLinear(units)(dropout(drop)(x, own), own)), own);
    });
}

export interface GatedResidualOptions extends GatedSkipOptions {
  /** Units of the inner layer; defaults to those of the outer one. */
  readonly inner?: number;
  /** What the layer is told beside its input, [batch, any]; the same for all steps of a row of the batch. */
  readonly context?: Value;
}

/**
 * A gated residual network: a dense layer, and a gated one of what it made, which is added to the input; [batch, ..., inputs] →
 * [batch, ..., units]. The paper has a further dense layer before the gated one; nothing bends between the two, so that one does
 * for both.
 */
export function gatedResidual(
  units: number,
  { inner = units, context, drop = 0, name = 'gated_residual' }: GatedResidualOptions = {},
): Layer {
  return (x, scope) =>
    scope.within(name, (own) => {
      let wide = dense(inner, { name: 'inner' })(x, own);
      if (context) {
        const [batch] = x.shape;
        if (context.shape.length !== 2 || context.shape[0] !== batch) {
          throw misfit(`a context of ${shapeText(context.shape)} does not fit ${shapeText(x.shape)}.`);
        }
        const told = dense(inner, { name: 'context', bias: false })(context, own);
        wide = add(wide, reshape(told, [batch!, ...x.shape.slice(1, -1).map(() => 1), inner]));
      }
      const kept = x.shape.at(-1) === units ? x : dense(units, { name: 'skip' })(x, own);
      return gatedSkip(kept, { drop })(elu(wide), own);
    });
}
