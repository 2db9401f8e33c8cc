// Attention: each step weighs all others by how well they answer its question (Vaswani et al. 2017).
import { constant, scalar, type Value } from '../graph.ts';
import { add, multiply } from '../operators/arithmetic.ts';
import { product } from '../operators/matrix.ts';
import { softmax } from '../operators/normal.ts';
import { mean } from '../operators/reduction.ts';
import { reshape, slice, split, transpose } from '../operators/shape.ts';
import type { Layer } from '../parameters.ts';
import { misfit, shapeText } from '../shapes.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { layerNorm } from './normalisation.ts';

export interface AttentionOptions {
  /** Questions that are asked side by side, each of a part of the features; defaults to 4. */
  readonly heads?: number;
  /** Whether a step sees none after itself; defaults to false. */
  readonly causal?: boolean;
  readonly name?: string;
}

/** −1e9 where one of the last `asking` steps would see a later one: what comes later has no weight. */
function hidden(steps: number, asking: number = steps): Value {
  const values = new Float32Array(asking * steps);
  for (let k = 0; k < asking; k++) values.fill(-1e9, k * steps + steps - asking + k + 1, (k + 1) * steps);
  return constant(values, [1, 1, asking, steps]);
}

/** [batch, steps, width] → the same. */
export function attention({ heads = 4, causal = false, name = 'attention' }: AttentionOptions = {}): Layer {
  return (x, scope) =>
    scope.within(name, (own) => {
      const [batch, steps, width] = x.shape as [number, number, number];
      if (x.shape.length !== 3 || width % heads !== 0) {
        throw misfit(
          `attention with ${heads} heads wants [batch, steps, a multiple of ${heads}], not ${shapeText(x.shape)}.`,
        );
      }
      const part = width / heads;
      const all = dense(3 * width, { name: 'question_key_answer' })(x, own);
      const byHead = (value: Value): Value =>
        transpose(reshape(value, [batch, steps, heads, part]), [0, 2, 1, 3]);
      const [question, key, answer] = split(all, -1, [width, width, width]).map(byHead);
      const scores = multiply(product(question!, key!, { second: true }), scalar(1 / Math.sqrt(part)));
      const weights = softmax(causal ? add(scores, hidden(steps)) : scores);
      const seen = reshape(transpose(product(weights, answer!), [0, 2, 1, 3]), [batch, steps, width]);
      return dense(width, { name: 'out' })(seen, own);
    });
}

export interface InterpretableAttentionOptions {
  /** Questions that are asked side by side; defaults to 4. */
  readonly heads?: number;
  /** The last so many steps ask, and those alone go out; defaults to all. */
  readonly asking?: number;
  readonly name?: string;
}

/**
 * Attention to the past in which all heads read the same answers, so that the mean of their weights tells what was looked at (Lim
 * et al. 2021): [batch, steps, width] → [batch, asking, width].
 */
export function interpretableAttention({
  heads = 4,
  asking,
  name = 'interpretable_attention',
}: InterpretableAttentionOptions = {}): Layer {
  return (x, scope) =>
    scope.within(name, (own) => {
      if (x.shape.length !== 3) {
        throw misfit(`attention wants [batch, steps, width], not ${shapeText(x.shape)}.`);
      }
      const [batch, steps, width] = x.shape as [number, number, number];
      const last = asking ?? steps;
      if (last < 1 || last > steps) throw misfit(`${last} of ${steps} steps cannot ask; give 1 to ${steps}.`);
      const part = Math.max(1, Math.floor(width / heads));
      const byHead = (value: Value): Value =>
        transpose(reshape(value, [batch, value.shape[1]!, heads, part]), [0, 2, 1, 3]);
      const asked = dense(heads * part, { name: 'question' })(slice(x, 1, steps - last), own);
      const [keys, answer] = split(dense(heads * part + part, { name: 'key_answer' })(x, own), -1, [
        heads * part,
        part,
      ]);
      const scores = multiply(
        product(byHead(asked), byHead(keys!), { second: true }),
        scalar(1 / Math.sqrt(part)),
      );
      const weights = reshape(mean(softmax(add(scores, hidden(steps, last))), [1]), [batch, last, steps]);
      return dense(width, { bias: false, name: 'out' })(product(weights, answer!), own);
    });
}

export interface TransformerOptions extends AttentionOptions {
  /** Units of the inner layer; defaults to four times the width. */
  readonly inner?: number;
  /** Share that is dropped of what each part adds; defaults to 0. */
  readonly drop?: number;
}

/** A block of attention and a dense layer, each added to what came in after it was normalised (Xiong et al. 2020). */
export function transformerBlock({
  inner,
  drop = 0,
  name = 'block',
  ...options
}: TransformerOptions = {}): Layer {
  return (x, scope) =>
    scope.within(name, (own) => {
      const width = x.shape.at(-1)!;
      const seen = add(x, dropout(drop)(attention(options)(layerNorm()(x, own), own), own));
      const wide = dense(inner ?? 4 * width, { activation: 'relu', name: 'inner' })(
        layerNorm()(seen, own),
        own,
      );
      return add(seen, dropout(drop)(dense(width, { name: 'outer' })(wide, own), own));
    });
}
