// DeepAR: its distributions, its draws and the parts of its network.
import { describe, expect, it } from 'vitest';
import type { QuantileDistribution } from '../../../src/core/distribution.ts';
import type { Panel } from '../../../src/core/panel.ts';
import { random } from '../../../src/core/random.ts';
import type { Examples } from '../../../src/learn/network/examples.ts';
import { input } from '../../../src/learn/network/graph.ts';
import { compile } from '../../../src/learn/network/lowering.ts';
import { startOf } from '../../../src/learn/network/parameters.ts';
import { layoutOf, weightsOfPart } from '../../../src/learn/network/part.ts';
import { usualRuntime } from '../../../src/learn/network/runtime.ts';
import { inverseSoftplus, softplus } from '../../../src/math/special.ts';
import { mean, variance } from '../../../src/math/statistics.ts';
import { BEFORE, partsOf } from '../../../src/models/deep/autoregressive.ts';
import type { DeepState } from '../../../src/models/deep/forecaster.ts';
import { examplesOn, groundOf, sizesOn } from '../../../src/models/deep/ground.ts';
import {
  LIKELIHOODS,
  type Likelihood,
  likelihoodFor,
  likelihoodOf,
} from '../../../src/models/deep/likelihood.ts';
import { endsOf } from '../../../src/models/deep/windows.ts';
import { deepar } from '../../../src/models/deepar.ts';
import type { GlobalModel } from '../../../src/models/global-model.ts';
import { panelOf } from '../../panels.ts';
import { promotedShop } from '../promoted-shop.ts';

const H = 7;
const CONTEXT = { h: H, season_length: 7, seed: 1 };

/** The mean loss of draws, [draws], under the numbers that a network says. */
async function lossOf(
  likelihood: Likelihood,
  said: readonly number[],
  drawn: Float64Array,
  own: { readonly lift: number; readonly unit: number },
): Promise<number> {
  const { runtime } = await usualRuntime();
  const shape = [drawn.length, 1, 1];
  const told = input('told', shape);
  const fields = { y: told, count: told, lift: input('lift', [1, 1, 1]), unit: input('unit', [1, 1, 1]) };
  const losses = likelihood.loss(input('raw', [drawn.length, 1, said.length]), fields);
  const session = await runtime.open(compile('losses', { losses }, runtime.target));
  try {
    const made = await session.run({
      raw: Float32Array.from({ length: drawn.length * said.length }, (_, k) => said[k % said.length]!),
      told: Float32Array.from(drawn),
      lift: Float32Array.of(own.lift),
      unit: Float32Array.of(own.unit),
    });
    return mean(made.losses!);
  } finally {
    await session.release();
  }
}

describe.each(LIKELIHOODS)('the likelihood %s', (name) => {
  const likelihood = likelihoodOf(name);

  it('draws what its loss says is likely: no other place or width of the draws has less of it', async () => {
    const draw = random(3);
    const raw = Float32Array.from([0.7, -0.4, 0.3].slice(0, likelihood.width));
    const own = { lift: 0.9, unit: 6 };
    const N = 4000;
    const drawn = Float64Array.from({ length: N }, () => likelihood.draw(raw, 0, own, draw.normal(), draw));
    const lossAt = async (said: readonly number[]): Promise<number> => {
      // Of deviations the loss is weighted by the scale that is said; here that must not count.
      const weight = likelihood.counts ? 1 : softplus(said[1]! + inverseSoftplus(1)) + 1e-3;
      return (await lossOf(likelihood, said, drawn, own)) / weight;
    };
    const best = await lossAt([...raw]);
    for (const [k, step] of [
      [0, 0.2],
      [0, -0.2],
      [1, 0.3],
      [1, -0.3],
    ] as const) {
      expect(await lossAt(Array.from(raw, (v, j) => (j === k ? v + step : v)))).toBeGreaterThan(best);
    }
  });
});

describe('the likelihood of a panel', () => {
  it('is of counts where all is whole pieces, and has heavy tails otherwise', () => {
    expect(likelihoodFor(panelOf({ a: Float64Array.of(0, 3, Number.NaN) }))).toBe('negative-binomial');
    expect(likelihoodFor(panelOf({ a: Float64Array.of(0, 3.5) }))).toBe('student-t');
    expect(likelihoodFor(panelOf({ a: Float64Array.of(0, -3) }))).toBe('student-t');
    expect(likelihoodFor(panelOf({ a: Float64Array.of(0, 50_000) }))).toBe('student-t');
  });
});

