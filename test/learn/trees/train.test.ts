import { describe, expect, it } from 'vitest';
import { random } from '../../../src/core/random.ts';
import { binTable, type Feature } from '../../../src/learn/trees/bins.ts';
import type { TreeOptions } from '../../../src/learn/trees/options.ts';
import { predictTrees } from '../../../src/learn/trees/predict.ts';
import { type Training, trainTrees } from '../../../src/learn/trees/train.ts';

const N = 3000;
const EFFECTS = [3, -2, 0.5, 4, -1, 2, -3, 0];

interface Made {
  readonly features: Feature[];
  readonly y: Float64Array;
  readonly truth: Float64Array;
}

/** Five numbers, one of them with gaps that mean something, and a category of eight. */
function made(seed = 1, rows = N): Made {
  const draw = random(seed, 'trees');
  const column = (next: () => number): Float64Array => Float64Array.from({ length: rows }, next);
  const numbers = Array.from({ length: 5 }, () => column(() => draw.normal()));
  for (let i = 0; i < rows; i++) if (draw.uniform() < 0.2) numbers[3]![i] = Number.NaN;
  const category = column(() => draw.below(8));
  const truth = column(() => 0);
  for (let i = 0; i < rows; i++) {
    const [a, b, c, d] = numbers.map((values) => values[i]!);
    truth[i] = 2 * Math.sin(2 * a!) + b! * c! + (Number.isNaN(d!) ? 3 : 0.5 * d!) + EFFECTS[category[i]!]!;
  }
  return {
    features: [
      ...numbers.map((values, f) => ({ name: `x${f}`, values })),
      { name: 'kind', values: category, levels: 8 },
    ],
    y: truth.map((value) => value + 0.5 * draw.normal()),
    truth,
  };
}

const mse = (a: Float64Array, b: Float64Array): number =>
  a.reduce((total, value, i) => total + (value - b[i]!) ** 2, 0) / a.length;
const variance = (a: Float64Array): number =>
  mse(
    a,
    a.map(() => a.reduce((x, y) => x + y, 0) / a.length),
  );

describe('boosted trees', () => {
  const data = made();
  const fresh = made(2);

  it('learn numbers, interactions, gaps and categories', () => {
    const model = trainTrees(data, { rounds: 200 });
    const left = mse(predictTrees(model, fresh.features), fresh.truth) / variance(fresh.truth);
    expect(left).toBeLessThan(0.03);
    expect(new Set(model.trees.flatMap((tree) => Array.from(tree.feature)))).toContain(5);
  });

  it('say the same of the training rows as was added up in training', () => {
    const all = Uint32Array.from({ length: N }, (_, i) => i);
    const model = trainTrees({ ...data, validRows: all }, { rounds: 30, row_share: 0.7 });
    expect(mse(predictTrees(model, data.features), data.y)).toBeCloseTo(model.validation.at(-1)!, 8);
  });

  it('give the same bytes for the same seed and others for another', () => {
    const options: TreeOptions = { rounds: 10, row_share: 0.5, feature_share: 0.5 };
    const model = trainTrees(data, { ...options, seed: 4 });
    expect(trainTrees(data, { ...options, seed: 4 })).toEqual(model);
    expect(trainTrees(data, { ...options, seed: 5 }).trees).not.toEqual(model.trees);
  });

  it('take a whole weight as that many rows', () => {
    const draw = random(9);
    const weights = Float64Array.from({ length: N }, () => 1 + draw.below(3));
    const places = Array.from(weights).flatMap((w, i) => new Array<number>(w).fill(i));
    const repeated: Training = {
      // The same bins, so that only the weights are compared.
      features: data.features.map((f) => ({ ...f, values: Float64Array.from(places, (i) => f.values[i]!) })),
      y: Float64Array.from(places, (i) => data.y[i]!),
    };
    const options: TreeOptions = { rounds: 20, min_child_samples: 0, bins: 16 };
    const once = predictTrees(trainTrees({ ...data, weights }, options), fresh.features);
    const often = predictTrees(trainTrees(repeated, options), fresh.features);
    expect(mse(once, often)).toBeLessThan(0.02 * variance(fresh.truth));
  });

  it('do not mind the order of features or rows', () => {
    const reversed = {
      features: data.features.toReversed().map((f) => ({ ...f, values: f.values.slice().reverse() })),
      y: data.y.slice().reverse(),
    };
    const a = predictTrees(trainTrees(data, { rounds: 40 }), fresh.features);
    const b = predictTrees(trainTrees(reversed, { rounds: 40 }), fresh.features);
    expect(mse(a, b)).toBeLessThan(1e-3 * variance(a));
  });

  it('learn from a part of a binned table as from that part alone', () => {
    const table = binTable(data.features);
    const rows = Uint32Array.from({ length: N / 2 }, (_, i) => 2 * i);
    const part = trainTrees({ features: table, y: data.y, rows }, { rounds: 30 });
    expect(mse(predictTrees(part, fresh.features), fresh.truth)).toBeLessThan(0.15 * variance(fresh.truth));
    const spoiled = data.y.map((value, i) => (i % 2 === 0 ? value : 1e6));
    expect(trainTrees({ features: table, y: spoiled, rows }, { rounds: 30 })).toEqual(part);
  });

  it('stop early where nothing is gained any more, and go on from a model', () => {
    const valid = { features: fresh.features, y: fresh.y };
    const model = trainTrees({ ...data, valid }, { rounds: 2000, learning_rate: 0.3, early_stopping: 10 });
    expect(model.trees.length).toBeLessThan(500);
    expect(model.validation).toHaveLength(model.trees.length + 10);
    expect(model.validation[model.trees.length - 1]).toBe(Math.min(...model.validation));
    const [half, whole] = [trainTrees(data, { rounds: 10 }), trainTrees(data, { rounds: 20 })];
    const more = trainTrees(data, { rounds: 10 }, { before: half });
    const [a, b] = [more, whole].map((m) => predictTrees(m, fresh.features));
    expect(mse(a!, b!)).toBeLessThan(1e-9);
  });
});

