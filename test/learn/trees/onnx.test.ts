import fc from 'fast-check';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { random } from '../../../src/core/random.ts';
import type { Feature } from '../../../src/learn/trees/bins.ts';
import type { TreeModel } from '../../../src/learn/trees/model.ts';
import { treesToOnnx } from '../../../src/learn/trees/onnx.ts';
import { singleUpTo } from '../../../src/learn/trees/onnx-ensemble.ts';
import { OBJECTIVES, type ObjectiveName } from '../../../src/learn/trees/options.ts';
import { predictTrees } from '../../../src/learn/trees/predict.ts';
import { trainTrees } from '../../../src/learn/trees/train.ts';

ort.env.wasm.numThreads = 1;

/** What ONNX Runtime says of the same features. */
async function runtimeSays(file: Uint8Array, features: readonly Feature[], output = 'predictions') {
  const session = await ort.InferenceSession.create(file);
  const [rows, width] = [features[0]!.values.length, features.length];
  const table = Float32Array.from({ length: rows * width }, (_, at) => {
    return features[at % width]!.values[Math.floor(at / width)]!;
  });
  const { [output]: said } = await session.run({ features: new ort.Tensor('float32', table, [rows, width]) });
  return { dims: said!.dims, values: said!.data as Float32Array };
}

/** The largest difference, beside 1 or what we say ourselves. */
const apart = (said: Float32Array, ours: Float64Array): number =>
  ours.reduce((most, own, k) => Math.max(most, Math.abs(said[k]! - own) / Math.max(1, Math.abs(own))), 0);

const N = 2000;
const LEVELS = 60;

/** A number with gaps, a coarse one, and two categories: many with gaps, of which some codes never occur, and few. */
function made(seed: number, codes: number, encoding: Feature['encoding'] = 'native') {
  const draw = random(seed);
  const column = (next: () => number): Float32Array => Float32Array.from({ length: N }, next);
  const gaps = (next: () => number) => () => (draw.uniform() < 0.1 ? Number.NaN : next());
  const features: Feature[] = [
    { name: 'fine', values: column(gaps(() => draw.normal())) },
    { name: 'many', values: column(gaps(() => draw.below(codes))), levels: LEVELS, encoding: encoding! },
    { name: 'coarse', values: column(() => draw.below(20)) },
    { name: 'few', values: column(() => draw.below(3)), levels: 3 },
  ];
  const [fine, many, coarse, few] = features.map(({ values }) => values);
  const score = Float64Array.from(fine!, (v, i) => {
    const effect = Number.isNaN(many![i]!) ? 1 : ((7 * many![i]!) % 11) / 4 - 1;
    return Math.sin(2 * (v || 1)) + effect + (few![i]! * (coarse![i]! % 5)) / 5 + 0.3 * draw.normal();
  });
  return { features, score, draw };
}

/** What each objective may be asked to predict. */
function targetOf(objective: ObjectiveName, score: Float64Array, draw: ReturnType<typeof random>) {
  const grade = (most: number) => (v: number) => Math.min(most, Math.max(0, Math.round(v)));
  if (objective === 'softmax') return score.map(grade(2));
  if (objective === 'lambdarank') return score.map(grade(4));
  if (objective === 'logistic') return score.map((v) => (v > 0.5 ? 1 : 0));
  if (objective === 'poisson' || objective === 'tweedie')
    return score.map((v) => draw.poisson(Math.exp(v / 2)));
  return objective === 'gamma' ? score.map((v) => Math.exp(v / 2) * draw.gamma(2) + 0.01) : score;
}

function trained(objective: ObjectiveName, encoding?: Feature['encoding']): TreeModel {
  const { features, score, draw } = made(1, 50, encoding);
  const y = targetOf(objective, score, draw);
  const groups = objective === 'lambdarank' ? { groups: new Int32Array(N / 10).fill(10) } : {};
  const options = { objective, rounds: 60, classes: 3, quantiles: [0.1, 0.5, 0.9] };
  return trainTrees({ features, y, ...groups }, options);
}

const BOTH = OBJECTIVES.flatMap((objective) =>
  (['native', 'ordered-target'] as const).map((encoding) => ({ objective, encoding })),
);

describe('ONNX Runtime says what we say', () => {
  it.each(BOTH)('$objective, $encoding', async ({ objective, encoding }) => {
    const model = trained(objective, encoding);
    // Codes that were not there in training are asked about too.
    const { features } = made(2, LEVELS);
    const said = await runtimeSays(treesToOnnx(model), features);
    expect(said.dims).toEqual([N, model.outputs]);
    expect(apart(said.values, predictTrees(model, features))).toBeLessThan(1e-5);
    const raw = await runtimeSays(treesToOnnx(model, { raw: true }), features, 'scores');
    expect(apart(raw.values, predictTrees(model, features, { raw: true }))).toBeLessThan(1e-5);
  });

  it('on both sides of every threshold', async () => {
    const model = trained('l2');
    const { features } = made(3, LEVELS);
    const near = model.trees.flatMap(({ feature, threshold }) =>
      Array.from(threshold)
        .filter((_, k) => feature[k] === 0)
        .flatMap((t) => [singleUpTo(t), Math.fround(t), -singleUpTo(-t)]),
    );
    expect(near.length).toBeGreaterThan(300);
    const rows = features.map((f) => ({ ...f, values: f.values.slice(0, Math.min(N, near.length)) }));
    rows[0]!.values.set(near.slice(0, N));
    const said = await runtimeSays(treesToOnnx(model), rows);
    expect(apart(said.values, predictTrees(model, rows))).toBeLessThan(1e-5);
  });

  it('where there is nothing to split, and where there are no trees', async () => {
    const features = [{ name: 'x', values: new Float32Array(10) }];
    const model = trainTrees({ features, y: new Float64Array(10).fill(3) }, { rounds: 2 });
    for (const own of [model, { ...model, trees: [] }]) {
      const { values } = await runtimeSays(treesToOnnx(own), features);
      expect(Array.from(values)).toEqual(new Array(10).fill(3));
    }
  });
});

it('the largest single up to a number is not above it, and the next is', () => {
  const next = (x: number): number => -singleUpTo(-x);
  const doubles = fc.double({ noNaN: true });
  fc.assert(
    fc.property(doubles, fc.float({ noNaN: true }), (x, single) => {
      const own = singleUpTo(x);
      expect(Math.fround(own)).toBe(own);
      expect(single <= own).toBe(single <= x);
      expect(own <= x && x <= next(x)).toBe(true);
    }),
  );
  expect(singleUpTo(-1e-60)).toBe(-(2 ** -149));
  expect(singleUpTo(1e300)).toBe(3.4028234663852886e38);
  expect(singleUpTo(Infinity)).toBe(Infinity);
});

it('an ONNX file tells of its features', () => {
  const file = new TextDecoder().decode(treesToOnnx(trained('quantile', 'ordered-target')));
  expect(file).toContain(
    '[{"name":"fine"},{"name":"many","levels":60,"encoding":"ordered-target"},{"name":"coarse"},{"name":"few","levels":3}]',
  );
  expect(file).toContain('[0.1,0.5,0.9]');
});

it('refuses categories that single precision cannot tell apart', () => {
  const model = trained('l2');
  const wide = model.features.map((f) => (f.name === 'many' ? { ...f, levels: 2 ** 24 + 1 } : f));
  expect(() => treesToOnnx({ ...model, features: wide })).toThrow(
    'feature "many" has more categories than the 16777216 an ONNX file can tell apart; merge rare ones.',
  );
});