describe('the parts of the network', () => {
  const { panel } = promotedShop();
  const ground = groundOf(panel, H, 7, false);
  const sizes = sizesOn(ground, { window: 16 });
  const { past, step, whole } = partsOf(ground, sizes, { width: 4, layers: 2, drop: 0 }, 3);
  const { fields: examples } = examplesOn(ground, sizes, endsOf(panel));

  it('take their numbers by name from those of the whole', () => {
    const layout = layoutOf(whole, examples);
    const theta = startOf(layout.parameters, 1);
    const weights = { theta, memory: new Float32Array(0) };
    const of = (part: typeof past, fields: Examples['fields']) =>
      weightsOfPart(weights, layout, layoutOf(part, fields));
    const states = Object.fromEntries(
      ['output_0', 'memory_0', 'output_1', 'memory_1'].map((name) => [name, { shape: [4] }]),
    );
    const told = layout.parameters.find(({ name }) => name === 'decoder/kernel')!.shape[0]! - BEFORE;
    const one = of(step, { before: { shape: [1, BEFORE] }, told: { shape: [1, told] }, ...states });
    const first = of(past, examples);
    // Each number is in one part, and no other is.
    expect([...first.theta, ...one.theta].sort()).toEqual([...theta].sort());
    expect(() =>
      of(step, { before: { shape: [1, BEFORE] }, told: { shape: [1, told + 1] }, ...states }),
    ).toThrow(/the part wants "decoder\/kernel"/);
  });
});

/** Walks: what a step comes to is where the next one starts, so that errors add up. */
function walks(): Panel {
  const draw = random(9);
  return panelOf(
    Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => {
        const y = new Float64Array(80);
        let at = 0;
        for (let t = 0; t < y.length; t++) y[t] = at += draw.normal();
        return [`w${i}`, y];
      }),
    ),
  );
}

const deviationAt = ({ values, probabilities }: QuantileDistribution, s: number): number => {
  const at = (p: number): number =>
    values[s * probabilities.length + probabilities.findIndex((q) => q >= p)]!;
  return at(0.8) - at(0.2);
};

describe('deepar', () => {
  it('draws wider from step to step where errors add up', async () => {
    const panel = walks();
    const model = deepar({ steps: 300, batch: 32, width: 12, window: 16, networks: 1, drop: 0, rate: 0.01 });
    const state = await model.fitAll(panel, { ...CONTEXT, season_length: 1 });
    const found = await model.forecastAll(state, panel, H);
    const growth = mean(found.map((own) => deviationAt(own, H - 1) / deviationAt(own, 0)));
    // The square root of 7 is 2.6.
    expect(growth).toBeGreaterThan(1.6);
    expect(growth).toBeLessThan(4);
  }, 120_000);

  it('forecasts counts in whole pieces, from the likelihood that it is told', async () => {
    const draw = random(2);
    const panel = panelOf(
      Object.fromEntries(
        Array.from({ length: 8 }, (_, i) => [
          `c${i}`,
          Float64Array.from({ length: 70 }, () => draw.poisson(1 + i)),
        ]),
      ),
    );
    const quick = { steps: 60, batch: 16, width: 8, window: 16, networks: 1, paths: 101 };
    const fitted = async (options: object): Promise<{ state: DeepState; found: QuantileDistribution[] }> => {
      const model: GlobalModel<DeepState> = deepar({ ...quick, ...options });
      const state = await model.fitAll(panel, CONTEXT);
      return { state, found: await model.forecastAll(state, panel, H) };
    };
    const { state, found } = await fitted({});
    expect(state.traits).toMatchObject({ likelihood: 'negative-binomial' });
    // 101 paths: tenths fall on a path.
    for (const { values, probabilities } of found) {
      const tenth = probabilities.findIndex((p) => Math.abs(p - 0.1) < 1e-9);
      for (let s = 0; s < H; s++) expect(values[s * probabilities.length + tenth]! % 1).toBe(0);
    }
    // The smallest are told by a middle of 0 or 1.
    for (const [i, { mean: own }] of found.entries()) {
      if (i < 3) continue;
      expect(mean(own)).toBeGreaterThan((1 + i) / 2);
      expect(mean(own)).toBeLessThan(2 * (1 + i) + 1);
    }
    const other = await fitted({ likelihood: 'gaussian' });
    expect(other.state.traits).toMatchObject({ likelihood: 'gaussian' });
    expect(variance(Array.from(other.found[7]!.values, (v) => v % 1))).toBeGreaterThan(0);
  }, 60_000);

  it('tells about the same by few paths as by many', async () => {
    const { panel } = promotedShop();
    const model = deepar({ steps: 10, batch: 16, width: 8, window: 16, networks: 2, paths: 1500 });
    const state = await model.fitAll(panel, CONTEXT);
    const found = await model.forecastAll(state, panel, H);
    const fewer = await deepar({ paths: 20 }).forecastAll(state, panel, H);
    for (const [i, { mean: own }] of fewer.entries()) {
      const width = deviationAt(found[i]!, 0);
      expect(Math.abs(own[0]! - found[i]!.mean[0]!)).toBeLessThan(width);
    }
  }, 60_000);

  it('refuses options that make no sense', () => {
    expect(() => deepar({ likelihood: 'normal' as 'gaussian' })).toThrow(
      'deepar: likelihood is normal; give one of gaussian, student-t, negative-binomial.',
    );
    expect(() => deepar({ paths: 1 })).toThrow('deepar: paths is 1; give a whole number of 2 or more.');
    expect(() => deepar({ quantiles: [0.5] } as object)).toThrow(/deepar has no option "quantiles"|unknown/);
  });
});
