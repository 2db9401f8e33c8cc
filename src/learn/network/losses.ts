// Losses, each a value for every number that was forecast; a weighted mean makes one number of them.
import { constant, scalar, type Value } from './graph.ts';
import {
  absolute,
  add,
  divide,
  exp,
  greater,
  log,
  multiply,
  negate,
  relu,
  softplus,
  square,
  subtract,
} from './operators/arithmetic.ts';
import { logGamma } from './operators/gamma.ts';
import { logSoftmax } from './operators/normal.ts';
import { sum, total } from './operators/reduction.ts';
import { concat, reshape, split } from './operators/shape.ts';
import { misfit } from './shapes.ts';

/** The mean of losses, each with a weight of 0 or more where weights are given; missing values have weight 0. */
export function averaged(losses: Value, weights?: Value): Value {
  const all = weights ?? constant([1], [1]);
  const weighted = weights ? multiply(losses, weights) : losses;
  const count = weights ? greater(total(all), scalar(1e-9)) : scalar(losses.shape.reduce((a, b) => a * b, 1));
  return divide(total(weighted), count);
}

/** (forecast − y)². */
export const squaredError = (forecast: Value, y: Value): Value => square(subtract(forecast, y));

/** |forecast − y|. */
export const absoluteError = (forecast: Value, y: Value): Value => absolute(subtract(forecast, y));

/** Squared up to delta, absolute beyond it (Huber 1964); delta defaults to 1. */
export function huber(forecast: Value, y: Value, delta = 1): Value {
  const size = absolute(subtract(forecast, y));
  const beyond = relu(subtract(size, scalar(delta)));
  const near = subtract(size, beyond);
  return add(multiply(square(near), scalar(0.5)), multiply(beyond, scalar(delta)));
}

/** The pinball loss (Koenker and Bassett 1978) of quantiles [..., probabilities] at y [..., 1]. */
export function pinball(quantiles: Value, y: Value, probabilities: readonly number[]): Value {
  if (quantiles.shape.at(-1) !== probabilities.length) {
    throw misfit(`${probabilities.length} probabilities do not fit ${quantiles.shape.at(-1)} quantiles.`);
  }
  const error = subtract(y, quantiles);
  const p = constant(probabilities, [probabilities.length]);
  return add(multiply(p, error), relu(negate(error)));
}

/** Quantiles that do not cross: the first number is the lowest, the others are what each adds. */
export function rising(raw: Value): Value {
  const count = raw.shape.at(-1)!;
  const [first, ...rest] = split(raw, -1, new Array<number>(count).fill(1));
  let last = first!;
  const out = [last];
  for (const step of rest) {
    last = add(last, softplus(step));
    out.push(last);
  }
  return concat(out, -1);
}

/** −log density of a normal; deviation above 0. */
export function gaussian(y: Value, mean: Value, deviation: Value): Value {
  const z = divide(subtract(y, mean), deviation);
  return add(add(multiply(square(z), scalar(0.5)), log(deviation)), scalar(Math.log(2 * Math.PI) / 2));
}

/** −log density of Student's t with nu degrees of freedom, a place and a scale above 0. */
export function studentT(y: Value, nu: Value, place: Value, scale: Value): Value {
  const z = divide(subtract(y, place), scale);
  const half = multiply(add(nu, scalar(1)), scalar(0.5));
  const constantPart = subtract(logGamma(multiply(nu, scalar(0.5))), logGamma(half));
  const spread = add(multiply(log(multiply(nu, scalar(Math.PI))), scalar(0.5)), log(scale));
  return add(add(constantPart, spread), multiply(half, log(add(scalar(1), divide(square(z), nu)))));
}

/** −log probability of a count under a negative binomial with a mean above 0 and variance mean + mean² / size. */
export function negativeBinomial(y: Value, mean: Value, size: Value): Value {
  const both = add(mean, size);
  const ways = subtract(subtract(logGamma(add(y, size)), logGamma(size)), logGamma(add(y, scalar(1))));
  const successes = multiply(size, subtract(log(size), log(both)));
  const failures = multiply(y, subtract(log(mean), log(both)));
  return negate(add(ways, add(successes, failures)));
}

/** The deviance of a Tweedie distribution but for what y alone decides; power between 1 and 2; mean = e^logMean. */
export function tweedie(y: Value, logMean: Value, power = 1.5): Value {
  const first = multiply(y, exp(multiply(logMean, scalar(1 - power))));
  const second = exp(multiply(logMean, scalar(2 - power)));
  return subtract(multiply(second, scalar(1 / (2 - power))), multiply(first, scalar(1 / (1 - power))));
}

/** −log of the share that softmax gives the true class; classes as rows that are 1 at the true one. */
export function crossEntropy(logits: Value, classes: Value): Value {
  const losses = negate(sum(multiply(logSoftmax(logits), classes), [-1]));
  return reshape(losses, logits.shape.slice(0, -1));
}

/** −log of the probability of yes or no, from its logit; yes is 1. */
export const logistic = (logit: Value, y: Value): Value => subtract(softplus(logit), multiply(logit, y));
