// Layers one after another, and layers that are added to what they got.
import { add } from '../operators/arithmetic.ts';
import { reshape, transpose } from '../operators/shape.ts';
import type { Layer } from '../parameters.ts';
import { misfit, shapeText, sizeOf } from '../shapes.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { layerNorm } from './normalisation.ts';

/** Layers one after another. */
export const chain =
  (...layers: readonly Layer[]): Layer =>
  (x, scope) =>
    layers.reduce((value, layer) => layer(value, scope), x);

/** What a layer makes, added to what it got (He et al. 2016). */
export const residual =
  (layer: Layer): Layer =>
  (x, scope) =>
    add(x, layer(x, scope));

/** All axes but the first as one. */
export const flatten: Layer = (x) => reshape(x, [x.shape[0]!, sizeOf(x.shape.slice(1))]);

export interface MixerOptions {
  /** Units of the inner layers; defaults to twice the features. */
  readonly inner?: number;
  readonly drop?: number;
  readonly name?: string;
}

/** Mixes [batch, steps, features] over time, then over features, each added to what came in (TSMixer, Chen et al. 2023). */
export function mixer({ inner, drop = 0, name = 'mixer' }: MixerOptions = {}): Layer {
  return (x, scope) =>
    scope.within(name, (own) => {
      if (x.shape.length !== 3)
        throw misfit(`a mixer wants [batch, steps, features], not ${shapeText(x.shape)}.`);
      const [, steps, features] = x.shape as [number, number, number];
      const turned = transpose(layerNorm()(x, own), [0, 2, 1]);
      const overTime = dropout(drop)(dense(steps, { activation: 'relu', name: 'time' })(turned, own), own);
      const mixed = add(x, transpose(overTime, [0, 2, 1]));
      const wide = dense(inner ?? 2 * features, { activation: 'relu', name: 'inner' })(
        layerNorm()(mixed, own),
        own,
      );
      return add(mixed, dropout(drop)(dense(features, { name: 'outer' })(wide, own), own));
    });
}