describe('objectives', () => {
  const data = made(3);
  const positive = (scale = 1): Float64Array => {
    const draw = random(8);
    return data.truth.map((value) => draw.poisson(scale * Math.exp(value / 4)));
  };

  it.each([
    ['poisson', 0.1],
    ['tweedie', 0.1],
  ] as const)('%s: means add up to what was seen', (objective, off) => {
    const y = positive();
    const p = predictTrees(
      trainTrees({ features: data.features, y }, { objective, rounds: 50 }),
      data.features,
    );
    expect(Math.min(...p)).toBeGreaterThan(0);
    const total = (x: Float64Array): number => x.reduce((a, b) => a + b, 0);
    expect(Math.abs(total(p) / total(y) - 1)).toBeLessThan(off);
    expect(
      mse(
        p,
        data.truth.map((v) => Math.exp(v / 4)),
      ),
    ).toBeLessThan(0.3 * variance(y));
  });

  it('gamma: finds the mean of skewed values', () => {
    const draw = random(8);
    const y = data.truth.map((value) => Math.exp(value / 4) * (draw.gamma(3) / 3) + 1e-6);
    const model = trainTrees({ features: data.features, y }, { objective: 'gamma', rounds: 60 });
    const mean = data.truth.map((v) => Math.exp(v / 4));
    expect(mse(predictTrees(model, data.features), mean)).toBeLessThan(0.2 * variance(mean));
  });

  it('quantile: each quantile has its share below, and none cross', () => {
    const quantiles = [0.1, 0.5, 0.9];
    const fresh = made(4);
    const model = trainTrees(data, { objective: 'quantile', quantiles, rounds: 60 });
    const p = predictTrees(model, fresh.features);
    for (const [k, q] of quantiles.entries()) {
      const below = fresh.y.reduce((count, value, i) => count + (value < p[3 * i + k]! ? 1 : 0), 0) / N;
      expect(Math.abs(below - q)).toBeLessThan(0.07);
    }
    for (let i = 0; i < N; i++) {
      expect(p[3 * i]! <= p[3 * i + 1]! && p[3 * i + 1]! <= p[3 * i + 2]!).toBe(true);
    }
  });

  it('l1 and huber: are not drawn away by a few wild values', () => {
    const y = data.y.map((value, i) => (i % 50 === 0 ? value + 300 : value));
    const fresh = made(5);
    const off = (objective: 'l1' | 'huber' | 'l2'): number =>
      mse(predictTrees(trainTrees({ ...data, y }, { objective, rounds: 150 }), fresh.features), fresh.truth);
    expect(off('l1')).toBeLessThan(0.1 * off('l2'));
    expect(off('huber')).toBeLessThan(0.1 * off('l2'));
  });

  it('logistic: probabilities are as often right as they say', () => {
    const draw = random(6);
    const chance = data.truth.map((value) => 1 / (1 + Math.exp(-value)));
    const y = chance.map((p) => (draw.uniform() < p ? 1 : 0));
    const model = trainTrees({ ...data, y }, { objective: 'logistic', rounds: 40 });
    expect(mse(predictTrees(model, data.features), chance)).toBeLessThan(0.02);
  });

  it('softmax: probabilities of all classes sum to one and find the class', () => {
    const y = data.truth.map((value) => (value > 2 ? 2 : value > -1 ? 1 : 0));
    const model = trainTrees({ ...data, y }, { objective: 'softmax', classes: 3, rounds: 40 });
    const p = predictTrees(model, data.features);
    let right = 0;
    for (let i = 0; i < N; i++) {
      const own = p.subarray(3 * i, 3 * i + 3);
      expect(own.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
      if (own.indexOf(Math.max(...own)) === y[i]) right++;
    }
    expect(right / N).toBeGreaterThan(0.93);
  });

  it('lambdarank: puts the better first', () => {
    const groups = new Int32Array(N / 20).fill(20);
    const rank = (x: Float64Array): Float64Array => x.map((v) => (v > 3 ? 3 : v > 1 ? 2 : v > -1 ? 1 : 0));
    const fresh = made(7);
    const model = trainTrees(
      { ...data, y: rank(data.truth), groups, valid: { ...fresh, y: rank(fresh.truth), groups } },
      { objective: 'lambdarank', rounds: 60 },
    );
    // 1 − NDCG@10: of a random order it is about 0.5.
    expect(model.validation.at(-1)).toBeLessThan(0.06);
  });
});

describe('constraints', () => {
  const data = made(11);
  const at = (model: ReturnType<typeof trainTrees>, f: number, values: number[]): Float64Array =>
    predictTrees(
      model,
      data.features.map((feature, k) => ({
        ...feature,
        values: Float64Array.from(values, (value) => (k === f ? value : feature.values[17]!)),
      })),
    );
  const grid = Array.from({ length: 61 }, (_, k) => -3 + k / 10);

  it('hold a prediction to rise or fall with a feature', () => {
    for (const direction of [1, -1]) {
      const monotone = [direction, 0, 0, 0, 0, 0];
      const p = at(trainTrees(data, { rounds: 80, monotone }), 0, grid);
      for (let k = 1; k < p.length; k++) expect(direction * (p[k]! - p[k - 1]!)).toBeGreaterThanOrEqual(0);
    }
  });

  it('keep features apart that may not interact', () => {
    const model = trainTrees(data, { rounds: 60, interactions: [[0], [1, 2], [3, 4, 5]] });
    const groupOf = [0, 1, 1, 2, 2, 2];
    for (const { feature, left, right } of model.trees) {
      const walk = (k: number, group: number): void => {
        if (k < 0) return;
        const own = groupOf[feature[k]!]!;
        expect(group < 0 || own === group).toBe(true);
        walk(left[k]!, own);
        walk(right[k]!, own);
      };
      if (feature.length > 0) walk(0, -1);
    }
  });
});

describe('odd input', () => {
  const data = made(12, 200);
  const few = (rows: number): Pick<Made, 'features' | 'y'> => ({
    features: data.features.map((f) => ({ ...f, values: f.values.slice(0, rows) })),
    y: data.y.slice(0, rows),
  });

  it('one row, a constant target, an empty column: a constant is predicted', () => {
    expect(Array.from(predictTrees(trainTrees(few(1)), few(1).features))).toEqual([data.y[0]]);
    const flat = trainTrees({ ...data, y: data.y.map(() => 7) });
    expect(new Set(predictTrees(flat, data.features))).toEqual(new Set([7]));
    const empty = { name: 'empty', values: new Float64Array(200).fill(Number.NaN) };
    expect(trainTrees({ features: [empty], y: data.y }).trees[0]!.value).toHaveLength(1);
  });

  it.each<[TreeOptions, RegExp]>([
    [{ leafs: 3 } as TreeOptions, /Did you mean "leaves"/],
    [{ leaves: 1 }, /leaves is 1; give a whole number, 2 or more/],
    [{ objective: 'l3' as 'l2' }, /objective is "l3"; choose from l2, l1/],
    [{ quantiles: [0.9, 0.1] }, /quantiles are 0.9, 0.1; give probabilities between 0 and 1, ascending/],
    [{ monotone: [1] }, /monotone needs −1, 0 or 1 for each of the 6 features/],
    [{ objective: 'poisson' }, /y is -\S+ in row \d+; poisson needs values of 0 or more/],
  ])('refuses %o', (options, words) => {
    expect(() => trainTrees(data, options)).toThrow(words);
  });

  it('names the feature that is absent or of another kind', () => {
    const model = trainTrees(data, { rounds: 2 });
    expect(() => predictTrees(model, data.features.slice(1))).toThrow(/feature "x0", which is not given/);
    const other = data.features.map(({ name, values }) => ({ name, values }));
    expect(() => predictTrees(model, other)).toThrow(/"kind" held categories .* holds numbers now/);
  });
});
